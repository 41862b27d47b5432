package io.github.dynamokc.struct;

import org.apache.kafka.connect.data.SchemaBuilder;

/** One attribute's place in a struct. */
record Column(String attribute, ColumnType type) {

  String field() {
    return FieldNames.legal(attribute);
  }

  /** The length of the field in an Avro schema, in bytes of UTF-8; it may be less. */
  long schemaBytes() {
    String field = field();
    long named = attribute.equals(field) ? 0 : 20 + jsonBytes(attribute);
    return 36 + field.length() + named + type.schemaBytes();
  }

  private static long jsonBytes(String text) {
    return text.chars()
        .mapToLong(c -> c < ' ' ? 6 : c == '"' || c == '\\' ? 2 : c < 0x80 ? 1 : 6)
        .sum();
  }

  /** Adds the field to the schema of the struct. */
  void addTo(SchemaBuilder struct, boolean optional) {
    String field = field();
    SchemaBuilder schema = Parameters.named(type.builder(), attribute, field);
    struct.field(field, (optional ? schema.optional() : schema).build());
  }
}
