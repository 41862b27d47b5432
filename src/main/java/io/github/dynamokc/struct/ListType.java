package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.json.JsonCursor;
import java.util.ArrayList;
import java.util.List;
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
  public @Nullable Object read(JsonCursor in, Schema schema, ReadResult fit) {
    if (!fit.open(in, AttributeType.L)) {
      return null;
    }
    List<@Nullable Object> elements = new ArrayList<>();
    for (boolean more = in.beginArray(); more; more = in.nextElement()) {
      elements.add(element.read(in, schema.valueSchema(), fit));
      if (fit.isRefused()) {
        return null;
      }
    }
    in.expect('}');
    return elements;
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
