package io.github.dynamokc.config;

/** Whether a table's existing items are loaded before its changes are followed. */
public enum SnapshotMode {
  /** Load the items from an export, then follow the stream. */
  INITIAL,
  /** Load the items from an export, then stop. */
  INITIAL_ONLY,
  /** Follow the stream only. */
  NO_DATA,
  /** As {@link #INITIAL}, and again whenever changes are lost that cannot be repaired. */
  WHEN_NEEDED;

  public boolean loadsItems() {
    return this != NO_DATA;
  }

  public boolean followsStream() {
    return this != INITIAL_ONLY;
  }
}
