package io.github.dynamokc.struct;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;

/**
 * Avro schemas of Connect's, as the Avro converters of Confluent and Apicurio make them with their
 * defaults: what is registered here is what such a converter finds to be registered. Others may
 * register another text of the same columns.
 */
final class AvroSchemas {
  private final Map<String, Schema> records = new HashMap<>();

  private AvroSchemas() {}

  /**
   * The schema of a value.
   *
   * @throws IllegalArgumentException for what no value of a table has
   */
  static Schema of(org.apache.kafka.connect.data.Schema schema) {
    return new AvroSchemas().avro(schema);
  }

  private Schema avro(org.apache.kafka.connect.data.Schema schema) {
    Schema base = base(schema);
    return schema.isOptional() ? Schema.createUnion(Schema.create(Schema.Type.NULL), base) : base;
  }

  private Schema base(org.apache.kafka.connect.data.Schema schema) {
    return switch (schema.type()) {
      case STRING -> annotated(Schema.create(Schema.Type.STRING), schema);
      case BOOLEAN -> annotated(Schema.create(Schema.Type.BOOLEAN), schema);
      case INT64 -> annotated(Schema.create(Schema.Type.LONG), schema);
      case FLOAT64 -> annotated(Schema.create(Schema.Type.DOUBLE), schema);
      case BYTES ->
          Decimal.LOGICAL_NAME.equals(schema.name())
              ? decimal(schema)
              : annotated(Schema.create(Schema.Type.BYTES), schema);
      case ARRAY -> annotated(Schema.createArray(avro(schema.valueSchema())), schema);
      case MAP -> annotated(Schema.createMap(avro(schema.valueSchema())), schema);
      case STRUCT -> record(schema);
      case INT8, INT16, INT32, FLOAT32 ->
          throw new IllegalArgumentException("No value has " + schema.type());
    };
  }

  private static Schema decimal(org.apache.kafka.connect.data.Schema schema) {
    Map<String, String> parameters = schema.parameters();
    Schema bytes = Schema.create(Schema.Type.BYTES);
    bytes.addProp("scale", (Object) Integer.valueOf(parameters.get(Decimal.SCALE_FIELD)));
    bytes.addProp("precision", (Object) Integer.valueOf(parameters.get(Parameters.PRECISION)));
    annotated(bytes, schema);
    bytes.addProp("logicalType", "decimal");
    return bytes;
  }

  private Schema record(org.apache.kafka.connect.data.Schema schema) {
    Schema known = records.get(schema.name());
    if (known != null) {
      return known;
    }
    int dot = schema.name().lastIndexOf('.');
    Schema record =
        Schema.createRecord(
            schema.name().substring(dot + 1),
            null,
            dot < 0 ? null : schema.name().substring(0, dot),
            false);
    records.put(schema.name(), record);
    List<Schema.Field> fields = new ArrayList<>();
    for (Field field : schema.fields()) {
      Schema type = avro(field.schema());
      fields.add(
          field.schema().isOptional()
              ? new Schema.Field(field.name(), type, null, JsonProperties.NULL_VALUE)
              : new Schema.Field(field.name(), type));
    }
    record.setFields(fields);
    return annotated(record, schema);
  }

  private static Schema annotated(Schema avro, org.apache.kafka.connect.data.Schema schema) {
    if (schema.version() != null) {
      avro.addProp("connect.version", (Object) schema.version());
    }
    if (schema.parameters() != null && !schema.parameters().isEmpty()) {
      avro.addProp(AvroType.PARAMETERS, schema.parameters());
    }
    if (schema.name() != null) {
      avro.addProp("connect.name", schema.name());
    }
    return avro;
  }
}
