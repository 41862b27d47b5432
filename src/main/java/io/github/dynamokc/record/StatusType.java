package io.github.dynamokc.record;

/** What a status record tells. */
public enum StatusType {
  TABLE_REGISTERED,
  STREAM_HELD,
  EXPORT_SUBMITTED,
  DATA_FILE_LOADED,
  EXPORT_LOADED,
  SHARD_STARTED,
  SHARD_FINISHED,
  SHARD_RETIRED,
  DATA_LOSS
}
