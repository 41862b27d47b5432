package io.github.dynamokc.record;

import io.github.dynamokc.config.RecordConfig;
import io.github.dynamokc.struct.ValueSchema;

/**
 * The names of the schemas of a topic, after Debezium's pattern. They need not differ between
 * topics, as a registry tells those apart by their subject.
 */
public final class SchemaNames {
  private SchemaNames() {}

  /** Of an item. */
  public static String value(String topic) {
    return legal(topic) + ".Value";
  }

  /** The schema of values, by that of the items in them. */
  public static ValueSchema ofValues(RecordConfig config, String topic) {
    if (!config.struct().registersValues()) {
      return ValueSchema.UNKNOWN;
    }
    return switch (config.valueLayout()) {
      case DOCUMENT -> (item, image) -> item;
      case ENVELOPE -> (item, image) -> new EnvelopeSchema(envelope(topic)).around(image);
    };
  }

  static String key(String topic) {
    return legal(topic) + ".Key";
  }

  static String envelope(String topic) {
    return legal(topic) + ".Envelope";
  }

  /**
   * Parts separated by dots, each a name as Avro wants it: no digit first, letters, digits, '_'.
   */
  private static String legal(String topic) {
    return topic.replaceAll("[^A-Za-z0-9_.]", "_").replaceAll("(?<=^|\\.)(?=[0-9.]|$)", "_");
  }
}
