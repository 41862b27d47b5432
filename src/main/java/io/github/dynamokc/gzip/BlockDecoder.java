package io.github.dynamokc.gzip;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * Decodes the blocks of one gzip member into a buffer that begins with what they may refer back to.
 * Not thread-safe.
 */
final class BlockDecoder {
  private static final int LONGEST_MATCH = 258;

  /** What a copy in words may write behind its end. */
  private static final int OVERRUN = 8;

  /** What one turn of the fast loop writes at the most: three bytes and a match. */
  private static final int TURN = 3 + LONGEST_MATCH + OVERRUN;

  /** What one turn of the fast loop reads at the most. */
  private static final int TURN_INPUT = 16;

  private static final int SIZE = GzipCheckpoint.WINDOW + 64 * 1024;

  /** The text, which ends at {@link #at}. */
  final byte[] text = new byte[SIZE + TURN];

  /** Where the next byte of text goes. */
  int at;

  private final BitInput in;
  private final BlockCodes codes = new BlockCodes();

  /** Where the member's text begins, or the part of it that is still there. */
  private int memberStart;

  /** What is left of a stored block; -1 for a block of another kind. */
  private int stored;

  private boolean last;
  private boolean ended = true;

  BlockDecoder(BitInput in) {
    this.in = in;
  }

  /**
   * Begins a member, or goes on in the middle of it.
   *
   * @param window what its blocks may refer back to
   */
  void beginMember(byte[] window) {
    if (window.length > 0) {
      at = 0;
      System.arraycopy(window, 0, text, 0, window.length);
    }
    memberStart = at;
    at += window.length;
    last = false;
    ended = true;
  }

  /** What a block that begins here may refer back to. */
  byte[] window() {
    return Arrays.copyOfRange(text, Math.max(memberStart, at - GzipCheckpoint.WINDOW), at);
  }

  /** Whether no more text can be decoded before {@link #makeRoom}. */
  boolean isFull() {
    return at >= SIZE;
  }

  /** Forgets the text to which no block can refer back any more. */
  void makeRoom() {
    int forgotten = at - GzipCheckpoint.WINDOW;
    System.arraycopy(text, forgotten, text, 0, GzipCheckpoint.WINDOW);
    at = GzipCheckpoint.WINDOW;
    memberStart = Math.max(0, memberStart - forgotten);
  }

  /** Whether the block is read to its end, or none was begun. */
  boolean isEnded() {
    return ended;
  }

  /** Whether the block is the member's last one. */
  boolean isLast() {
    return last;
  }

  /** Reads the head of the next block. */
  void beginBlock() throws IOException {
    last = in.take(1) == 1;
    ended = false;
    stored = -1;
    switch (in.take(2)) {
      case 0 -> beginStored();
      case 1 -> codes.fixed();
      case 2 -> codes.read(in);
      default -> throw new ZipException("invalid block type");
    }
  }

  private void beginStored() throws IOException {
    in.align();
    int length = in.take(16);
    if (in.take(16) != (~length & 0xFFFF)) {
      throw new ZipException("invalid stored block lengths");
    }
    in.align();
    stored = length;
  }

  /** Decodes text until the buffer is full or the block ends. */
  void decode() throws IOException {
    if (stored >= 0) {
      copyStored();
      return;
    }
    while (at < SIZE && !ended) {
      if (in.end - in.next >= TURN_INPUT) {
        decodeFast();
      }
      if (at < SIZE && !ended) {
        decodeOne();
      }
    }
  }

  private void copyStored() throws IOException {
    while (stored > 0 && at < SIZE) {
      if (in.next == in.end && !in.fill()) {
        throw new EOFException("Unexpected end of the gzip file");
      }
      int count = Math.min(Math.min(stored, SIZE - at), in.end - in.next);
      System.arraycopy(in.buffer, in.next, text, at, count);
      in.next += count;
      at += count;
      stored -= count;
    }
    ended = stored == 0;
  }

