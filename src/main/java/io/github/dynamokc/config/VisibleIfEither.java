package io.github.dynamokc.config;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** Tells a user interface to show a key if one of two other keys makes it matter. */
record VisibleIfEither(VisibleWhen one, VisibleWhen other) implements ConfigDef.Recommender {

  @Override
  public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
    return List.of();
  }

  @Override
  public boolean visible(String name, Map<String, Object> parsedConfig) {
    return one.visible(name, parsedConfig) || other.visible(name, parsedConfig);
  }
}
