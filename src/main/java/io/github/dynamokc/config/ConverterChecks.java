package io.github.dynamokc.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Formats of key and value against the converters that are to write them. A converter that the
 * worker sets is not seen here.
 */
final class ConverterChecks {
  private ConverterChecks() {}

  static void add(RecordConfig records, List<ConfigProblem> problems) {
    String key = keyProblem(records.keyFormat(), records.keyConverter());
    if (key != null) {
      problems.add(new ConfigProblem(RecordConfig.KEY_FORMAT, key));
    }
    String value = valueProblem(records.valueFormat(), records.valueConverter());
    if (value != null) {
      problems.add(new ConfigProblem(RecordConfig.VALUE_FORMAT, value));
    }
  }

  private static @Nullable String keyProblem(KeyFormat format, ConverterKind converter) {
    return switch (format) {
      case JSON -> text("json", RecordConfig.KEY_CONVERTER, converter);
      case STRUCT -> struct(RecordConfig.KEY_CONVERTER, converter);
      case PRIMARY_KEY ->
          converter == ConverterKind.SCALAR
              ? text("primary_key", RecordConfig.KEY_CONVERTER, converter)
              : null;
    };
  }

  private static @Nullable String valueProblem(ValueFormat format, ConverterKind converter) {
    return switch (format) {
      case JSON -> text("json", RecordConfig.VALUE_CONVERTER, converter);
      case DYNAMODB_JSON -> text("dynamodb_json", RecordConfig.VALUE_CONVERTER, converter);
      case STRUCT -> struct(RecordConfig.VALUE_CONVERTER, converter);
    };
  }

  /** Text that is JSON already. */
  private static @Nullable String text(String format, String converterKey, ConverterKind kind) {
    return switch (kind) {
      case JSON ->
          "must be struct for JsonConverter in %2$s, is %1$s, which is JSON text already: it would be put in quotes once more. Set %2$s to org.apache.kafka.connect.storage.StringConverter, or the format to struct"
              .formatted(format, converterKey);
      case SCALAR ->
          "must be a format that the converter in %2$s takes, is %1$s, which is text. Set %2$s to org.apache.kafka.connect.storage.StringConverter"
              .formatted(format, converterKey);
      case STRING, BYTE_ARRAY, AVRO, OTHER_SCHEMAS, UNKNOWN -> null;
    };
  }

  private static @Nullable String struct(String converterKey, ConverterKind kind) {
    return switch (kind) {
      case STRING, BYTE_ARRAY, SCALAR ->
          "must be a format that the converter in %s writes so that it can be read again, is struct. Set the converter to one that keeps schemas (Avro, Protobuf, JSON Schema) or to org.apache.kafka.connect.json.JsonConverter, or the format to json"
              .formatted(converterKey);
      case JSON, AVRO, OTHER_SCHEMAS, UNKNOWN -> null;
    };
  }
}
