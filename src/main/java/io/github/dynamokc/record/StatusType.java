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
  DATA_LOSS
}
