package io.github.dynamokc.config;

/** Where the stream of a table without a snapshot starts. */
public enum StartPosition {
  /** At the time of the connector's first start. */
  LATEST,
  /** At the oldest change that the stream still holds, up to 24 hours back. */
  TRIM_HORIZON
}
