package io.github.dynamokc.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Recommender;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/**
 * One key, described step by step. Without further words it is optional text of medium importance.
 */
final class ConfigKey {
  final String name;
  final String displayName;
  final String documentation;
  ConfigDef.Type type = ConfigDef.Type.STRING;
  @Nullable Object defaultValue;
  @Nullable Validator validator;
  Importance importance = Importance.MEDIUM;
  Width width = Width.MEDIUM;
  List<String> dependents = List.of();
  @Nullable Recommender recommender;

  private ConfigKey(String name, String displayName, String documentation) {
    this.name = name;
    this.displayName = displayName;
    this.documentation = documentation;
  }

  static ConfigKey of(String name, String displayName, String documentation) {
    return new ConfigKey(name, displayName, documentation);
  }

  ConfigKey secret() {
    type = ConfigDef.Type.PASSWORD;
    return this;
  }

  ConfigKey text(String byDefault) {
    defaultValue = byDefault;
    return this;
  }

  /** A list that is empty by default. */
  ConfigKey texts() {
    type = ConfigDef.Type.LIST;
    defaultValue = List.of();
    return this;
  }

  ConfigKey millis(long byDefault, long least) {
    type = ConfigDef.Type.LONG;
    defaultValue = byDefault;
    validator = WholeNumber.atLeast(least);
    width = Width.SHORT;
    return this;
  }

  ConfigKey bytes(long byDefault, long least) {
    return millis(byDefault, least);
  }

  ConfigKey count(int byDefault, int least, int most) {
    type = ConfigDef.Type.INT;
    defaultValue = byDefault;
    validator = new WholeNumber(least, most);
    width = Width.SHORT;
    return this;
  }

  ConfigKey flag(boolean byDefault) {
    type = ConfigDef.Type.BOOLEAN;
    defaultValue = byDefault;
    width = Width.SHORT;
    return this;
  }

  <E extends Enum<E>> ConfigKey choice(EnumOption<E> choice, E byDefault) {
    defaultValue = choice.text(byDefault);
    validator = choice;
    recommender = choice;
    width = Width.SHORT;
    return this;
  }

  ConfigKey check(Validator check) {
    validator = check;
    return this;
  }

  ConfigKey importance(Importance value) {
    importance = value;
    return this;
  }

  ConfigKey wide() {
    width = Width.LONG;
    return this;
  }

  ConfigKey dependents(String... keys) {
    dependents = List.of(keys);
    return this;
  }

  ConfigKey recommends(Recommender value) {
    recommender = value;
    return this;
  }

  ConfigKey shownWhen(Recommender value) {
    recommender = value;
    return this;
  }
}
