package io.github.dynamokc.struct;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * The obvious way back: items as maps from attribute to typed value, read from DynamoDB JSON and
 * from structs by what is documented. NULL attributes are left out, numbers are normal, NULL in a
 * list is a text.
 */
public final class TypedValues {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NULL = "NULL";

  private TypedValues() {}

  record Typed(String type, Object value) {}

  public static Map<String, Object> ofItem(String dynamoDbJson) {
    return attributes(tree(dynamoDbJson));
  }

  /** The struct of a key or an item with columns. */
  public static Map<String, Object> ofColumns(Struct struct) {
    Map<String, Object> item = fields(struct);
    Map<String, String> others =
        struct.schema().field(FieldNames.OTHER) == null ? null : struct.getMap(FieldNames.OTHER);
    if (others != null) {
      others.forEach((attribute, text) -> item.put(attribute, value(tree(text))));
    }
    return item;
  }

  public static Map<String, Object> ofAttributes(Struct struct) {
    Map<String, Object> item = new TreeMap<>();
    Map<String, Struct> attributes = struct.getMap("attributes");
    attributes.forEach(
        (name, value) -> {
          String type = value.getString("type");
          switch (type) {
            case "NULL" -> {}
            case "S", "BOOL" -> item.put(name, new Typed(type, value.get(type)));
            case "N" -> item.put(name, new Typed(type, number(value.getString(type))));
            case "B" -> item.put(name, new Typed(type, bytes(value.get(type))));
            case "SS" -> item.put(name, new Typed(type, value.getArray(type)));
            case "NS" ->
                item.put(
                    name,
                    new Typed(
                        type,
                        value.<String>getArray(type).stream().map(TypedValues::number).toList()));
            case "BS" ->
                item.put(
                    name,
                    new Typed(
                        type,
                        value.<Object>getArray(type).stream().map(TypedValues::bytes).toList()));
            default ->
                item.put(name, value(tree("{\"" + type + "\":" + value.getString(type) + "}")));
          }
        });
    return item;
  }

  /**
   * Whether all that was seen is so in the whole; members of maps may be missing, and numbers be
   * rounded to doubles.
   */
  static boolean isPart(Object seen, Object whole) {
    if (seen instanceof Map<?, ?> some && whole instanceof Map<?, ?> all) {
      return some.entrySet().stream()
          .allMatch(
              each ->
                  all.containsKey(each.getKey())
                      && isPart(each.getValue(), all.get(each.getKey())));
    }
    if (seen instanceof List<?> some && whole instanceof List<?> all) {
      return some.size() == all.size()
          && IntStream.range(0, some.size()).allMatch(i -> isPart(some.get(i), all.get(i)));
    }
    if (seen instanceof Typed some && whole instanceof Typed all) {
      return some.type().equals(all.type()) && isPart(some.value(), all.value());
    }
    return seen.equals(whole)
        || (seen instanceof BigDecimal number
            && whole instanceof BigDecimal other
            && number.doubleValue() == other.doubleValue());
  }

  private static Map<String, Object> fields(Struct struct) {
    Map<String, Object> item = new TreeMap<>();
    for (Field field : struct.schema().fields()) {
      Object value = struct.get(field);
      if (value != null && !field.name().equals(FieldNames.OTHER)) {
        Map<String, String> parameters = field.schema().parameters();
        String name = parameters.get("dynamodb.name");
        item.put(
            name == null ? FieldNames.attribute(field.name()) : name, value(field.schema(), value));
      }
    }
    return item;
  }

  private static Object value(Schema schema, Object value) {
    if (value == null) {
      return NULL;
    }
    String type = schema.parameters().get("dynamodb.type");
    return switch (type) {
      case "S", "BOOL" -> new Typed(type, value);
      case "N" ->
          new Typed(
              type, number(value instanceof BigDecimal d ? d.toPlainString() : value.toString()));
      case "B" -> new Typed(type, bytes(value));
      case "JSON" -> value(tree((String) value));
      case "M" -> new Typed(type, fields((Struct) value));
      case "L" -> new Typed(type, elements(schema, value));
      case "SS", "NS", "BS" ->
          new Typed(
              type,
              elements(schema, value).stream().map(element -> ((Typed) element).value()).toList());
      default -> throw new AssertionError(type);
    };
  }

  private static List<Object> elements(Schema schema, Object value) {
    List<Object> elements = new ArrayList<>();
    ((List<?>) value).forEach(element -> elements.add(value(schema.valueSchema(), element)));
    return elements;
  }

  private static Map<String, Object> attributes(JsonNode members) {
    Map<String, Object> item = new TreeMap<>();
    members
        .properties()
        .forEach(
            member -> {
              item.remove(member.getKey());
              Object value = value(member.getValue());
              if (!value.equals(NULL)) {
                item.put(member.getKey(), value);
              }
            });
    return item;
  }

  private static Object value(JsonNode typed) {
    String type = typed.fieldNames().next();
    JsonNode value = typed.get(type);
    return switch (type) {
      case "S", "B" -> new Typed(type, type.equals("B") ? bytes(value) : value.textValue());
      case "N" -> new Typed(type, number(value.textValue()));
      case "BOOL" -> new Typed(type, value.booleanValue());
      case "NULL" -> NULL;
      case "M" -> new Typed(type, attributes(value));
      case "L" -> new Typed(type, all(value).stream().map(TypedValues::value).toList());
      case "SS" -> new Typed(type, all(value).stream().map(JsonNode::textValue).toList());
      case "NS" -> new Typed(type, all(value).stream().map(n -> number(n.textValue())).toList());
      case "BS" -> new Typed(type, all(value).stream().map(TypedValues::bytes).toList());
      default -> throw new AssertionError(type);
    };
  }

  private static List<JsonNode> all(JsonNode array) {
    List<JsonNode> elements = new ArrayList<>();
    array.forEach(elements::add);
    return elements;
  }

  private static BigDecimal number(String text) {
    BigDecimal number = new BigDecimal(text);
    return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
  }

  /** As text, which compares. */
  private static String bytes(Object value) {
    if (value instanceof JsonNode node) {
      return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(node.textValue()));
    }
    byte[] bytes = value instanceof ByteBuffer buffer ? buffer.array() : (byte[]) value;
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }
}
