package io.github.dynamokc.record;

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
