package io.github.dynamokc.json;

/**
 * What is well-formed UTF-8 (RFC 3629, section 4): no continuation without a start or the other way
 * round, no longer form than needed, no surrogate, nothing above U+10FFFF.
 */
final class Utf8 {
  private Utf8() {}

  /**
   * Steps over characters that are not ASCII.
   *
   * @return index of the first byte behind them, which is ASCII, or {@code to}; if what stands at
   *     an index is malformed, the complement of that index, which is negative
   */
  static int endOfNonAscii(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] < 0) {
      int length = lengthAt(bytes, at, to);
      if (length == 0) {
        return ~at;
      }
      at += length;
    }
    return at;
  }

  /** How many bytes the character has that starts here, 0 if it is malformed. */
  private static int lengthAt(byte[] bytes, int at, int to) {
    int first = bytes[at] & 0xFF;
    if (first < 0xC2 || first > 0xF4) {
      return 0;
    }
    if (first < 0xE0) {
      return to - at >= 2 && isContinuation(bytes[at + 1]) ? 2 : 0;
    }
    if (first < 0xF0) {
      return to - at >= 3
              && isContinuation(bytes[at + 2])
              && isSecond(bytes[at + 1], first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF)
          ? 3
          : 0;
    }
    return to - at >= 4
            && isContinuation(bytes[at + 2])
            && isContinuation(bytes[at + 3])
            && isSecond(bytes[at + 1], first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF)
        ? 4
        : 0;
  }

  /** The second byte tells forms that are too long, surrogates, and what is above U+10FFFF. */
  private static boolean isSecond(byte b, int least, int most) {
    int unsigned = b & 0xFF;
    return unsigned >= least && unsigned <= most;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }
}
