package io.github.dynamokc.config;

/** The kinds of schema that an item can have as a Connect struct. */
public enum StructSchema {
  /** A field for each attribute; the schema grows with the attributes that are seen. */
  COLUMNS,
  /** One schema for all items: a map from attribute name to typed value. */
  ATTRIBUTES
}
