package io.github.dynamokc.struct;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** What a column holds. Immutable. */
sealed interface ColumnType
    permits ScalarType, BooleanType, SetType, ListType, StructType, JsonType {

  /** A schema to be completed, with the DynamoDB type among its parameters. */
  SchemaBuilder builder();

  /**
   * Reads values.
   *
   * @param schema made by {@link #builder}
   */
  ValueReader reader(Schema schema);

  /**
   * The type that holds what this one holds, and values of another type too.
   *
   * @return this very type if it does already; null if there is none and the mode is strict
   */
  @Nullable ColumnType merge(ColumnType other, MergeMode mode);

  /**
   * The type that both are, whose values Avro reads by the schema of either one as they are.
   *
   * @return null if there is none: Avro takes a number's bytes for text, for instance
   */
  default @Nullable ColumnType reconcile(ColumnType other) {
    return equals(other) ? this : null;
  }

  /** How many fields are in it, at all levels. */
  default int fields() {
    return 0;
  }

  /** The length of its Avro schema if it is optional, in bytes of UTF-8; it may be less. */
  long schemaBytes();
}
