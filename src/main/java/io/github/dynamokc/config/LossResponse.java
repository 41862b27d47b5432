package io.github.dynamokc.config;

/**
 * What the connector does when changes are gone that were not read: {@code stream.on.data.loss} and
 * {@code snapshot.mode} taken together.
 */
public enum LossResponse {
  /** The task that meets the loss fails, saying what is missing. */
  FAIL,
  /** The task that meets the loss tells of it, and goes on with the oldest change there is. */
  CONTINUE,
  /** The connector has the changes loaded from incremental exports. */
  REPAIR,
  /** The connector takes a new snapshot. */
  NEW_SNAPSHOT;

  static LossResponse of(DataLossPolicy policy, SnapshotMode mode) {
    return switch (policy) {
      case CONTINUE -> CONTINUE;
      case REPAIR -> REPAIR;
      case FAIL -> mode == SnapshotMode.WHEN_NEEDED ? NEW_SNAPSHOT : FAIL;
    };
  }

  /** Whether the connector finds the loss and sees to it, so that a task that meets it waits. */
  public boolean isConnectors() {
    return this == REPAIR || this == NEW_SNAPSHOT;
  }
}
