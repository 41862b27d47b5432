package io.github.dynamokc.config;

import org.jspecify.annotations.Nullable;

/**
 * A tag that a table must have.
 *
 * @param key the tag's key, 1 to 128 characters
 * @param value the tag's value, perhaps empty; null for any value
 */
public record TagFilter(String key, @Nullable String value) {
  static final String FORMS = "tags, each as key=value, or as key for any value of it";
  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;

  /** Reads {@code key=value} or {@code key}; null if the text is neither. */
  static @Nullable TagFilter parse(String text) {
    int split = text.indexOf('=');
    String key = (split < 0 ? text : text.substring(0, split)).strip();
    String value = split < 0 ? null : text.substring(split + 1).strip();
    boolean legal =
        !key.isEmpty()
            && key.length() <= LONGEST_KEY
            && (value == null || value.length() <= LONGEST_VALUE);
    return legal ? new TagFilter(key, value) : null;
  }

  /** As the user writes it. */
  @Override
  public String toString() {
    return value == null ? key : key + "=" + value;
  }
}
