package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.json.JsonCursor;
import java.util.ArrayList;
import java.util.List;
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
  public @Nullable Object read(JsonCursor in, Schema schema, ReadResult fit) {
    if (!fit.open(in, attributeType())) {
      return null;
    }
    List<Object> elements = new ArrayList<>();
    for (boolean more = in.beginArray(); more; more = in.nextElement()) {
      in.readString();
      Object value = element.ofToken(in);
      if (value == null) {
        fit.refuse();
        return null;
      }
      elements.add(value);
    }
    in.expect('}');
    return elements;
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
