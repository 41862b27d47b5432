package io.github.dynamokc.struct;

import org.apache.kafka.connect.data.SchemaBuilder;

/** One attribute's place in a struct. */
record Column(String attribute, ColumnType type) {

  String field() {
    return FieldNames.legal(attribute);
  }

  /** Adds the field to the schema of the struct. */
  void addTo(SchemaBuilder struct, boolean optional) {
    String field = field();
    SchemaBuilder schema = Parameters.named(type.builder(), attribute, field);
    struct.field(field, (optional ? schema.optional() : schema).build());
  }
}
