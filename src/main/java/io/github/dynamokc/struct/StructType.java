package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A map whose attributes have fields.
 *
 * @param name the schema's, which tells where in the item it is
 */
record StructType(String name, StructLayout shape) implements ColumnType {
  /** Where a map has more attributes, they are likely to be data. */
  static final int MAX_FIELDS = 200;

  @Override
  public SchemaBuilder builder() {
    SchemaBuilder struct =
        Parameters.typed(SchemaBuilder.struct().name(name), AttributeType.M.name());
    shape.columns().forEach(column -> column.addTo(struct, true));
    return struct;
  }

  @Override
  public ValueReader reader(Schema schema) {
    return new StructReader(shape, schema);
  }

  @Override
  public @Nullable ColumnType merge(ColumnType other, MergeMode mode) {
    if (!(other instanceof StructType struct)) {
      return mode.conflict(this);
    }
    StructLayout both = shape.merge(struct.shape, MAX_FIELDS, mode);
    return both == null ? null : both == shape ? this : new StructType(name, both);
  }

  @Override
  public @Nullable ColumnType reconcile(ColumnType other) {
    return other instanceof StructType struct
        ? new StructType(name, shape.reconcile(struct.shape))
        : null;
  }

  @Override
  public int fields() {
    return shape.fields();
  }

  @Override
  public long schemaBytes() {
    return 160 + 2L * name.length() + shape.schemaBytes();
  }
}
