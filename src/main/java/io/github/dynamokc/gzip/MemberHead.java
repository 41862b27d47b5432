package io.github.dynamokc.gzip;

import java.io.EOFException;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** The head of a gzip member, in which nothing but its end is of interest. */
final class MemberHead {
  private static final int HEAD_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final BitInput in;
  private final CRC32 crc = new CRC32();
  private boolean cut;

  private MemberHead(BitInput in) {
    this.in = in;
  }

  /**
   * Steps over it.
   *
   * @return what is wrong with it, null for nothing
   * @throws IOException if the file cannot be read
   */
  static @Nullable IOException skip(BitInput in) throws IOException {
    return new MemberHead(in).skip();
  }

  private @Nullable IOException skip() throws IOException {
    if (number(2) != 0x8B1F) {
      return problem("Not in GZIP format");
    }
    if (number(1) != 8) {
      return problem("Unsupported compression method");
    }
    int flags = number(1);
    leaveOut(6);
    if ((flags & EXTRA) != 0) {
      leaveOut(number(2));
    }
    if ((flags & NAME) != 0) {
      text();
    }
    if ((flags & COMMENT) != 0) {
      text();
    }
    if ((flags & HEAD_CRC) != 0) {
      int expected = (int) crc.getValue() & 0xFFFF;
      if (number(2) != expected) {
        return problem("Corrupt GZIP header");
      }
    }
    return cut ? problem("") : null;
  }

  private IOException problem(String what) {
    return cut ? new EOFException("Unexpected end of the gzip file") : new ZipException(what);
  }

  private void text() throws IOException {
    while (number(1) != 0 && !cut) {
      // A letter of it.
    }
  }

  private void leaveOut(int count) throws IOException {
    for (int left = count; left > 0 && !cut; left--) {
      number(1);
    }
  }

  /** The lowest byte comes first; 0 where the file ends. */
  private int number(int bytes) throws IOException {
    int number = 0;
    for (int i = 0; i < bytes; i++) {
      int read = in.readByte();
      if (read < 0) {
        cut = true;
        return 0;
      }
      crc.update(read);
      number |= read << (8 * i);
    }
    return number;
  }
}
