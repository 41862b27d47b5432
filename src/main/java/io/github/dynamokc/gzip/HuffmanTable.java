package io.github.dynamokc.gzip;

import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * What the next bits of the input stand for, for one of a block's codes. The low bits of the input
 * are the place in the table; codes that are longer go on in a part of the table of their own.
 *
 * <p>An entry is a number: its lowest byte is how many bits it takes with its extra bits, the next
 * one how many without, and from bit 16 on there is a length or a distance, or with {@link
 * #LITERAL} a byte. Entries of other kinds have {@link #EXCEPTION}.
 */
final class HuffmanTable {
  /** Sign bit: the entry is a byte of text. */
  static final int LITERAL = 1 << 31;

  /** The entry is none of a byte, length or distance. */
  static final int EXCEPTION = 1 << 15;

  /** Of exceptions: the code is longer. The place of its part is from bit 16 on. */
  static final int LONGER = 1 << 14;

  /** Of exceptions: the block ends. */
  static final int END = 1 << 13;

  private static final int MAX_LENGTH = 15;

  /** Entries by the low bits of the input. */
  final int[] entries;

  /** How many bits of the input are the place in the table. */
  final int bits;

  private final String name;
  private final int[] symbols;
  private final int[] counts = new int[MAX_LENGTH + 1];
  private final int[] sorted;

  /**
   * @param name for messages
   * @param bits how many bits of the input are the place in the table
   * @param size how many entries there may be at the most, with those of longer codes
   * @param symbols the entry of each symbol, without the length of its code
   */
  HuffmanTable(String name, int bits, int size, int[] symbols) {
    this.name = name;
    this.bits = bits;
    this.symbols = symbols;
    this.entries = new int[size];
    this.sorted = new int[symbols.length];
  }

  /**
   * Makes the table of a code.
   *
   * @param lengths of the symbols' codes in bits, 0 for a symbol that does not occur
   * @param incomplete whether a code with at most one symbol is good
   * @throws ZipException if there is no such code
   */
  void build(byte[] lengths, int from, int count, boolean incomplete) throws ZipException {
    Arrays.fill(counts, 0);
    for (int i = 0; i < count; i++) {
      counts[lengths[from + i]]++;
    }
    int longest = MAX_LENGTH;
    while (longest > 0 && counts[longest] == 0) {
      longest--;
    }
    int left = 1;
    for (int length = 1; length <= MAX_LENGTH; length++) {
      left = (left << 1) - counts[length];
      if (left < 0) {
        throw new ZipException("invalid " + name + " set");
      }
    }
    if (left > 0) {
      if (!incomplete || longest > 1) {
        throw new ZipException("invalid " + name + " set");
      }
      Arrays.fill(entries, 0, 1 << bits, EXCEPTION);
    }
    sort(lengths, from, count);
    fill(lengths, from, count - counts[0], longest);
  }

  /** Orders symbols by the lengths of their codes, and those of one length as they are. */
  private void sort(byte[] lengths, int from, int count) {
    int[] next = new int[MAX_LENGTH + 2];
    for (int length = 1; length <= MAX_LENGTH; length++) {
      next[length + 1] = next[length] + counts[length];
    }
    for (int symbol = 0; symbol < count; symbol++) {
      int length = lengths[from + symbol];
      if (length > 0) {
        sorted[next[length]++] = symbol;
      }
    }
  }

  private void fill(byte[] lengths, int from, int used, int longest) {
    int code = 0;
    int part = 0;
    int partBits = 0;
    int prefix = -1;
    int end = 1 << bits;
    for (int i = 0; i < used; i++) {
      int length = lengths[from + sorted[i]];
      int entry = symbols[sorted[i]];
      if (length <= bits) {
        put(entry, length, 0, code, 1 << bits);
      } else {
        int low = code & ((1 << bits) - 1);
        if (low != prefix) {
          prefix = low;
          part = end;
          partBits = partBits(length, longest);
          end += 1 << partBits;
          entries[low] = part << 16 | EXCEPTION | LONGER | partBits << 8 | bits;
        }
        put(entry, length - bits, part, code >>> bits, 1 << partBits);
      }
      counts[length]--;
      code = successor(code, length);
    }
  }

  /** Where the entry of a longer code is, if these bits come behind those of the first place. */
  static int place(int longer, long bits) {
    return (longer >>> 16) + ((int) bits & ((1 << (longer >>> 8 & 0x3F)) - 1));
  }

  /** The length or distance of an entry whose bits come first. */
  static int value(int entry, long bits) {
    return (entry >>> 16) + (int) ((bits & ((1L << entry) - 1)) >>> (entry >>> 8));
  }

  /** Puts an entry wherever its code is followed by anything. */
  private void put(int entry, int length, int part, int code, int size) {
    int whole = entry + (length << 8) + length;
    for (int at = code; at < size; at += 1 << length) {
      entries[part + at] = whole;
    }
  }

  /** How many bits tell the codes apart that begin as the next one, which is a longer one. */
  private int partBits(int length, int longest) {
    int part = length - bits;
    int left = 1 << part;
    while (part + bits < longest) {
      left -= counts[part + bits];
      if (left <= 0) {
        break;
      }
      part++;
      left <<= 1;
    }
    return part;
  }

  /** The code after one of that length, with the first bit lowest. */
  private static int successor(int code, int length) {
    int bit = 1 << (length - 1);
    int next = code;
    while ((next & bit) != 0) {
      next ^= bit;
      bit >>>= 1;
    }
    return next | bit;
  }
}
