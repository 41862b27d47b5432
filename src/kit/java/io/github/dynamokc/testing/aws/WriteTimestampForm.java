package io.github.dynamokc.testing.aws;

/**
 * How the lines of incremental exports write {@code WriteTimestampMicros}: all three forms of one
 * have been seen.
 */
public enum WriteTimestampForm {
  /** {@code {"N":"1700000000000000"}}. */
  ATTRIBUTE("{\"N\":\"%d\"}"),
  /** {@code "1700000000000000"}. */
  STRING("\"%d\""),
  /** {@code 1700000000000000}. */
  NUMBER("%d");

  private final String format;

  WriteTimestampForm(String format) {
    this.format = format;
  }

  String json(long micros) {
    return format.formatted(micros);
  }
}
