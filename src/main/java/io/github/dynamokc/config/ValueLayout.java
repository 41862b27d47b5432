package io.github.dynamokc.config;

/** What a record value holds beside the item. */
public enum ValueLayout {
  /** Nothing: the value is the item. */
  DOCUMENT,
  /**
   * Debezium's envelope: {@code before}, {@code after}, {@code source}, {@code op}, {@code ts_ms}.
   */
  ENVELOPE
}
