package io.github.dynamokc.export;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;

/**
 * An MD5 whose state can be stored, so that the checksum of a file is known also if two processes
 * have read a part of it each. That of the platform has no such state. Not thread-safe.
 */
final class ResumableMd5 {
  private static final int BLOCK = 64;
  private static final int STATE = 16;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** One for each step, as RFC 1321 has them: of a sine. */
  private static final int[] SINES = sines();

  private int a = 0x67452301;
  private int b = 0xEFCDAB89;
  private int c = 0x98BADCFE;
  private int d = 0x10325476;
  private final byte[] begun = new byte[BLOCK];
  private long length;

  private static int[] sines() {
    int[] sines = new int[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      sines[i] = (int) (long) Math.floor(Math.abs(StrictMath.sin(i + 1)) * 0x1p32);
    }
    return sines;
  }

  /**
   * One that goes on.
   *
   * @param state what {@link #state} gave
   * @param length how many bytes had been digested then
   * @throws IllegalArgumentException if it gave no such state after so many bytes
   */
  static ResumableMd5 resumed(byte[] state, long length) {
    int left = (int) (length % BLOCK);
    if (length < 0 || state.length != STATE + left) {
      throw new IllegalArgumentException(
          "The state of an MD5 of %d bytes has not %d bytes".formatted(length, state.length));
    }
    ResumableMd5 md5 = new ResumableMd5();
    md5.a = (int) INT.get(state, 0);
    md5.b = (int) INT.get(state, 4);
    md5.c = (int) INT.get(state, 8);
    md5.d = (int) INT.get(state, 12);
    System.arraycopy(state, STATE, md5.begun, 0, left);
    md5.length = length;
    return md5;
  }

  void update(byte[] bytes, int from, int to) {
    int left = (int) (length % BLOCK);
    int next = from;
    length += to - from;
    if (left > 0) {
      int some = Math.min(BLOCK - left, to - from);
      System.arraycopy(bytes, from, begun, left, some);
      next += some;
      if (left + some < BLOCK) {
        return;
      }
      digest(begun, 0);
    }
    for (; to - next >= BLOCK; next += BLOCK) {
      digest(bytes, next);
    }
    System.arraycopy(bytes, next, begun, 0, to - next);
  }

  /** What it takes to go on with {@link #resumed}. */
  byte[] state() {
    int left = (int) (length % BLOCK);
    byte[] state = Arrays.copyOf(words(), STATE + left);
    System.arraycopy(begun, 0, state, STATE, left);
    return state;
  }

  /** Of all bytes, in Base64; it cannot go on then. */
  String value() {
    long bits = 8 * length;
    int left = (int) (length % BLOCK);
    byte[] end = new byte[left < BLOCK - Long.BYTES ? BLOCK - left : 2 * BLOCK - left];
    end[0] = (byte) 0x80;
    ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).putLong(end.length - Long.BYTES, bits);
    update(end, 0, end.length);
    return Base64.getEncoder().encodeToString(words());
  }

  private byte[] words() {
    ByteBuffer words = ByteBuffer.allocate(STATE).order(ByteOrder.LITTLE_ENDIAN);
    return words.putInt(a).putInt(b).putInt(c).putInt(d).array();
  }

  /** Digests 64 bytes: four rounds of 16 steps. */
  private void digest(byte[] block, int at) {
    int w = a;
    int x = b;
    int y = c;
    int z = d;
    for (int i = 0; i < 16; i += 4) {
      w = x + Integer.rotateLeft(w + ((x & y) | (~x & z)) + word(block, at, i, i), 7);
      z = w + Integer.rotateLeft(z + ((w & x) | (~w & y)) + word(block, at, i + 1, i + 1), 12);
      y = z + Integer.rotateLeft(y + ((z & w) | (~z & x)) + word(block, at, i + 2, i + 2), 17);
      x = y + Integer.rotateLeft(x + ((y & z) | (~y & w)) + word(block, at, i + 3, i + 3), 22);
    }
    for (int i = 16; i < 32; i += 4) {
      w = x + Integer.rotateLeft(w + ((x & z) | (y & ~z)) + word(block, at, 5 * i + 1, i), 5);
      z = w + Integer.rotateLeft(z + ((w & y) | (x & ~y)) + word(block, at, 5 * i + 6, i + 1), 9);
      y = z + Integer.rotateLeft(y + ((z & x) | (w & ~x)) + word(block, at, 5 * i + 11, i + 2), 14);
      x = y + Integer.rotateLeft(x + ((y & w) | (z & ~w)) + word(block, at, 5 * i, i + 3), 20);
    }
    for (int i = 32; i < 48; i += 4) {
      w = x + Integer.rotateLeft(w + (x ^ y ^ z) + word(block, at, 3 * i + 5, i), 4);
      z = w + Integer.rotateLeft(z + (w ^ x ^ y) + word(block, at, 3 * i + 8, i + 1), 11);
      y = z + Integer.rotateLeft(y + (z ^ w ^ x) + word(block, at, 3 * i + 11, i + 2), 16);
      x = y + Integer.rotateLeft(x + (y ^ z ^ w) + word(block, at, 3 * i + 14, i + 3), 23);
    }
    for (int i = 48; i < 64; i += 4) {
      w = x + Integer.rotateLeft(w + (y ^ (x | ~z)) + word(block, at, 7 * i, i), 6);
      z = w + Integer.rotateLeft(z + (x ^ (w | ~y)) + word(block, at, 7 * i + 7, i + 1), 10);
      y = z + Integer.rotateLeft(y + (w ^ (z | ~x)) + word(block, at, 7 * i + 14, i + 2), 15);
      x = y + Integer.rotateLeft(x + (z ^ (y | ~w)) + word(block, at, 7 * i + 21, i + 3), 21);
    }
    a += w;
    b += x;
    c += y;
    d += z;
  }

  /** A word of the block, and the sine of the step. */
  private static int word(byte[] block, int at, int word, int step) {
    return (int) INT.get(block, at + 4 * (word & 15)) + SINES[step];
  }
}
