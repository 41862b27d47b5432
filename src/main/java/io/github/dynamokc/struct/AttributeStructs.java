package io.github.dynamokc.struct;

import io.github.dynamokc.item.KeyNames;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * {@code struct.schema=attributes}: one fixed schema for the items of all tables, a map from
 * attribute name to a value with its type, of which nothing is lost. Thread-safe.
 */
public final class AttributeStructs implements ItemStructs {
  static final String TYPE = "type";
  static final String ATTRIBUTES = "attributes";

  static final Schema VALUE =
      SchemaBuilder.struct()
          .name("io.github.dynamokc.AttributeValue")
          .field(TYPE, Schema.STRING_SCHEMA)
          .field("S", Schema.OPTIONAL_STRING_SCHEMA)
          .field("N", Schema.OPTIONAL_STRING_SCHEMA)
          .field("B", Schema.OPTIONAL_BYTES_SCHEMA)
          .field("BOOL", Schema.OPTIONAL_BOOLEAN_SCHEMA)
          .field("SS", SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build())
          .field("NS", SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build())
          .field("BS", SchemaBuilder.array(Schema.BYTES_SCHEMA).optional().build())
          .field("M", Schema.OPTIONAL_STRING_SCHEMA)
          .field("L", Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  static final Schema ITEM = item().build();
  static final Schema IMAGE = item().optional().build();

  private final KeyNames names;

  public AttributeStructs(String partitionKey, @Nullable String sortKey) {
    names = new KeyNames(partitionKey, sortKey);
  }

  @Override
  public ItemStructReader reader() {
    return new AttributeReader(names);
  }

  private static SchemaBuilder item() {
    return SchemaBuilder.struct()
        .name("io.github.dynamokc.Item")
        .field(ATTRIBUTES, SchemaBuilder.map(Schema.STRING_SCHEMA, VALUE).build());
  }
}
