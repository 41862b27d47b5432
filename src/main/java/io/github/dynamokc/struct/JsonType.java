package io.github.dynamokc.struct;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** The text of a value's DynamoDB JSON: holds values of any type. */
record JsonType() implements ColumnType {
  /** What stands in the place of a DynamoDB type. */
  static final String TYPE = "JSON";

  @Override
  public SchemaBuilder builder() {
    return Parameters.typed(SchemaBuilder.string(), TYPE);
  }

  @Override
  public ValueReader reader(Schema schema) {
    return (in, fit) -> ScalarReader.consumeNull(in) ? null : fit.text(in);
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
