package io.github.dynamokc.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A key whose value is one of an enum's constants: checks it, recommends the values, reads it. Any
 * case is accepted.
 */
final class EnumOption<E extends Enum<E>> implements ConfigDef.Validator, ConfigDef.Recommender {
  private final List<E> constants;
  private final Function<String, String> spelling;

  private EnumOption(Class<E> type, Function<String, String> spelling) {
    this.constants = List.copyOf(Arrays.asList(type.getEnumConstants()));
    this.spelling = spelling;
  }

  static <E extends Enum<E>> EnumOption<E> lowerCase(Class<E> type) {
    return new EnumOption<>(type, name -> name.toLowerCase(Locale.ROOT));
  }

  static <E extends Enum<E>> EnumOption<E> upperCase(Class<E> type) {
    return new EnumOption<>(type, name -> name);
  }

  String text(E constant) {
    return spelling.apply(constant.name());
  }

  E parse(String text) {
    return find(text).orElseThrow(() -> new ConfigException("Not one of " + this + ": " + text));
  }

  @Override
  public void ensureValid(String name, @Nullable Object value) {
    if (!(value instanceof String text) || find(text).isEmpty()) {
      throw InvalidValueException.of(name, "must be one of " + this, value);
    }
  }

  @Override
  public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
    return constants.stream().<Object>map(this::text).toList();
  }

  @Override
  public boolean visible(String name, Map<String, Object> parsedConfig) {
    return true;
  }

  @Override
  public String toString() {
    return String.join(", ", constants.stream().map(this::text).toList());
  }

  private Optional<E> find(String text) {
    return constants.stream().filter(c -> c.name().equalsIgnoreCase(text.strip())).findFirst();
  }
}
