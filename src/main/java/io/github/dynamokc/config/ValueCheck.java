package io.github.dynamokc.config;

import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** What is wrong with the value of one key, in our words also where Kafka would find it. */
final class ValueCheck {
  private ValueCheck() {}

  /**
   * @param name the key as the user wrote it, which may be an override of the definition
   * @param text as the user wrote it, null if it is not there
   * @return what it must be and what it is, without the key; empty if the value is good
   */
  static Optional<String> problem(ConfigDef.ConfigKey key, String name, @Nullable String text) {
    Object value = key.defaultValue;
    if (text != null) {
      try {
        value = ConfigDef.parseType(name, text, key.type);
      } catch (ConfigException unreadable) {
        // Kafka's message has another form, and a secret is never unreadable.
        return Optional.of(InvalidValueException.of(name, mustBe(key), text).problem());
      }
    }
    try {
      if (key.validator != null) {
        key.validator.ensureValid(name, value);
      }
      return Optional.empty();
    } catch (InvalidValueException e) {
      return Optional.of(e.problem());
    }
  }

  private static String mustBe(ConfigDef.ConfigKey key) {
    if (key.validator instanceof WholeNumber range) {
      return range.mustBe();
    }
    return switch (key.type) {
      case BOOLEAN -> "must be true or false";
      case INT, LONG, SHORT -> "must be a whole number";
      case DOUBLE -> "must be a number";
      case STRING, LIST, CLASS, PASSWORD -> "must be text";
    };
  }
}
