package io.github.dynamokc.gzip;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Compressed bytes as bits, the lowest of a byte first. The fields are open for the loop that
 * decodes symbols, which holds them in variables meanwhile. Not thread-safe.
 */
final class BitInput {
  /** Eight bytes as one number. */
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int SIZE = 64 * 1024;

  /** Bytes that stay when others are moved away: the bits may be of them, and be given back. */
  private static final int KEPT = 16;

  final byte[] buffer = new byte[SIZE];

  /** Where in the buffer the byte is that comes next. */
  int next;

  /** Where the bytes in the buffer end. */
  int end;

  /** The bits that come next. Above {@link #bitCount} is what follows them, or nothing. */
  long bits;

  /** How many bits there are. */
  int bitCount;

  private final InputStream in;
  private final GunzipObserver observer;

  /** The place in the file of the first byte in the buffer. */
  private long base;

  /** The place in the file up to which the observer knows the bytes. */
  private long told;

  /**
   * @param in begins with the byte at {@code position}
   */
  BitInput(InputStream in, long position, GunzipObserver observer) {
    this.in = in;
    this.observer = observer;
    this.base = position;
    this.told = position;
  }

  /** The place in the file of the bit that comes next. */
  long bitPosition() {
    return 8 * (base + next) - bitCount;
  }

  /** Tells the observer of all bytes that lie behind. */
  void tell() {
    long reached = bitPosition() >>> 3;
    if (reached > told) {
      observer.consumed(buffer, (int) (told - base), (int) (reached - base));
      told = reached;
    }
  }

  /**
   * Reads more bytes into the buffer, of which all are taken.
   *
   * @return false at the end of the file
   */
  boolean fill() throws IOException {
    tell();
    int kept = Math.min(next, KEPT);
    System.arraycopy(buffer, next - kept, buffer, 0, end - next + kept);
    base += next - kept;
    end -= next - kept;
    next = kept;
    int read = in.read(buffer, end, buffer.length - end);
    if (read > 0) {
      end += read;
    }
    return read > 0;
  }

  /** Goes to the start of the next byte, if it is not at one; there are no bits then. */
  void align() {
    next -= bitCount >>> 3;
    bits = 0;
    bitCount = 0;
  }

  /**
   * Has so many bits ready, if there are.
   *
   * @param count at most 48
   */
  void offer(int count) throws IOException {
    while (bitCount < count && (next < end || fill())) {
      bits |= (buffer[next++] & 0xFFL) << bitCount;
      bitCount += 8;
    }
  }

  /**
   * Takes bits.
   *
   * @param count at most 32
   */
  int take(int count) throws IOException {
    offer(count);
    int taken = (int) (bits & ((1L << count) - 1));
    drop(count);
    return taken;
  }

  /** Leaves out bits that were offered. */
  void drop(int count) throws EOFException {
    if (count > bitCount) {
      throw new EOFException("Unexpected end of the gzip file");
    }
    bits >>>= count;
    bitCount -= count;
  }

  /** The next byte, -1 at the end of the file. Only at the start of a byte. */
  int readByte() throws IOException {
    return next < end || fill() ? buffer[next++] & 0xFF : -1;
  }

  /** Reads what is left of the file, of which only the observer hears. */
  void drain() throws IOException {
    align();
    do {
      next = end;
    } while (fill());
  }
}
