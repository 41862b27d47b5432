package io.github.dynamokc.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Recommender;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/** A group of keys under definition: puts each key behind the ones the group has already. */
record ConfigGroup(ConfigDef definition, String name) {
  static final String TABLES = "Tables";
  static final String AWS = "AWS";
  static final String SNAPSHOT = "Snapshot";
  static final String STREAM = "Stream";
  static final String RECORDS = "Records";
  static final String DELIVERY = "Delivery";

  ConfigGroup add(Key key) {
    int order =
        (int) definition.configKeys().values().stream().filter(k -> name.equals(k.group)).count()
            + 1;
    definition.define(
        key.name,
        key.type,
        key.defaultValue,
        key.validator,
        key.importance,
        key.documentation,
        name,
        order,
        key.width,
        key.displayName,
        key.dependents,
        key.recommender);
    return this;
  }

  /**
   * One key, described step by step. Without further words it is optional text of medium
   * importance.
   */
  static final class Key {
    private final String name;
    private final String displayName;
    private final String documentation;
    private ConfigDef.Type type = ConfigDef.Type.STRING;
    private @Nullable Object defaultValue;
    private @Nullable Validator validator;
    private Importance importance = Importance.MEDIUM;
    private Width width = Width.MEDIUM;
    private List<String> dependents = List.of();
    private @Nullable Recommender recommender;

    private Key(String name, String displayName, String documentation) {
      this.name = name;
      this.displayName = displayName;
      this.documentation = documentation;
    }

    static Key of(String name, String displayName, String documentation) {
      return new Key(name, displayName, documentation);
    }

    Key required(ConfigDef.Type requiredType) {
      type = requiredType;
      defaultValue = ConfigDef.NO_DEFAULT_VALUE;
      return this;
    }

    Key secret() {
      type = ConfigDef.Type.PASSWORD;
      return this;
    }

    Key text(String byDefault) {
      defaultValue = byDefault;
      return this;
    }

    Key millis(long byDefault, long least) {
      type = ConfigDef.Type.LONG;
      defaultValue = byDefault;
      validator = ConfigDef.Range.atLeast(least);
      width = Width.SHORT;
      return this;
    }

    Key bytes(long byDefault, long least) {
      return millis(byDefault, least);
    }

    Key count(int byDefault, int least, int most) {
      type = ConfigDef.Type.INT;
      defaultValue = byDefault;
      validator = ConfigDef.Range.between(least, most);
      width = Width.SHORT;
      return this;
    }

    Key flag(boolean byDefault) {
      type = ConfigDef.Type.BOOLEAN;
      defaultValue = byDefault;
      width = Width.SHORT;
      return this;
    }

    <E extends Enum<E>> Key choice(Choice<E> choice, E byDefault) {
      defaultValue = choice.text(byDefault);
      validator = choice;
      recommender = choice;
      width = Width.SHORT;
      return this;
    }

    Key check(Validator check) {
      validator = check;
      return this;
    }

    Key importance(Importance value) {
      importance = value;
      return this;
    }

    Key wide() {
      width = Width.LONG;
      return this;
    }

    Key dependents(String... keys) {
      dependents = List.of(keys);
      return this;
    }

    Key shownWhen(Recommender value) {
      recommender = value;
      return this;
    }
  }
}
