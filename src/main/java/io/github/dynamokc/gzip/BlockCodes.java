package io.github.dynamokc.gzip;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.ZipException;

/** The two codes of a deflate block, and how they are read from its head. Not thread-safe. */
final class BlockCodes {
  private static final int LITERAL_BITS = 11;
  private static final int DISTANCE_BITS = 8;

  /** Of the input's bits, those that are the place in the table. */
  static final int LITERAL_MASK = (1 << LITERAL_BITS) - 1;

  /** Of the input's bits, those that are the place in the table. */
  static final int DISTANCE_MASK = (1 << DISTANCE_BITS) - 1;

  private static final int END_OF_BLOCK = 256;
  private static final int MOST_LITERALS = 286;
  private static final int MOST_DISTANCES = 30;

  /** In which order the lengths of the code come in which the others are told. */
  private static final byte[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  /** Bytes of text, the end of the block, and lengths. */
  final HuffmanTable literals =
      new HuffmanTable("literal/lengths", LITERAL_BITS, 2400, literalSymbols());

  final HuffmanTable distances =
      new HuffmanTable("distances", DISTANCE_BITS, 512, distanceSymbols());
  private final HuffmanTable lengthCodes = new HuffmanTable("code lengths", 7, 128, numbers());
  private final byte[] lengths = new byte[320];

  private static int[] literalSymbols() {
    int[] symbols = new int[288];
    for (int i = 0; i < END_OF_BLOCK; i++) {
      symbols[i] = HuffmanTable.LITERAL | i << 16;
    }
    symbols[END_OF_BLOCK] = HuffmanTable.EXCEPTION | HuffmanTable.END;
    int base = 3;
    for (int i = 0; i < 28; i++) {
      int extra = Math.max(0, i / 4 - 1);
      symbols[257 + i] = base << 16 | extra;
      base += 1 << extra;
    }
    symbols[285] = 258 << 16;
    symbols[286] = HuffmanTable.EXCEPTION;
    symbols[287] = HuffmanTable.EXCEPTION;
    return symbols;
  }

  private static int[] distanceSymbols() {
    int[] symbols = new int[32];
    int base = 1;
    for (int i = 0; i < MOST_DISTANCES; i++) {
      int extra = Math.max(0, i / 2 - 1);
      symbols[i] = base << 16 | extra;
      base += 1 << extra;
    }
    symbols[30] = HuffmanTable.EXCEPTION;
    symbols[31] = HuffmanTable.EXCEPTION;
    return symbols;
  }

  private static int[] numbers() {
    int[] symbols = new int[ORDER.length];
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = i << 16;
    }
    return symbols;
  }

  /** Of a block that tells none. */
  void fixed() throws ZipException {
    Arrays.fill(lengths, 0, 144, (byte) 8);
    Arrays.fill(lengths, 144, 256, (byte) 9);
    Arrays.fill(lengths, 256, 280, (byte) 7);
    Arrays.fill(lengths, 280, 288, (byte) 8);
    Arrays.fill(lengths, 288, 320, (byte) 5);
    literals.build(lengths, 0, 288, false);
    distances.build(lengths, 288, 32, false);
  }

  /** Reads them. */
  void read(BitInput in) throws IOException {
    int literalCount = in.take(5) + 257;
    int distanceCount = in.take(5) + 1;
    int codeCount = in.take(4) + 4;
    if (literalCount > MOST_LITERALS || distanceCount > MOST_DISTANCES) {
      throw new ZipException("too many length or distance symbols");
    }
    Arrays.fill(lengths, 0, ORDER.length, (byte) 0);
    for (int i = 0; i < codeCount; i++) {
      lengths[ORDER[i]] = (byte) in.take(3);
    }
    lengthCodes.build(lengths, 0, ORDER.length, false);
    readLengths(in, literalCount + distanceCount);
    if (lengths[END_OF_BLOCK] == 0) {
      throw new ZipException("invalid code -- missing end-of-block");
    }
    literals.build(lengths, 0, literalCount, true);
    distances.build(lengths, literalCount, distanceCount, true);
  }

  private void readLengths(BitInput in, int count) throws IOException {
    int at = 0;
    while (at < count) {
      in.offer(lengthCodes.bits);
      int entry = lengthCodes.entries[(int) in.bits & ((1 << lengthCodes.bits) - 1)];
      in.drop(entry & 0xFF);
      int symbol = entry >>> 16;
      byte length = (byte) symbol;
      int times = 1;
      if (symbol == 16) {
        if (at == 0) {
          throw new ZipException("invalid bit length repeat");
        }
        length = lengths[at - 1];
        times = 3 + in.take(2);
      } else if (symbol > 16) {
        length = 0;
        times = symbol == 17 ? 3 + in.take(3) : 11 + in.take(7);
      }
      if (times > count - at) {
        throw new ZipException("invalid bit length repeat");
      }
      Arrays.fill(lengths, at, at + times, length);
      at += times;
    }
  }
}
