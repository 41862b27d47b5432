package io.github.dynamokc.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte buffer that is used again and again. Not thread-safe. */
public final class ByteSink {
  private byte[] bytes = new byte[4096];
  private int length;

  public void clear() {
    length = 0;
  }

  public void write(char ascii) {
    ensure(1);
    bytes[length++] = (byte) ascii;
  }

  public void write(byte[] source, int from, int to) {
    int count = to - from;
    ensure(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  public void writeAscii(String text) {
    int count = text.length();
    ensure(count);
    for (int i = 0; i < count; i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
  }

  /** Writes any text. */
  public void writeText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    write(utf8, 0, utf8.length);
  }

  public int length() {
    return length;
  }

  public String text() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  /**
   * A part of what was written.
   *
   * @param to index behind its last byte
   */
  public String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** A copy of what was written. */
  public byte[] bytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
