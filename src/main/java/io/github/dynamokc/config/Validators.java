package io.github.dynamokc.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.jspecify.annotations.Nullable;

/** Checks of optional text: absent or empty text passes. */
final class Validators {
  static final Validator REGION =
      matches("[a-z0-9-]{2,32}", "must be a region's code, such as eu-west-1");
  static final Validator ENDPOINT = confidential(Validators::endpoint);

  private Validators() {}

  /** What a text must be, null if it is; of a confidential one also what is wrong with it. */
  interface TextCheck {
    @Nullable String problem(String text);
  }

  static Validator text(TextCheck check) {
    return validator(check, true);
  }

  /** For a text that can be confidential: what is refused is not quoted. */
  static Validator confidential(TextCheck check) {
    return validator(check, false);
  }

  private static Validator validator(TextCheck check, boolean quotes) {
    return new Validator() {
      @Override
      public void ensureValid(String name, @Nullable Object value) {
        if (value == null || value.toString().isBlank()) {
          return;
        }
        String problem = check.problem(value.toString());
        if (problem != null) {
          throw quotes
              ? InvalidValueException.of(name, problem, value)
              : InvalidValueException.unshown(name, problem);
        }
      }

      @Override
      public String toString() {
        return "";
      }
    };
  }

  static Validator matches(String regex, String problem) {
    Pattern pattern = Pattern.compile(regex);
    return text(value -> pattern.matcher(value).matches() ? null : problem);
  }

  /** A user and password have no place here, but may have been written. */
  private static @Nullable String endpoint(String text) {
    String problem =
        "must be a URL without a user, such as https://host or http://host:8000, is none";
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return http && uri.getHost() != null && uri.getUserInfo() == null ? null : problem;
    } catch (URISyntaxException e) {
      return problem;
    }
  }
}
