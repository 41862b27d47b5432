package io.github.dynamokc.json;

/** Writes JSON strings in one way only, so that equal texts give equal bytes. */
public final class JsonText {
  private JsonText() {}

  /**
   * The text quoted. Only what must be escaped is: quotes, backslashes, control characters, and
   * lone surrogates, which have no UTF-8 form.
   */
  public static String quoted(String text) {
    if (needsNoLook(text)) {
      return '"' + text + '"';
    }
    StringBuilder json = new StringBuilder(text.length() + 16);
    appendQuoted(json, text);
    return json.toString();
  }

  /** Whether there is nothing to escape, and no surrogate. */
  private static boolean needsNoLook(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c < ' ' || Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  private static void appendQuoted(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        appendEscape(json, c);
      } else if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          json.append(c).append(text.charAt(++i));
        } else {
          appendEscape(json, c);
        }
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }

  private static void appendEscape(StringBuilder json, char c) {
    json.append("\\u").append(String.format("%04x", (int) c));
  }
}
