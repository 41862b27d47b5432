package io.github.dynamokc.record;

import java.util.Objects;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A header in one object, where Connect's own has two. It equals any other of the same content.
 * Immutable; records may share it.
 */
final class ItemHeader implements Header {
  private final String key;
  private final Schema schema;
  private final @Nullable Object value;

  private ItemHeader(String key, Schema schema, @Nullable Object value) {
    this.key = key;
    this.schema = schema;
    this.value = value;
  }

  static ItemHeader of(String key, String value) {
    return new ItemHeader(key, Schema.STRING_SCHEMA, value);
  }

  static ItemHeader of(String key, long value) {
    return new ItemHeader(key, Schema.INT64_SCHEMA, value);
  }

  static ItemHeader of(String key, boolean value) {
    return new ItemHeader(key, Schema.BOOLEAN_SCHEMA, value);
  }

  /** One without a value, for texts. */
  static ItemHeader none(String key) {
    return new ItemHeader(key, Schema.OPTIONAL_STRING_SCHEMA, null);
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public @Nullable Object value() {
    return value;
  }

  @Override
  public Header with(Schema newSchema, Object newValue) {
    return new ConnectHeaders().add(key, newValue, newSchema).lastWithName(key);
  }

  @Override
  public Header rename(String newKey) {
    return key.equals(newKey) ? this : new ItemHeader(newKey, schema, value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Header header
        && key.equals(header.key())
        && schema.equals(header.schema())
        && Objects.equals(value, header.value());
  }

  @Override
  public int hashCode() {
    return Objects.hash(key, schema, value);
  }

  @Override
  public String toString() {
    return "ItemHeader(key=" + key + ", value=" + value + ", schema=" + schema + ")";
  }
}
