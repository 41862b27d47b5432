package io.github.dynamokc.struct;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;

/**
 * The Avro schema that Confluent's and Apicurio's converters make of a Connect schema: unions with
 * null in front, parameters beside the type, and a record's name alone where it comes again.
 */
final class ConnectAsAvro {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final boolean withParameters;
  private final Map<String, JsonNode> defined = new HashMap<>();

  private ConnectAsAvro(boolean withParameters) {
    this.withParameters = withParameters;
  }

  static String json(Schema schema) {
    return new ConnectAsAvro(true).avro(schema).toString();
  }

  /** As with {@code connect.meta.data=false}. */
  static String withoutParameters(Schema schema) {
    return new ConnectAsAvro(false).avro(schema).toString();
  }

  private JsonNode avro(Schema schema) {
    JsonNode base = base(schema);
    return schema.isOptional() ? JSON.createArrayNode().add("null").add(base) : base;
  }

  private JsonNode base(Schema schema) {
    return switch (schema.type()) {
      case STRING -> annotated(type("string"), schema);
      case BOOLEAN -> annotated(type("boolean"), schema);
      case FLOAT64 -> annotated(type("double"), schema);
      case BYTES -> Decimal.LOGICAL_NAME.equals(schema.name()) ? decimal(schema) : bytes(schema);
      case ARRAY ->
          annotated(type("array").<ObjectNode>set("items", avro(schema.valueSchema())), schema);
      case MAP ->
          annotated(type("map").<ObjectNode>set("values", avro(schema.valueSchema())), schema);
      case STRUCT -> struct(schema);
      case INT8, INT16, INT32, INT64, FLOAT32 ->
          throw new UnsupportedOperationException(schema.type().toString());
    };
  }

  private static ObjectNode type(String name) {
    return JSON.createObjectNode().put("type", name);
  }

  private JsonNode bytes(Schema schema) {
    return annotated(type("bytes"), schema);
  }

  private JsonNode decimal(Schema schema) {
    ObjectNode bytes =
        type("bytes")
            .put("scale", Integer.parseInt(schema.parameters().get(Decimal.SCALE_FIELD)))
            .put("precision", Integer.parseInt(schema.parameters().get(Parameters.PRECISION)));
    annotated(bytes, schema);
    return bytes.put("logicalType", "decimal");
  }

  private JsonNode struct(Schema schema) {
    JsonNode known = defined.get(schema.name());
    if (known != null) {
      if (!known.equals(new ConnectAsAvro(withParameters).struct(schema))) {
        throw new AssertionError("Two shapes of " + schema.name());
      }
      return TextNode.valueOf(schema.name());
    }
    int dot = schema.name().lastIndexOf('.');
    ObjectNode record = type("record").put("name", schema.name().substring(dot + 1));
    if (dot >= 0) {
      record.put("namespace", schema.name().substring(0, dot));
    }
    defined.put(schema.name(), record);
    for (Field field : schema.fields()) {
      ObjectNode each = record.withArray("fields").addObject().put("name", field.name());
      each.set("type", avro(field.schema()));
      if (field.schema().isOptional()) {
        each.putNull("default");
      }
    }
    return annotated(record, schema);
  }

  private JsonNode annotated(ObjectNode type, Schema schema) {
    if (withParameters) {
      if (schema.version() != null) {
        type.put("connect.version", schema.version());
      }
      if (schema.parameters() != null) {
        schema.parameters().forEach(type.putObject("connect.parameters")::put);
      }
      if (schema.name() != null) {
        type.put("connect.name", schema.name());
      }
    }
    return type.size() == 1 ? type.get("type") : type;
  }
}
