package io.github.dynamokc.testing.aws;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An item as DynamoDB Local has it within, written as DynamoDB JSON. By reflection, and without a
 * library, as this runs in the JVM of DynamoDB Local.
 */
final class DynamoDbLocalItem {
  private static final Map<String, Method> GETTERS = new ConcurrentHashMap<>();

  private DynamoDbLocalItem() {}

  /**
   * @param attributes by their names, of DynamoDB Local's own type
   */
  static String json(Map<?, ?> attributes) {
    List<String> members = new ArrayList<>();
    attributes.forEach((name, value) -> members.add(quoted(name) + ":" + value(value)));
    return "{" + String.join(",", members) + "}";
  }

  private static String value(Object value) {
    String json = member(value, "S", DynamoDbLocalItem::quoted);
    json = json != null ? json : member(value, "N", DynamoDbLocalItem::quoted);
    json = json != null ? json : member(value, "B", DynamoDbLocalItem::binary);
    json = json != null ? json : member(value, "BOOL", String::valueOf);
    json = json != null ? json : member(value, "NULL", String::valueOf);
    json = json != null ? json : member(value, "M", map -> json((Map<?, ?>) map));
    json = json != null ? json : member(value, "L", list -> list(list, DynamoDbLocalItem::value));
    json = json != null ? json : member(value, "SS", set -> list(set, DynamoDbLocalItem::quoted));
    json = json != null ? json : member(value, "NS", set -> list(set, DynamoDbLocalItem::quoted));
    json = json != null ? json : member(value, "BS", set -> list(set, DynamoDbLocalItem::binary));
    if (json == null) {
      throw new IllegalArgumentException("An attribute of no known type: " + value);
    }
    return json;
  }

  private static @Nullable String member(
      Object value, String type, Function<Object, String> written) {
    Object found = call(value, "get" + type);
    return found == null ? null : "{\"" + type + "\":" + written.apply(found) + "}";
  }

  private static @Nullable Object call(Object value, String getter) {
    try {
      Method method = GETTERS.get(getter);
      if (method == null) {
        method = value.getClass().getMethod(getter);
        GETTERS.put(getter, method);
      }
      return method.invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("DynamoDB Local's attributes are not as expected", e);
    }
  }

  private static String list(Object elements, Function<Object, String> written) {
    List<String> texts = new ArrayList<>();
    for (Object element : (Iterable<?>) elements) {
      texts.add(written.apply(element));
    }
    return "[" + String.join(",", texts) + "]";
  }

  private static String binary(Object buffer) {
    ByteBuffer bytes = ((ByteBuffer) buffer).duplicate();
    bytes.rewind();
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return quoted(Base64.getEncoder().encodeToString(copy));
  }

  private static String quoted(Object text) {
    StringBuilder json = new StringBuilder("\"");
    for (char next : text.toString().toCharArray()) {
      if (next == '"' || next == '\\') {
        json.append('\\').append(next);
      } else if (next < ' ') {
        json.append("\\u%04x".formatted((int) next));
      } else {
        json.append(next);
      }
    }
    return json.append('"').toString();
  }
}
