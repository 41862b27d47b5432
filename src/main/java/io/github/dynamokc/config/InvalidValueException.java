package io.github.dynamokc.config;

import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A key's value is refused, in the one form in which users read that: what it must be, and what it
 * is.
 */
final class InvalidValueException extends ConfigException {
  private static final long serialVersionUID = 1L;

  /** What is shown of a long value; it is there to be recognised. */
  private static final int SHOWN = 200;

  private final String problem;

  private InvalidValueException(String key, String problem) {
    super(key + " " + problem);
    this.problem = problem;
  }

  /**
   * @param mustBe what to write, beginning with "must"
   * @param value what was written, which is shown
   */
  static InvalidValueException of(String key, String mustBe, @Nullable Object value) {
    return new InvalidValueException(key, mustBe + ", is " + shown(value));
  }

  /**
   * For a value that can be confidential.
   *
   * @param problem what to write, beginning with "must", and what is wrong, without the value
   */
  static InvalidValueException unshown(String key, String problem) {
    return new InvalidValueException(key, problem);
  }

  /** What it must be and what it is, without the key. */
  String problem() {
    return problem;
  }

  private static String shown(@Nullable Object value) {
    String text = value == null ? "not set" : value.toString();
    if (text.isBlank()) {
      return "empty";
    }
    return text.length() <= SHOWN
        ? text
        : text.substring(0, SHOWN) + "… of " + text.length() + " characters";
  }
}
