package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.json.JsonCursor;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** True or false. */
record BooleanType() implements ColumnType {

  @Override
  public SchemaBuilder builder() {
    return Parameters.typed(SchemaBuilder.bool(), AttributeType.BOOL.name());
  }

  @Override
  public ValueReader reader(Schema schema) {
    return BooleanType::read;
  }

  private static @Nullable Object read(JsonCursor in, ReadResult fit) {
    if (!fit.open(in, AttributeType.BOOL)) {
      return null;
    }
    boolean value = ScalarReader.bool(in);
    in.expect('}');
    return value;
  }

  @Override
  public @Nullable ColumnType merge(ColumnType other, MergeMode mode) {
    return other instanceof BooleanType ? this : mode.conflict(this);
  }

  @Override
  public long schemaBytes() {
    return 72;
  }
}
