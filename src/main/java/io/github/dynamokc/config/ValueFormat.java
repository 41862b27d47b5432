package io.github.dynamokc.config;

/** In what form an item stands in a record value. */
public enum ValueFormat {
  /** Plain JSON text. */
  JSON,
  /** DynamoDB JSON text: each value with its type. */
  DYNAMODB_JSON,
  /** A Connect struct with a schema, for converters that keep schemas. */
  STRUCT
}
