package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** A list whose elements are of one type, or NULL. */
record ListType(ColumnType element) implements ColumnType {

  @Override
  public SchemaBuilder builder() {
    return Parameters.typed(
        SchemaBuilder.array(element.builder().optional().build()), AttributeType.L.name());
  }

  @Override
  public ValueReader reader(Schema schema) {
    return new ArrayReader(AttributeType.L, element.reader(schema.valueSchema()));
  }

  @Override
  public @Nullable ColumnType merge(ColumnType other, MergeMode mode) {
    if (!(other instanceof ListType list)) {
      return mode.conflict(this);
    }
    ColumnType both = element.merge(list.element, mode);
    return both == null ? null : both == element ? this : new ListType(both);
  }

  @Override
  public @Nullable ColumnType reconcile(ColumnType other) {
    ColumnType both = other instanceof ListType list ? element.reconcile(list.element) : null;
    return both == null ? null : new ListType(both);
  }

  @Override
  public int fields() {
    return element.fields();
  }

  @Override
  public long schemaBytes() {
    return 100 + element.schemaBytes();
  }
}
