package io.github.dynamokc.config;

/** How an item's primary key becomes the Kafka record key. */
public enum KeyFormat {
  /** A JSON object of the key attributes in key-schema order, as text. */
  JSON,
  /** A Connect struct of the key attributes in key-schema order. */
  STRUCT,
  /** The text {@code pk}, or {@code pk|sk} for a table with a sort key. */
  PRIMARY_KEY
}
