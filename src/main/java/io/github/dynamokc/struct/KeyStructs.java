package io.github.dynamokc.struct;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.item.KeyValue;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Makes structs of the keys of one table's items: the partition key, then the sort key, required.
 * Thread-safe.
 */
public final class KeyStructs {
  private final String schemaName;
  private final NumberMode mode;

  /** The types of a table's keys never change; which they are, the first key tells. */
  private volatile @Nullable KeySchema last;

  /**
   * @param schemaName the name of the structs' schema, for instance {@code orders.Key}
   */
  public KeyStructs(String schemaName, NumberMode mode) {
    this.schemaName = schemaName;
    this.mode = mode;
  }

  /**
   * A key as a struct. Two keys never have the same one.
   *
   * @throws io.github.dynamokc.json.MalformedJsonException if a number cannot be held exactly
   */
  public Struct of(ItemKey key) {
    KeySchema now = last;
    if (now == null || !now.isOf(key)) {
      now = new KeySchema(schemaName, mode, key);
      last = now;
    }
    return now.struct(key);
  }

  private static final class KeySchema {
    private final KeyNames names;
    private final ScalarType partition;
    private final @Nullable ScalarType sort;
    private final Schema schema;

    KeySchema(String schemaName, NumberMode mode, ItemKey key) {
      names = key.names();
      partition = ScalarType.of(key.partition().type(), mode);
      sort = key.sort() == null ? null : ScalarType.of(key.sort().type(), mode);
      SchemaBuilder builder = SchemaBuilder.struct().name(schemaName);
      addField(builder, names.partitionKey(), partition);
      if (names.sortKey() != null && sort != null) {
        addField(builder, names.sortKey(), sort);
      }
      schema = builder.build();
    }

    boolean isOf(ItemKey key) {
      return key.names().equals(names)
          && key.partition().type() == partition.attributeType()
          && typeOf(key.sort()) == (sort == null ? null : sort.attributeType());
    }

    Struct struct(ItemKey key) {
      Struct struct = new Struct(schema);
      struct.put(schema.fields().get(0), partition.ofKey(key.partition()));
      if (sort != null && key.sort() != null) {
        struct.put(schema.fields().get(1), sort.ofKey(key.sort()));
      }
      return struct;
    }

    private static void addField(SchemaBuilder struct, String attribute, ScalarType type) {
      String field = FieldNames.legal(attribute);
      struct.field(field, Parameters.named(type.builder(), attribute, field).build());
    }

    private static @Nullable AttributeType typeOf(@Nullable KeyValue value) {
      return value == null ? null : value.type();
    }
  }
}
