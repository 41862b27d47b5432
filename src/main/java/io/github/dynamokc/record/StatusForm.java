package io.github.dynamokc.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.config.RecordConfig;
import io.github.dynamokc.config.ValueFormat;
import io.github.dynamokc.delivery.Payload;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * The form of status records, which go through the same converters as all others: a JSON object as
 * text, or where values are structs, a struct whose schema never changes.
 */
public final class StatusForm {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Schema SCHEMA =
      SchemaBuilder.struct()
          .name("io.github.dynamokc.Status")
          .field("type", Schema.STRING_SCHEMA)
          .field("ts_ms", Schema.INT64_SCHEMA)
          .field("table", Schema.STRING_SCHEMA)
          .field("fields", SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA).build())
          .build();

  private final TextEncoding keyEncoding;
  private final TextEncoding valueEncoding;
  private final boolean structs;

  private StatusForm(TextEncoding keyEncoding, TextEncoding valueEncoding, boolean structs) {
    this.keyEncoding = keyEncoding;
    this.valueEncoding = valueEncoding;
    this.structs = structs;
  }

  /** The form that fits a connector's other records. */
  public static StatusForm of(RecordConfig config) {
    return new StatusForm(
        TextEncoding.forConverter(config.keyConverter()),
        TextEncoding.forConverter(config.valueConverter()),
        config.valueFormat() == ValueFormat.STRUCT);
  }

  Payload key(String subject) {
    return keyEncoding.of(subject);
  }

  /**
   * @param table empty for what is of no table
   * @param more what the record says beside the three, in order
   */
  Payload value(StatusType type, long timestampMs, String table, Map<String, Object> more) {
    if (structs) {
      Map<String, String> fields = new LinkedHashMap<>();
      more.forEach(
          (name, value) -> fields.put(name, value instanceof Map ? json(value) : value.toString()));
      Struct struct =
          new Struct(SCHEMA)
              .put("type", type.name())
              .put("ts_ms", timestampMs)
              .put("table", table)
              .put("fields", fields);
      return Payload.of(struct, 2L * fields.toString().length());
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("type", type.name());
    all.put("ts_ms", timestampMs);
    all.put("table", table);
    more.forEach(all::putIfAbsent);
    return valueEncoding.of(json(all));
  }

  private static String json(Object fields) {
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Strings, longs and booleans are always JSON", e);
    }
  }
}
