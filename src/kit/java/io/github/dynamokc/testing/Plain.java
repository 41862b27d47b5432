package io.github.dynamokc.testing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Connect's values without their schemas, which can be shown and compared. */
public final class Plain {
  private Plain() {}

  /** Structs as maps without the fields that are null, bytes as {@code base64:...}. */
  public static @Nullable Object of(@Nullable Object value) {
    if (value instanceof Struct struct) {
      Map<String, Object> fields = new LinkedHashMap<>();
      for (Field field : struct.schema().fields()) {
        Object of = of(struct.get(field));
        if (of != null) {
          fields.put(field.name(), of);
        }
      }
      return fields;
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      map.forEach((name, each) -> entries.put(name, of(each)));
      return entries;
    }
    if (value instanceof List<?> list) {
      List<Object> elements = new ArrayList<>();
      list.forEach(each -> elements.add(of(each)));
      return elements;
    }
    if (value instanceof ByteBuffer buffer) {
      return "base64:" + Base64.getEncoder().encodeToString(buffer.duplicate().array());
    }
    return value instanceof byte[] bytes
        ? "base64:" + Base64.getEncoder().encodeToString(bytes)
        : value;
  }
}
