package io.github.dynamokc.config;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * How a table's items become Kafka records.
 *
 * @param topicFormat the topic, with {@code ${table}} for the table's name
 * @param keyFormat the form of the record key
 */
public record RecordConfig(String topicFormat, KeyFormat keyFormat) {
  public static final String TOPIC_FORMAT = "topic.format";
  public static final String KEY_FORMAT = "key.format";
  public static final String STATUS_TOPIC = "status.topic";

  private static final String TABLE = "${table}";
  private static final Choice<KeyFormat> KEY_FORMATS = Choice.lowerCase(KeyFormat.class);

  static void define(ConfigDef definition) {
    new ConfigGroup(definition, ConfigGroup.RECORDS)
        .add(
            ConfigKey.of(
                    TOPIC_FORMAT,
                    "Topic",
                    "The topic of a table's records. '${table}' stands for the table's name.")
                .text(TABLE)
                .check(RecordConfig::checkTopicFormat)
                .importance(Importance.HIGH))
        .add(
            ConfigKey.of(
                    KEY_FORMAT,
                    "Key format",
                    "The record key: 'json' is an object of the key attributes such as {\"pk\":\"a\",\"sk\":1};"
                        + " 'primary_key' is the text pk, or pk|sk with a sort key (two items share a key if '|'"
                        + " occurs in their attributes).")
                .choice(KEY_FORMATS, KeyFormat.JSON))
        .add(
            ConfigKey.of(
                    STATUS_TOPIC,
                    "Status topic",
                    "The topic for the connector's status records, which carry its progress. They must not be"
                        + " dropped by a transform. Without it, the connector's name with '-status'.")
                .check(Check.text(TopicName::problem)));
  }

  static RecordConfig from(AbstractConfig config) {
    return new RecordConfig(
        config.getString(TOPIC_FORMAT), KEY_FORMATS.parse(config.getString(KEY_FORMAT)));
  }

  /** The topic of a table's records. */
  public String topic(String tableName) {
    return topicFormat.replace(TABLE, tableName);
  }

  private static void checkTopicFormat(String name, @Nullable Object value) {
    String format = value == null ? "" : value.toString();
    String problem = TopicName.problem(format.replace(TABLE, "tbl"));
    if (problem != null) {
      throw new ConfigException(name, value, problem + ", and ${table} for the table's name");
    }
  }
}
