package io.github.dynamokc.record;

import io.github.dynamokc.event.Change;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.UserIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Where the item in an envelope comes from: what {@code source} says beside the connector and the
 * table.
 *
 * @param timestampMs when the change was made, or the time of the export, epoch ms
 * @param op Debezium's letter for what happened: {@code r}, {@code c}, {@code u} or {@code d}
 * @param snapshot whether the item is one of a snapshot, in Debezium's words
 * @param streamed the change of a shard, null for what comes from an export
 * @param shard the shard that the change was read from, null for what comes from an export
 */
record SourceInfo(
    long timestampMs,
    String op,
    String snapshot,
    @Nullable ItemChange streamed,
    @Nullable String shard) {
  private static final String SNAPSHOT = "true";
  private static final String NO_SNAPSHOT = "false";

  /** Of what an incremental export tells. */
  private static final String INCREMENTAL = "incremental";

  static SourceInfo ofExport(long exportTimeMs) {
    return new SourceInfo(exportTimeMs, "r", SNAPSHOT, null, null);
  }

  static SourceInfo of(Change change, @Nullable String shard) {
    String op =
        switch (change.operation()) {
          case INSERT -> "c";
          case MODIFY -> "u";
          case REMOVE -> "d";
        };
    return change instanceof ItemChange streamed
        ? new SourceInfo(change.createdAtMs(), op, NO_SNAPSHOT, streamed, shard)
        : new SourceInfo(change.createdAtMs(), op, INCREMENTAL, null, null);
  }

  @Nullable String eventId() {
    return streamed == null ? null : streamed.eventId();
  }

  @Nullable String sequence() {
    return streamed == null ? null : streamed.sequenceNumber();
  }

  @Nullable UserIdentity user() {
    return streamed == null ? null : streamed.userIdentity();
  }
}
