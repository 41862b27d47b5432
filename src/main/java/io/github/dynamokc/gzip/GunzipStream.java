package io.github.dynamokc.gzip;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The text of a gzip file, of all its members, from its start or from a checkpoint on. CRC-32 and
 * length of each member are verified, of the one with the checkpoint as well. Bytes behind the last
 * member are read, and ignored. What is wrong with the file is a {@link ZipException}, or an {@link
 * EOFException} where it ends too soon; after one the stream is not to be used any more.
 *
 * <p>As fast as {@code java.util.zip}, and on the same thread as the caller. Does not close the
 * stream that it reads. Not thread-safe.
 */
public final class GunzipStream extends InputStream {
  private static final byte[] NOTHING = {};

  private final BitInput in;
  private final BlockDecoder blocks;
  private final Crc32 crc = new Crc32();
  private final GunzipObserver observer;
  private final long everyBytes;

  /** How many bits of the first byte are of the block before the checkpoint. */
  private int bits;

  private Place place = Place.FIRST_MEMBER;

  /** Up to where the caller has the text that the decoder has. */
  private int given;

  /** Up to where the text that the decoder has is checked. */
  private int checked;

  /** How much text the checked part is, of all members and of the last one. */
  private long length;

  private long memberLength;

  /** From which place in the file on a checkpoint is due. */
  private long due;

  /** What comes next in the file. */
  private enum Place {
    FIRST_MEMBER,
    FURTHER_MEMBER,
    WITHIN_BYTE,
    BLOCKS,
    NOTHING
  }

  /** From the start of a file, without checkpoints. */
  public GunzipStream(InputStream compressed) {
    this(compressed, null, Long.MAX_VALUE, GunzipObserver.NONE);
  }

  /**
   * @param compressed the file from the checkpoint's byte on, or from its start
   * @param from null for the start of the file
   * @param everyBytes how many compressed bytes are at least between two checkpoints
   * @param observer gets the checkpoints; each time at the start of a block, so they may be further
   *     apart
   */
  public GunzipStream(
      InputStream compressed,
      @Nullable GzipCheckpoint from,
      long everyBytes,
      GunzipObserver observer) {
    long start = from == null ? 0 : from.compressed();
    this.in = new BitInput(compressed, start, observer);
    this.blocks = new BlockDecoder(in);
    this.observer = observer;
    this.everyBytes = everyBytes;
    this.due = everyBytes > Long.MAX_VALUE - start ? Long.MAX_VALUE : start + everyBytes;
    if (from != null) {
      begin(from);
    }
  }

  private void begin(GzipCheckpoint from) {
    bits = from.bits();
    blocks.beginMember(from.window());
    given = blocks.at;
    checked = blocks.at;
    crc.reset(from.memberCrc());
    memberLength = from.memberLength();
    length = from.uncompressed();
    place = Place.WITHIN_BYTE;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, target.length);
    if (count == 0) {
      return 0;
    }
    if (given == blocks.at) {
      decode();
      if (given == blocks.at) {
        return -1;
      }
    }
    int some = Math.min(count, blocks.at - given);
    System.arraycopy(blocks.text, given, target, offset, some);
    given += some;
    return some;
  }

  /** Has some more text, if there is any. */
  private void decode() throws IOException {
    if (blocks.isFull()) {
      blocks.makeRoom();
      given = blocks.at;
      checked = blocks.at;
    }
    while (place != Place.NOTHING && !blocks.isFull()) {
      switch (place) {
        case FIRST_MEMBER, FURTHER_MEMBER -> beginMember();
        case WITHIN_BYTE -> leaveOutBits();
        case BLOCKS -> decodeBlock();
        case NOTHING -> throw new IllegalStateException();
      }
    }
    check();
  }

  private void leaveOutBits() throws IOException {
    in.take(bits);
    place = Place.BLOCKS;
  }

  private void beginMember() throws IOException {
    IOException problem = MemberHead.skip(in);
    if (problem == null) {
      blocks.beginMember(NOTHING);
      crc.reset(0);
      memberLength = 0;
      place = Place.BLOCKS;
    } else if (place == Place.FIRST_MEMBER) {
      throw problem;
    } else {
      in.drain();
      place = Place.NOTHING;
    }
  }

  private void decodeBlock() throws IOException {
    if (!blocks.isEnded()) {
      blocks.decode();
    } else if (blocks.isLast()) {
      check();
      endMember();
    } else {
      long bit = in.bitPosition();
      if (bit >>> 3 >= due) {
        giveCheckpoint(bit);
      }
      blocks.beginBlock();
    }
  }

  private void giveCheckpoint(long bit) {
    check();
    in.tell();
    long compressed = bit >>> 3;
    observer.reached(
        new GzipCheckpoint(
            compressed, (int) bit & 7, length, crc.value(), memberLength, blocks.window()));
    due = compressed + everyBytes;
  }

  private void check() {
    int more = blocks.at - checked;
    crc.update(blocks.text, checked, blocks.at);
    checked = blocks.at;
    memberLength += more;
    length += more;
  }

  private void endMember() throws IOException {
    in.align();
    int expectedCrc = in.take(32);
    int expectedLength = in.take(32);
    in.align();
    if (expectedCrc != crc.value() || expectedLength != (int) memberLength) {
      throw new ZipException("Corrupt GZIP trailer");
    }
    place = in.next < in.end || in.fill() ? Place.FURTHER_MEMBER : Place.NOTHING;
    in.tell();
  }
}
