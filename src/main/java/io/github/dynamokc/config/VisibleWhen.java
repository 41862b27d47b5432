package io.github.dynamokc.config;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Tells a user interface to show a key only if another key's value makes it matter. */
record VisibleWhen(String otherKey, Predicate<@Nullable Object> matters)
    implements ConfigDef.Recommender {

  /** Shown if the other key's text, which has a default, passes the test. */
  static VisibleWhen when(String otherKey, Predicate<String> matters) {
    return new VisibleWhen(otherKey, value -> value instanceof String text && matters.test(text));
  }

  static VisibleWhen whenSet(String otherKey) {
    return new VisibleWhen(otherKey, value -> value != null && !value.toString().isBlank());
  }

  @Override
  public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
    return List.of();
  }

  @Override
  public boolean visible(String name, Map<String, Object> parsedConfig) {
    try {
      return matters.test(parsedConfig.get(otherKey));
    } catch (ConfigException otherKeyIsInvalid) {
      return true;
    }
  }
}