  /**
   * Decodes while there is enough input and room that nothing needs to be looked after: 56 bits are
   * there at the start of a turn, of which two bytes of text take 22 and a length 20, and 56 again
   * before a distance, which takes 28. Whatever is above the count is what comes next in the input,
   * so that it does no harm to put it there again.
   */
  private void decodeFast() throws ZipException {
    byte[] input = in.buffer;
    int lastInput = in.end - TURN_INPUT;
    byte[] output = text;
    int[] literals = codes.literals.entries;
    int[] distances = codes.distances.entries;
    int next = in.next;
    long bits = in.bits;
    int count = in.bitCount;
    int to = at;
    while (next <= lastInput && to < SIZE) {
      bits |= (long) BitInput.LONG.get(input, next) << count;
      next += (63 - count) >>> 3;
      count |= 56;
      int entry = literals[(int) bits & BlockCodes.LITERAL_MASK];
      if (entry < 0) {
        output[to++] = (byte) (entry >> 16);
        bits >>>= entry;
        count -= entry & 0xFF;
        entry = literals[(int) bits & BlockCodes.LITERAL_MASK];
        if (entry < 0) {
          output[to++] = (byte) (entry >> 16);
          bits >>>= entry;
          count -= entry & 0xFF;
          entry = literals[(int) bits & BlockCodes.LITERAL_MASK];
        }
      }
      if ((entry & HuffmanTable.LONGER) != 0) {
        bits >>>= entry;
        count -= entry & 0xFF;
        entry = literals[HuffmanTable.place(entry, bits)];
      }
      long before = bits;
      bits >>>= entry;
      count -= entry & 0xFF;
      if (entry < 0) {
        output[to++] = (byte) (entry >> 16);
        continue;
      }
      if ((entry & HuffmanTable.EXCEPTION) != 0) {
        endBlock(entry);
        break;
      }
      int length = HuffmanTable.value(entry, before);
      bits |= (long) BitInput.LONG.get(input, next) << count;
      next += (63 - count) >>> 3;
      count |= 56;
      entry = distances[(int) bits & BlockCodes.DISTANCE_MASK];
      if ((entry & HuffmanTable.LONGER) != 0) {
        bits >>>= entry;
        count -= entry & 0xFF;
        entry = distances[HuffmanTable.place(entry, bits)];
      }
      copyMatch(to, distance(entry, bits, to), length);
      to += length;
      bits >>>= entry;
      count -= entry & 0xFF;
    }
    in.next = next;
    in.bits = bits;
    in.bitCount = count;
    at = to;
  }

  /** Decodes a byte of text, a match, or the end of the block, wherever the input ends. */
  private void decodeOne() throws IOException {
    in.offer(20);
    int entry = codes.literals.entries[(int) in.bits & BlockCodes.LITERAL_MASK];
    if ((entry & HuffmanTable.LONGER) != 0) {
      in.drop(entry & 0xFF);
      entry = codes.literals.entries[HuffmanTable.place(entry, in.bits)];
    }
    long before = in.bits;
    in.drop(entry & 0xFF);
    if (entry < 0) {
      text[at++] = (byte) (entry >> 16);
    } else if ((entry & HuffmanTable.EXCEPTION) != 0) {
      endBlock(entry);
    } else {
      int length = HuffmanTable.value(entry, before);
      in.offer(28);
      entry = codes.distances.entries[(int) in.bits & BlockCodes.DISTANCE_MASK];
      if ((entry & HuffmanTable.LONGER) != 0) {
        in.drop(entry & 0xFF);
        entry = codes.distances.entries[HuffmanTable.place(entry, in.bits)];
      }
      long bits = in.bits;
      in.drop(entry & 0xFF);
      copyMatch(at, distance(entry, bits, at), length);
      at += length;
    }
  }

  private void endBlock(int entry) throws ZipException {
    if ((entry & HuffmanTable.END) == 0) {
      throw new ZipException("invalid literal/length code");
    }
    ended = true;
  }

  private int distance(int entry, long bits, int to) throws ZipException {
    int distance = HuffmanTable.value(entry, bits);
    if ((entry & HuffmanTable.EXCEPTION) != 0 || distance > to - memberStart) {
      throw new ZipException(
          (entry & HuffmanTable.EXCEPTION) != 0
              ? "invalid distance code"
              : "invalid distance too far back");
    }
    return distance;
  }

  /** In words, if what is copied does not begin within a word of where it goes. */
  private void copyMatch(int to, int distance, int length) {
    byte[] output = text;
    int from = to - distance;
    int next = to;
    int end = to + length;
    if (distance >= Long.BYTES) {
      do {
        BitInput.LONG.set(output, next, (long) BitInput.LONG.get(output, from));
        next += Long.BYTES;
        from += Long.BYTES;
      } while (next < end);
    } else if (distance == 1) {
      Arrays.fill(output, next, end, output[from]);
    } else {
      while (next < end) {
        output[next++] = output[from++];
      }
    }
  }
}
