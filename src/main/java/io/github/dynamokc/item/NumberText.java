package io.github.dynamokc.item;

import io.github.dynamokc.json.ByteSink;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.MalformedJsonException;
import java.math.BigDecimal;

/**
 * DynamoDB numbers as text: exact, and never in scientific notation. DynamoDB keeps up to 38 digits
 * with magnitudes from 1E-130 to 9.9E+125 (developer guide, "Naming rules and data types").
 */
public final class NumberText {
  private static final int LONGEST_TEXT = 512;
  private static final int LARGEST_SCALE = 512;

  /** So many characters hold no more digits than a long does. */
  private static final int LONGEST_OF_LONG = 18;

  private NumberText() {}

  /**
   * Writes the number in the string that was read last as JSON, with the digits it has: {@code
   * 1.50} stays {@code 1.50}.
   */
  static void write(JsonCursor in, ByteSink out) {
    if (isPlain(in)) {
      out.write(in.array(), in.tokenFrom(), in.tokenTo());
    } else {
      out.writeAscii(parse(in.tokenText()).toPlainString());
    }
  }

  /**
   * The number in the string that was read last as text, with the digits it has: {@code 1.50}
   * stays, {@code 1E+2} is {@code 100}.
   */
  public static String plain(JsonCursor in) {
    return isPlain(in) ? in.tokenText() : parse(in.tokenText()).toPlainString();
  }

  /** Refuses the string that was read last if it is no number. */
  static void check(JsonCursor in) {
    if (!isPlain(in)) {
      parse(in.tokenText());
    }
  }

  /** The one text of a number, for keys: no exponent, no trailing zeros, zero is {@code 0}. */
  public static String canonical(String text) {
    if (isCanonicalInteger(text)) {
      return text;
    }
    BigDecimal number = parse(text);
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /** Whether this is a JSON number without exponent; what starts with -0 goes the slow way. */
  private static boolean isPlain(JsonCursor in) {
    byte[] source = in.array();
    int from = in.tokenFrom();
    int to = in.tokenTo();
    if (to - from > LONGEST_TEXT) {
      return false;
    }
    int at = from;
    if (at < to && source[at] == '-') {
      at++;
      if (at < to && source[at] == '0') {
        return false;
      }
    }
    int digits = at;
    while (at < to && isDigit(source[at])) {
      at++;
    }
    if (at == digits || (source[digits] == '0' && at - digits > 1)) {
      return false;
    }
    if (at == to) {
      return true;
    }
    if (source[at] != '.') {
      return false;
    }
    int fraction = ++at;
    while (at < to && isDigit(source[at])) {
      at++;
    }
    return at == to && at > fraction;
  }

  private static boolean isCanonicalInteger(String text) {
    int first = text.startsWith("-") ? 1 : 0;
    if (text.length() == first
        || text.length() > LONGEST_TEXT
        || (text.charAt(first) == '0' && text.length() > 1)) {
      return false;
    }
    for (int i = first; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /**
   * The exact number in the string that was read last, with the digits it has.
   *
   * @throws MalformedJsonException if it is none
   */
  public static BigDecimal parse(JsonCursor in) {
    return in.tokenTo() - in.tokenFrom() <= LONGEST_OF_LONG && isPlain(in)
        ? parsePlain(in.array(), in.tokenFrom(), in.tokenTo())
        : parse(in.tokenText());
  }

  /** Of a JSON number without exponent whose digits fit in a long. */
  private static BigDecimal parsePlain(byte[] source, int from, int to) {
    boolean negative = source[from] == '-';
    long digits = 0;
    int scale = 0;
    for (int at = negative ? from + 1 : from; at < to; at++) {
      if (source[at] == '.') {
        scale = to - at - 1;
      } else {
        digits = digits * 10 + (source[at] - '0');
      }
    }
    return BigDecimal.valueOf(negative ? -digits : digits, scale);
  }

  /** The exact number. */
  public static BigDecimal parse(String text) {
    if (text.length() <= LONGEST_TEXT && isAscii(text)) {
      try {
        BigDecimal number = new BigDecimal(text);
        if (Math.abs((long) number.scale()) <= LARGEST_SCALE) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Falls through: the message must not carry the value, so the cause is not kept.
      }
    }
    throw new MalformedJsonException("an N attribute holds no DynamoDB number");
  }

  /** BigDecimal takes the digits of all scripts. */
  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
