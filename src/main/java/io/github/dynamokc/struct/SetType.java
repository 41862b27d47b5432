package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** A set, as an array in the order given, whose elements are never null. */
record SetType(ScalarType element) implements ColumnType {

  /** SS, NS or BS. */
  AttributeType attributeType() {
    return element.setType();
  }

  @Override
  public SchemaBuilder builder() {
    return Parameters.typed(SchemaBuilder.array(element.builder().build()), attributeType().name());
  }

  @Override
  public ValueReader reader(Schema schema) {
    return new ArrayReader(attributeType(), element::readString);
  }

  @Override
  public @Nullable ColumnType merge(ColumnType other, MergeMode mode) {
    return other instanceof SetType set && set.attributeType() == attributeType()
        ? this
        : mode.conflict(this);
  }

  @Override
  public @Nullable ColumnType reconcile(ColumnType other) {
    return other instanceof SetType set && element.reconcile(set.element) != null ? this : null;
  }

  @Override
  public long schemaBytes() {
    return 100 + element.schemaBytes();
  }
}
