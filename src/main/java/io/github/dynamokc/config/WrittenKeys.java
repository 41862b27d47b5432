package io.github.dynamokc.config;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * The one rule about empty values: a key of ours that is written with an empty value, or with none,
 * is a key that is not written. Forms send empty texts for what is left alone.
 */
final class WrittenKeys {
  private WrittenKeys() {}

  /**
   * The properties without those that are not written.
   *
   * @param settings the keys that a table can have for itself
   */
  static Map<String, String> of(Map<String, String> props, ConfigDef settings) {
    Map<String, String> written = new HashMap<>(props);
    ConfigDef ours = ConnectorConfig.definition();
    written
        .entrySet()
        .removeIf(
            entry ->
                isEmpty(entry.getValue())
                    && (ours.names().contains(entry.getKey())
                        || isOverride(entry.getKey(), settings)));
    return written;
  }

  private static boolean isEmpty(@Nullable String value) {
    return value == null || value.isBlank();
  }

  private static boolean isOverride(String key, ConfigDef settings) {
    return key.startsWith(TableOverrides.PREFIX)
        && settings.names().stream().anyMatch(name -> key.endsWith("." + name));
  }
}
