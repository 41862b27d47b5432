package io.github.dynamokc.json;

import java.util.Arrays;

/** What JSON values are made of that are neither strings nor objects nor arrays. */
final class JsonScalars {
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private JsonScalars() {}

  /** Whether the bytes are true, false, null or a number. */
  static boolean isWhole(byte[] array, int from, int to) {
    return isNumber(array, from, to)
        || isWord(TRUE, array, from, to)
        || isWord(FALSE, array, from, to)
        || isWord(NULL, array, from, to);
  }

  private static boolean isWord(byte[] word, byte[] array, int from, int to) {
    return Arrays.equals(word, 0, word.length, array, from, to);
  }

  static boolean isLetter(byte b) {
    return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
  }

  /** Whether the bytes are a number by the grammar of RFC 8259, section 6. */
  private static boolean isNumber(byte[] array, int from, int to) {
    int at = from;
    if (at < to && array[at] == '-') {
      at++;
    }
    int digits = afterDigits(array, at, to);
    if (digits == at || (array[at] == '0' && digits > at + 1)) {
      return false;
    }
    at = digits;
    if (at < to && array[at] == '.') {
      digits = afterDigits(array, at + 1, to);
      if (digits == at + 1) {
        return false;
      }
      at = digits;
    }
    if (at < to && (array[at] == 'e' || array[at] == 'E')) {
      at++;
      if (at < to && (array[at] == '+' || array[at] == '-')) {
        at++;
      }
      digits = afterDigits(array, at, to);
      if (digits == at) {
        return false;
      }
      at = digits;
    }
    return at == to;
  }

  /** Whether numbers, true, false or null can have the byte in them. */
  static boolean isPart(byte b) {
    return (b >= '0' && b <= '9')
        || (b >= 'a' && b <= 'z')
        || b == '-'
        || b == '+'
        || b == '.'
        || b == 'E';
  }

  private static int afterDigits(byte[] array, int from, int to) {
    int at = from;
    while (at < to && array[at] >= '0' && array[at] <= '9') {
      at++;
    }
    return at;
  }
}
