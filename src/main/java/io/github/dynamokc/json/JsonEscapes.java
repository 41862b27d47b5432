package io.github.dynamokc.json;

import java.nio.charset.StandardCharsets;

/** What the escapes in a JSON string stand for. */
final class JsonEscapes {
  /** Of a backslash, a u, and four digits. */
  private static final int UNIT_LENGTH = 6;

  private JsonEscapes() {}

  /**
   * Index behind the escape whose backslash is at {@code at}, and behind both if two are one
   * character.
   *
   * @param to where the bytes end
   * @return -1 if the escape is none, or half of a surrogate pair, which has no form in UTF-8
   */
  static int end(byte[] bytes, int at, int to) {
    int behind = endOfOne(bytes, at, to);
    if (behind - at != UNIT_LENGTH || !Character.isSurrogate(unit(bytes, at))) {
      return behind;
    }
    int second = endOfOne(bytes, behind, to);
    return second - behind == UNIT_LENGTH
            && Character.isSurrogatePair(unit(bytes, at), unit(bytes, behind))
        ? second
        : -1;
  }

  /** The same for any escape alone, halves of pairs included. */
  static int endOfOne(byte[] bytes, int at, int to) {
    if (to - at < 2 || bytes[at] != '\\') {
      return -1;
    }
    return switch (bytes[at + 1]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 2;
      case 'u' -> to - at >= UNIT_LENGTH && areHexadecimal(bytes, at + 2) ? at + UNIT_LENGTH : -1;
      default -> -1;
    };
  }

  private static boolean areHexadecimal(byte[] bytes, int from) {
    for (int at = from; at < from + 4; at++) {
      if (Character.digit(bytes[at], 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private static char unit(byte[] bytes, int at) {
    int unit = 0;
    for (int digit = at + 2; digit < at + UNIT_LENGTH; digit++) {
      unit = unit * 16 + Character.digit(bytes[digit], 16);
    }
    return (char) unit;
  }

  /** The text of a string that is known to be good. */
  static String text(byte[] bytes, int from, int to) {
    String raw = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    return raw.indexOf('\\') < 0 ? raw : unescape(raw);
  }

  /**
   * @param raw a string without its quotes, whose escapes are known to be good
   */
  static String unescape(String raw) {
    StringBuilder text = new StringBuilder(raw.length());
    int at = 0;
    for (int backslash = raw.indexOf('\\'); backslash >= 0; backslash = raw.indexOf('\\', at)) {
      text.append(raw, at, backslash);
      char escaped = raw.charAt(backslash + 1);
      at = backslash + 2;
      switch (escaped) {
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          text.append((char) Integer.parseInt(raw, at, at + 4, 16));
          at += 4;
        }
        default -> text.append(escaped);
      }
    }
    return text.append(raw, at, raw.length()).toString();
  }
}
