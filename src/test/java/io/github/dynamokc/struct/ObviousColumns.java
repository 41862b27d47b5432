package io.github.dynamokc.struct;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * The slow reference for what is in each field of an item's struct: a tree of the item, and for
 * each attribute a look at all fields of the schema that the struct came to have. It knows the
 * rules from the documentation of the package.
 */
final class ObviousColumns {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of the attribute that is looked at: its column cannot hold it, or not all of it. */
  private boolean misfit;

  private boolean partial;

  private ObviousColumns() {}

  /** What is to be in each field that is not null; JSON as a tree, bytes as Base64. */
  static Map<String, Object> expected(String item, Schema schema) {
    Map<String, Object> fields = new HashMap<>();
    Map<String, Object> others = new HashMap<>();
    tree(item)
        .properties()
        .forEach(
            member -> {
              ObviousColumns one = new ObviousColumns();
              Object held = one.attribute(member.getKey(), member.getValue(), schema);
              Field field = field(schema, member.getKey());
              if (field != null && held != null && !one.misfit) {
                fields.put(field.name(), held);
              }
              if (one.misfit || one.partial) {
                others.put(member.getKey(), member.getValue());
              }
            });
    if (!others.isEmpty()) {
      fields.put(FieldNames.OTHER, others);
    }
    return fields;
  }

  /** What is in each field that is not null, in the same form. */
  static Map<String, Object> actual(Struct struct) {
    Map<String, Object> fields = new HashMap<>();
    for (Field field : struct.schema().fields()) {
      Object value = struct.get(field);
      if (value instanceof Map<?, ?> others) {
        Map<String, Object> trees = new HashMap<>();
        others.forEach((name, text) -> trees.put((String) name, tree((String) text)));
        fields.put(field.name(), trees);
      } else if (value != null) {
        fields.put(field.name(), Objects.requireNonNull(normal(value, field.schema())));
      }
    }
    return fields;
  }

  private static @Nullable Object normal(@Nullable Object value, Schema schema) {
    if (value instanceof Struct struct) {
      return actual(struct);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> elements = new ArrayList<>();
      list.forEach(element -> elements.add(normal(element, schema.valueSchema())));
      return elements;
    }
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    return value instanceof String text && type(schema).equals("JSON") ? tree(text) : value;
  }

  private @Nullable Object attribute(String name, JsonNode typed, Schema schema) {
    Field field = field(schema, name);
    if (field == null) {
      misfit = !isNull(typed);
      return null;
    }
    return held(typed, field.schema());
  }

  private @Nullable Object held(JsonNode typed, Schema schema) {
    if (isNull(typed)) {
      return null;
    }
    if (type(schema).equals("JSON")) {
      return typed;
    }
    String type = typed.fieldNames().next();
    JsonNode value = typed.get(type);
    if (!type.equals(type(schema))) {
      misfit = true;
      return null;
    }
    return switch (type) {
      case "BOOL" -> value.booleanValue();
      case "M" -> struct(value, schema);
      case "L" -> elements(value, element -> held(element, schema.valueSchema()));
      case "SS", "NS", "BS" ->
          elements(value, element -> scalar(element.textValue(), schema.valueSchema()));
      default -> scalar(value.textValue(), schema);
    };
  }

  private List<@Nullable Object> elements(
      JsonNode array, Function<JsonNode, @Nullable Object> element) {
    List<@Nullable Object> elements = new ArrayList<>();
    array.forEach(each -> elements.add(element.apply(each)));
    return elements;
  }

  private @Nullable Object scalar(String text, Schema schema) {
    if (!type(schema).equals("N")) {
      return text;
    }
    BigDecimal number = new BigDecimal(text);
    return switch (schema.type()) {
      case STRING -> number.toPlainString();
      case FLOAT64 -> number.doubleValue();
      default -> decimal(number, schema);
    };
  }

  /** Of a scale of 18 and 38 digits. */
  private @Nullable BigDecimal decimal(BigDecimal number, Schema schema) {
    assert schema.name().equals(Decimal.LOGICAL_NAME);
    boolean fits =
        number.remainder(new BigDecimal("1e-18")).signum() == 0
            && number.abs().compareTo(new BigDecimal("1e20")) < 0;
    misfit |= !fits;
    return fits ? number.setScale(18) : null;
  }

  private Map<String, Object> struct(JsonNode members, Schema schema) {
    Map<String, Object> fields = new HashMap<>();
    members
        .properties()
        .forEach(
            member -> {
              Field field = field(schema, member.getKey());
              if (field == null) {
                partial |= !isNull(member.getValue());
                // What could have got a field would have one: it does not fit with the rest.
                misfit |= tellsType(member.getValue());
                return;
              }
              Object held = held(member.getValue(), field.schema());
              if (held != null) {
                fields.put(field.name(), held);
              }
            });
    return fields;
  }

  /** Whether there is more in it than NULLs, empty lists and empty maps. */
  private static boolean tellsType(JsonNode typed) {
    String type = typed.fieldNames().next();
    for (JsonNode inner : typed.get(type)) {
      if ((type.equals("L") || type.equals("M")) && tellsType(inner)) {
        return true;
      }
    }
    return !type.equals("NULL") && !type.equals("L") && !type.equals("M");
  }

  private static boolean isNull(JsonNode typed) {
    return typed.fieldNames().next().equals("NULL");
  }

  private static String type(Schema schema) {
    return schema.parameters().get("dynamodb.type");
  }

  private static @Nullable Field field(Schema schema, String attribute) {
    for (Field field : schema.fields()) {
      if (!field.name().equals(FieldNames.OTHER)) {
        String name = field.schema().parameters().get("dynamodb.name");
        if (attribute.equals(name == null ? field.name() : name)) {
          return field;
        }
      }
    }
    return null;
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }
}
