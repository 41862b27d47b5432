package io.github.dynamokc.config;

/** What need not be in Kafka, in Debezium's letters and one more. */
public enum SkippedOperation {
  /** Items of the snapshot. */
  R,
  /** Items that were put anew. */
  C,
  /** Items that were changed. */
  U,
  /** Items that were deleted, by whomever. */
  D,
  /** Items that DynamoDB deleted because their time to live was over. */
  TTL
}
