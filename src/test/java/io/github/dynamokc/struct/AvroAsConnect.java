package io.github.dynamokc.struct;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Connect's schema and value of what Connect's converters wrote as Avro. */
final class AvroAsConnect {
  private AvroAsConnect() {}

  static @Nullable Object value(String avroSchema, @Nullable Object datum) {
    return value(schema(new org.apache.avro.Schema.Parser().parse(avroSchema)), datum);
  }

  static Schema schema(org.apache.avro.Schema avro) {
    return builder(avro).build();
  }

  private static SchemaBuilder builder(org.apache.avro.Schema avro) {
    SchemaBuilder builder =
        switch (avro.getType()) {
          case UNION -> builder(avro.getTypes().get(1)).optional();
          case STRING -> SchemaBuilder.string();
          case BOOLEAN -> SchemaBuilder.bool();
          case LONG -> SchemaBuilder.int64();
          case DOUBLE -> SchemaBuilder.float64();
          case BYTES ->
              avro.getLogicalType() instanceof LogicalTypes.Decimal decimal
                  ? Decimal.builder(decimal.getScale())
                  : SchemaBuilder.bytes();
          case ARRAY -> SchemaBuilder.array(schema(avro.getElementType()));
          case MAP -> SchemaBuilder.map(Schema.STRING_SCHEMA, schema(avro.getValueType()));
          case RECORD -> record(avro);
          case ENUM, FIXED, INT, FLOAT, NULL -> throw new AssertionError(avro);
        };
    if (avro.getObjectProp("connect.parameters") instanceof Map<?, ?> parameters) {
      parameters.forEach(
          (name, text) -> {
            if (name.toString().startsWith("dynamodb.")) {
              builder.parameter(name.toString(), text.toString());
            }
          });
    }
    return builder;
  }

  private static SchemaBuilder record(org.apache.avro.Schema avro) {
    SchemaBuilder struct = SchemaBuilder.struct().name(avro.getFullName());
    avro.getFields().forEach(field -> struct.field(field.name(), schema(field.schema())));
    return struct;
  }

  static @Nullable Object value(Schema schema, @Nullable Object datum) {
    if (datum == null) {
      return null;
    }
    return switch (schema.type()) {
      case STRUCT -> {
        Struct struct = new Struct(schema);
        for (Field field : schema.fields()) {
          struct.put(field, value(field.schema(), ((Map<?, ?>) datum).get(field.name())));
        }
        yield struct;
      }
      case ARRAY -> {
        List<Object> elements = new ArrayList<>();
        ((List<?>) datum).forEach(each -> elements.add(value(schema.valueSchema(), each)));
        yield elements;
      }
      case MAP -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        ((Map<?, ?>) datum)
            .forEach((name, each) -> entries.put((String) name, value(schema.valueSchema(), each)));
        yield entries;
      }
      default -> datum;
    };
  }
}
