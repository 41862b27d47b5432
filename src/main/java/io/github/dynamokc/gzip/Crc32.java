package io.github.dynamokc.gzip;

import java.util.zip.CRC32;

/**
 * CRC-32 of a text of which a first part may have been read elsewhere. {@link CRC32} cannot begin
 * with a value: the two parts' values are put together, as zlib does it.
 */
final class Crc32 {
  private static final int POLYNOMIAL = 0xEDB88320;

  private final CRC32 rest = new CRC32();
  private int first;
  private long restLength;

  /**
   * Begins anew.
   *
   * @param first the value of the part that was read elsewhere, 0 if there is none
   */
  void reset(int first) {
    this.first = first;
    rest.reset();
    restLength = 0;
  }

  void update(byte[] bytes, int from, int to) {
    rest.update(bytes, from, to - from);
    restLength += to - from;
  }

  /** Of the whole text. */
  int value() {
    return first == 0 ? (int) rest.getValue() : shifted(first, restLength) ^ (int) rest.getValue();
  }

  /** What a value becomes by so many bytes of 0: a product of the matrices of powers of two. */
  private static int shifted(int crc, long bytes) {
    int[] matrix = new int[32];
    matrix[0] = POLYNOMIAL;
    for (int i = 1; i < 32; i++) {
      matrix[i] = 1 << (i - 1);
    }
    // One bit of 0; three times squared: a byte.
    int[] power = square(square(square(matrix)));
    int shifted = crc;
    for (long left = bytes; left != 0; left >>>= 1) {
      if ((left & 1) != 0) {
        shifted = times(power, shifted);
      }
      power = square(power);
    }
    return shifted;
  }

  private static int[] square(int[] matrix) {
    int[] square = new int[32];
    for (int i = 0; i < 32; i++) {
      square[i] = times(matrix, matrix[i]);
    }
    return square;
  }

  private static int times(int[] matrix, int vector) {
    int sum = 0;
    for (int i = 0; i < 32; i++) {
      sum ^= (vector >>> i & 1) != 0 ? matrix[i] : 0;
    }
    return sum;
  }
}
