package io.github.dynamokc.gzip;

/**
 * The start of a deflate block within a gzip file, and what is needed to go on there.
 *
 * @param compressed the place in the file of the byte in which the block begins, from 0
 * @param bits how many low bits of this byte are of the block before, 0 to 7
 * @param uncompressed how many bytes of text come before it, of all members
 * @param memberCrc CRC-32 of the text of its member before it
 * @param memberLength how many bytes of text of its member come before it
 * @param window the last of these bytes, at most 32 KB; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record GzipCheckpoint(
    long compressed, int bits, long uncompressed, int memberCrc, long memberLength, byte[] window) {
  /** How far deflate refers back. */
  public static final int WINDOW = 32 * 1024;

  /**
   * @throws IllegalArgumentException if there is no such place in any file
   */
  public GzipCheckpoint {
    if (compressed < 0
        || bits < 0
        || bits > 7
        || memberLength < 0
        || uncompressed < memberLength
        || window.length != Math.min(memberLength, WINDOW)) {
      throw new IllegalArgumentException(
          "No checkpoint: byte %d, bit %d, %d bytes of text, %d of the member, a window of %d"
              .formatted(compressed, bits, uncompressed, memberLength, window.length));
    }
  }
}
