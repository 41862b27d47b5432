package io.github.dynamokc.struct;

import io.github.dynamokc.json.JsonCursor;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** The text of a value's DynamoDB JSON: holds values of any type. */
record JsonType() implements ColumnType {
  /** What stands in the place of a DynamoDB type. */
  static final String TYPE = "JSON";

  @Override
  public SchemaBuilder builder() {
    return Parameters.typed(SchemaBuilder.string(), TYPE);
  }

  @Override
  public @Nullable Object read(JsonCursor in, Schema schema, ReadResult fit) {
    return ScalarReader.consumeNull(in) ? null : fit.texts().typed(in);
  }

  @Override
  public ColumnType merge(ColumnType other, MergeMode mode) {
    return this;
  }

  @Override
  public long schemaBytes() {
    return 72;
  }
}
