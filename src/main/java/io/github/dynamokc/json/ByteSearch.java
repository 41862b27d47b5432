package io.github.dynamokc.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

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
   * Index of the first byte in the range that does not stand for itself inside a JSON string, or
   * {@code to}: a quote, a backslash, a control character.
   */
  public static int endOfPlain(byte[] bytes, int from, int to) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long eight = (long) EIGHT.get(bytes, at);
      long controls = (eight - SPACES) & ~eight & TOPS;
      long found = zeros(eight ^ QUOTES) | zeros(eight ^ BACKSLASHES) | controls;
      if (found != 0) {
        return at + firstLane(found);
      }
    }
    while (at < to && isPlain(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isPlain(byte b) {
    return b != '"' && b != '\\' && (b < 0 || b >= ' ');
  }

  private static long zeros(long eight) {
    return (eight - ONES) & ~eight & TOPS;
  }

  private static int firstLane(long found) {
    return Long.numberOfTrailingZeros(found) >>> 3;
  }
}
