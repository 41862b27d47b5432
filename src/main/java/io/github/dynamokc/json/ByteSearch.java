package io.github.dynamokc.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Looks for bytes eight at a time, each a lane of a long. A lane's top bit is set where something
 * was found; subtraction may set wrong ones too, but only above the lowest, and that one counts: in
 * little-endian order it is the first byte.
 */
public final class ByteSearch {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long TOPS = 0x8080_8080_8080_8080L;
  private static final long LINE_FEEDS = ONES * '\n';
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long SPACES = ONES * ' ';
  private static final long PLUSES = ONES * '+';

  /** An odd number whose bits look random: 2^64 over the golden ratio. */
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  /** Else somebody could write items whose names all have the same hash. */
  private static final long SEED = ThreadLocalRandom.current().nextLong();

  private ByteSearch() {}

  /** Index of the first line feed in the range, or {@code to}. */
  public static int lineFeed(byte[] bytes, int from, int to) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long found = zeros((long) EIGHT.get(bytes, at) ^ LINE_FEEDS);
      if (found != 0) {
        return at + firstLane(found);
      }
    }
    while (at < to && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  /**
   * Index of the first byte in the range that is no ASCII character that stands for itself inside a
   * JSON string, or {@code to}: a quote, a backslash, a control character, a part of a longer
   * character.
   */
  public static int endOfPlainAscii(byte[] bytes, int from, int to) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long eight = (long) EIGHT.get(bytes, at);
      long others = ((eight - SPACES) | eight) & TOPS;
      long found = zeros(eight ^ QUOTES) | zeros(eight ^ BACKSLASHES) | others;
      if (found != 0) {
        return at + firstLane(found);
      }
    }
    while (at < to && isPlainAscii(bytes[at])) {
      at++;
    }
    return at;
  }

  /**
   * A number that equal bytes share, made of their first eight and their last eight; its upper bits
   * are the better ones.
   */
  static long ends(byte[] bytes, int from, int to) {
    int length = to - from;
    long lanes =
        length < Long.BYTES
            ? fewerThanEight(bytes, from, to)
            : (long) EIGHT.get(bytes, from) + 31 * (long) EIGHT.get(bytes, to - Long.BYTES);
    return (lanes + length) * MIX;
  }

  /**
   * Whether the bytes are of Base64's alphabet, padding not among it. A lane below 128 plus 128
   * less a character keeps its top bit if it is that character or above.
   */
  public static boolean areBase64(byte[] bytes, int from, int to) {
    long good = TOPS;
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      good &= base64Lanes((long) EIGHT.get(bytes, at));
    }
    for (; at < to; at++) {
      good &= base64Lanes(ONES * (bytes[at] & 0xFF));
    }
    return good == TOPS;
  }

  private static long base64Lanes(long eight) {
    long tops = eight | TOPS;
    long lower = tops | SPACES;
    long letters = (lower - ONES * 'a') & ~(lower - ONES * ('z' + 1));
    // A slash stands before the digits.
    long digits = (tops - ONES * '/') & ~(tops - ONES * ('9' + 1));
    long pluses = ~((tops ^ PLUSES) - ONES);
    return (letters | digits | pluses) & ~eight;
  }

  /** A number that equal bytes share, and which nobody outside of this JVM can tell. */
  static int hash(byte[] bytes, int from, int to) {
    long hash = SEED ^ (to - from);
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      hash = mix(hash ^ (long) EIGHT.get(bytes, at));
    }
    return (int) mix(hash ^ fewerThanEight(bytes, at, to));
  }

  private static long mix(long hash) {
    long mixed = hash * MIX;
    return mixed ^ (mixed >>> 32);
  }

  /** The bytes up to {@code to} as the upper lanes of a long. */
  private static long fewerThanEight(byte[] bytes, int from, int to) {
    if (from == to) {
      return 0;
    }
    if (bytes.length - from >= Long.BYTES) {
      return (long) EIGHT.get(bytes, from) << ((Long.BYTES - (to - from)) * Byte.SIZE);
    }
    long lanes = 0;
    for (int at = from; at < to; at++) {
      lanes = (lanes >>> Byte.SIZE) | ((long) bytes[at] << (Long.SIZE - Byte.SIZE));
    }
    return lanes;
  }

  private static boolean isPlainAscii(byte b) {
    return b >= ' ' && b != '"' && b != '\\';
  }

  private static long zeros(long eight) {
    return (eight - ONES) & ~eight & TOPS;
  }

  private static int firstLane(long found) {
    return Long.numberOfTrailingZeros(found) >>> 3;
  }
}
