package io.github.dynamokc.config;

import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * The whole numbers from one to another.
 *
 * @param most the largest; {@link Long#MAX_VALUE} is no limit
 */
record WholeNumber(long least, long most) implements ConfigDef.Validator {

  static WholeNumber atLeast(long least) {
    return new WholeNumber(least, Long.MAX_VALUE);
  }

  String mustBe() {
    return "must be a whole number, " + this;
  }

  @Override
  public void ensureValid(String name, @Nullable Object value) {
    if (!(value instanceof Number number)
        || number.longValue() < least
        || number.longValue() > most) {
      throw InvalidValueException.of(name, mustBe(), value);
    }
  }

  /** As the reference of keys has it. */
  @Override
  public String toString() {
    return most == Long.MAX_VALUE ? least + " or more" : least + " to " + most;
  }
}
