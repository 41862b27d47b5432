package io.github.dynamokc.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text {@code name:value,name:value}. Its messages count entries and show none: a value may be
 * confidential.
 */
final class HeaderOverrides {
  private static final int MAX = 5;
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\\s*:\\s*([\\x21-\\x7e](?:[\\x20-\\x7e]*[\\x21-\\x7e])?)\\s*");

  private HeaderOverrides() {}

  /** What is wrong with the text, null if nothing is. */
  static @Nullable String problem(String text) {
    String[] entries = text.split(",", -1);
    if (entries.length > MAX) {
      return "must be at most " + MAX + " headers, is " + entries.length;
    }
    Map<String, Integer> seen = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i++) {
      Matcher entry = ENTRY.matcher(entries[i]);
      if (!entry.matches()) {
        return "must be headers of the form name:value,name:value, is not in header " + (i + 1);
      }
      Integer same = seen.put(entry.group(1).toLowerCase(Locale.ROOT), i);
      if (same != null) {
        return "must be headers of different names, is of one name in headers %d and %d"
            .formatted(same + 1, i + 1);
      }
    }
    return null;
  }

  /** Reads a text that has no problem, in its order. */
  static Map<String, String> parse(String text) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      Matcher entry = ENTRY.matcher(part);
      if (entry.matches()) {
        headers.put(entry.group(1), entry.group(2));
      }
    }
    return Collections.unmodifiableMap(headers);
  }
}
