package io.github.dynamokc.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as the user wrote it, for the checks between keys: they must also work where a
 * value is bad.
 */
record RawConfig(Map<String, String> props) {

  /** The text of a key, null if it is absent or empty. */
  @Nullable String text(String key) {
    String text = props.get(key);
    return text == null || text.isBlank() ? null : text.strip();
  }

  boolean has(String key) {
    return text(key) != null;
  }
}
