package io.github.dynamokc.config;

import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * Reads parsed values. An optional key written as empty text is the same as one not written: forms
 * send it so.
 */
final class ConfigValues {
  private ConfigValues() {}

  static @Nullable String optionalText(AbstractConfig config, String key) {
    String text = config.getString(key);
    return text == null || text.isBlank() ? null : text;
  }

  static @Nullable Password optionalSecret(AbstractConfig config, String key) {
    Password secret = config.getPassword(key);
    return secret == null || secret.value() == null || secret.value().isBlank() ? null : secret;
  }

  static Duration millis(AbstractConfig config, String key) {
    return Duration.ofMillis(config.getLong(key));
  }
}
