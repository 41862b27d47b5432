package io.github.dynamokc.json;

import java.nio.charset.StandardCharsets;

/**
 * A stretch of a byte array that belongs to somebody else: no copy is made, and it must not be kept
 * longer than its giver says.
 */
public final class Slice {
  private final byte[] array;
  private final int from;
  private final int to;

  public Slice(byte[] array, int from, int to) {
    this.array = array;
    this.from = from;
    this.to = to;
  }

  public static Slice of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Slice(bytes, 0, bytes.length);
  }

  public byte[] array() {
    return array;
  }

  /** Index of the first byte. */
  public int from() {
    return from;
  }

  /** Index behind the last byte. */
  public int to() {
    return to;
  }

  public int length() {
    return to - from;
  }

  /** The bytes as UTF-8 text. */
  public String text() {
    return new String(array, from, to - from, StandardCharsets.UTF_8);
  }

  /** Says nothing of the data: an image may hold anything. */
  @Override
  public String toString() {
    return "Slice of " + length() + " bytes";
  }
}
