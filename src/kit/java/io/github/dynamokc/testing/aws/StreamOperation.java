package io.github.dynamokc.testing.aws;

/** The operations of DynamoDB Streams. */
public enum StreamOperation {
  LIST_STREAMS,
  DESCRIBE_STREAM,
  GET_SHARD_ITERATOR,
  GET_RECORDS
}
