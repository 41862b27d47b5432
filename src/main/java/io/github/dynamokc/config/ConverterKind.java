package io.github.dynamokc.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a converter of Connect takes and gives, by its class name or alias. */
public enum ConverterKind {
  /** Text as it is. */
  STRING,
  /** Bytes as they are, and nothing else. */
  BYTE_ARRAY,
  /** Anything as JSON; text therefore in quotes. */
  JSON,
  /** Avro, which a registry holds the schemas of. */
  AVRO,
  /** Of the converters that keep schemas, those that are not Avro. */
  OTHER_SCHEMAS,
  /** One number or truth value. */
  SCALAR,
  /** The worker's, or one that is not known here. */
  UNKNOWN;

  private static final Map<String, ConverterKind> BY_NAME =
      Map.ofEntries(
          Map.entry("String", STRING),
          Map.entry("ByteArray", BYTE_ARRAY),
          Map.entry("Json", JSON),
          Map.entry("Avro", AVRO),
          Map.entry("Protobuf", OTHER_SCHEMAS),
          Map.entry("JsonSchema", OTHER_SCHEMAS),
          Map.entry("Boolean", SCALAR),
          Map.entry("Double", SCALAR),
          Map.entry("Float", SCALAR),
          Map.entry("Integer", SCALAR),
          Map.entry("Long", SCALAR),
          Map.entry("Short", SCALAR));

  /**
   * @param converter a class name, or an alias as Connect has them: {@code StringConverter} or
   *     {@code String}
   */
  static ConverterKind of(@Nullable String converter) {
    if (converter == null) {
      return UNKNOWN;
    }
    String name = converter.strip();
    name = name.substring(name.lastIndexOf('.') + 1);
    if (name.endsWith("Converter")) {
      name = name.substring(0, name.length() - "Converter".length());
    }
    return BY_NAME.getOrDefault(name, UNKNOWN);
  }
}
