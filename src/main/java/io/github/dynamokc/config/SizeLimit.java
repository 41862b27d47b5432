package io.github.dynamokc.config;

import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.jspecify.annotations.Nullable;

/**
 * How large a record may be. Connect's producer refuses a larger one without saying which item it
 * is, so it is refused before.
 *
 * @param bytes of a record as Kafka counts it, uncompressed
 * @param showsKeys as in {@link ConnectSettings}; messages have the hash of keys otherwise
 */
public record SizeLimit(long bytes, boolean showsKeys) {
  static final String MAX_RECORD_BYTES = "max.record.bytes";

  /** Kafka's default of {@code max.request.size}. */
  private static final long KAFKA_DEFAULT = 1_048_576;

  private static final String PRODUCER_LIMIT = "producer.override.max.request.size";

  static void define(ConfigGroup group) {
    group.add(
        ConfigKey.of(
                MAX_RECORD_BYTES,
                "Largest record (bytes)",
                "The largest record that Kafka takes, in bytes as sent without compression. A larger one, of text"
                    + " values, fails the task naming table, key and size, or is skipped with errors.tolerance=all, as an"
                    + " item that cannot be converted. 0 is producer.override.max.request.size, or without it Kafka's"
                    + " default of 1048576. Where the worker's producer.max.request.size is larger, write the same"
                    + " here. The topic's max.message.bytes must allow it too.")
            .bytes(0, 0)
            .importance(Importance.LOW));
  }

  static SizeLimit from(AbstractConfig config) {
    Map<String, String> raw = config.originalsStrings();
    long written = config.getLong(MAX_RECORD_BYTES);
    return new SizeLimit(
        written == 0 ? ofProducer(new RawConfig(raw).text(PRODUCER_LIMIT)) : written,
        ConnectSettings.of(new RawConfig(raw)).showsKeys());
  }

  /** Kafka itself refuses what is no number. */
  private static long ofProducer(@Nullable String text) {
    try {
      return text == null ? KAFKA_DEFAULT : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return KAFKA_DEFAULT;
    }
  }
}
