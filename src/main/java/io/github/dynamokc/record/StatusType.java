package io.github.dynamokc.record;

/** What a status record tells. */
public enum StatusType {
  TABLE_REGISTERED,
  STREAM_HELD,
  EXPORT_SUBMITTED,
  SNAPSHOT_PROGRESS,
  DATA_FILE_LOADED,
  EXPORT_LOADED,
  SHARD_STARTED,
  SHARD_PROGRESS,
  SHARD_FINISHED,
  SHARD_RETIRED,
  ITEM_SKIPPED,
  DATA_LOSS,

  /** Changes are lost from the stream, and are to be loaded from incremental exports. */
  GAP_FOUND,

  /** It is known of which windows incremental exports are to be taken. */
  REPAIR_PLANNED,

  /** Lost changes were loaded from incremental exports, and the stream goes on. */
  GAP_REPAIRED,

  /** A table cannot be followed yet, and why. Without it that is told again. */
  TABLE_SKIPPED,

  /** The work on a table has failed; it is tried again. Without it that is told again. */
  TABLE_FAILED,

  /** A table that had failed, or could not be followed, is followed. */
  TABLE_RESUMED,

  /** A table is there no more, and nothing of it is left to do. */
  TABLE_REMOVED,

  /** Which tables the connector follows. */
  TABLES_FOLLOWED,

  /** What a task was given. Without it the connector plans anew when it moves, and goes on. */
  TASK_ASSIGNED,

  /** A task of an earlier plan is there no more. */
  TASK_REMOVED,

  /**
   * A task is about to write offsets of other shards than before. Without it some offsets may stay
   * when the connector was away for more than a day.
   */
  TASK_SHARDS,

  /** A task is there, though it has nothing to write. */
  HEARTBEAT,

  /** What a task has counted. Without it the connector does not show it when the task is gone. */
  TASK_COUNTS;

  /** Whether the work stands still if the offset that the record carries is never committed. */
  boolean isCheckpoint() {
    return switch (this) {
      case TASK_ASSIGNED,
          TASK_REMOVED,
          TASK_SHARDS,
          TASK_COUNTS,
          HEARTBEAT,
          TABLE_SKIPPED,
          TABLE_FAILED,
          TABLE_RESUMED ->
          false;
      default -> true;
    };
  }
}
