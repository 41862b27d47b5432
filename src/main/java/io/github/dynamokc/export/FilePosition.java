package io.github.dynamokc.export;

import io.github.dynamokc.gzip.GzipCheckpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The start of a line within a data file, and all that it takes to go on there as if the file had
 * been read from its start: nothing before it is downloaded or decompressed again, and the file's
 * checksum is known at its end.
 *
 * @param eTag of the object, which has to be the same
 * @param checkpoint a place in the compressed file before the line
 * @param skipped how many bytes of text there are from the checkpoint to the line
 * @param md5 the state of the MD5 of all bytes before the checkpoint's
 * @param items how many items come before the line
 * @param lines how many lines come before it
 */
@SuppressWarnings("ArrayRecordComponent")
record FilePosition(
    String eTag, GzipCheckpoint checkpoint, long skipped, byte[] md5, long items, long lines) {
  private static final byte FORM = 1;
  private static final int CRC_BYTES = 4;

  /**
   * As a text of letters, digits, {@code +} and {@code /}, for {@link #parsed}: about as long as
   * what gzip makes of 50 KB of the file.
   */
  String text() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * 1024);
    bytes.write(FORM);
    try (DataOutputStream fields = new DataOutputStream(new DeflaterOutputStream(bytes))) {
      fields.writeUTF(eTag);
      fields.writeLong(checkpoint.compressed());
      fields.writeByte(checkpoint.bits());
      fields.writeLong(checkpoint.uncompressed());
      fields.writeInt(checkpoint.memberCrc());
      fields.writeLong(checkpoint.memberLength());
      fields.writeLong(skipped);
      fields.writeByte(md5.length);
      fields.write(md5);
      fields.writeLong(items);
      fields.writeLong(lines);
      fields.write(checkpoint.window());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] sum = ByteBuffer.allocate(CRC_BYTES).putInt(crc(bytes.toByteArray())).array();
    bytes.writeBytes(sum);
    return Base64.getEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /** Reads a text; null if no version of the connector that this one knows has written it. */
  static @Nullable FilePosition parsed(String text) {
    try {
      byte[] all = Base64.getDecoder().decode(text);
      if (all.length <= CRC_BYTES || all[0] != FORM) {
        return null;
      }
      int end = all.length - CRC_BYTES;
      byte[] bytes = Arrays.copyOf(all, end);
      return ByteBuffer.wrap(all, end, CRC_BYTES).getInt() == crc(bytes) ? read(bytes) : null;
    } catch (IllegalArgumentException | IOException e) {
      return null;
    }
  }

  private static FilePosition read(byte[] bytes) throws IOException {
    InputStream deflated = new ByteArrayInputStream(bytes, 1, bytes.length - 1);
    try (DataInputStream fields = new DataInputStream(new InflaterInputStream(deflated))) {
      String eTag = fields.readUTF();
      long compressed = fields.readLong();
      int bits = fields.readByte();
      long uncompressed = fields.readLong();
      int memberCrc = fields.readInt();
      long memberLength = fields.readLong();
      long skipped = fields.readLong();
      byte[] md5 = fields.readNBytes(fields.readUnsignedByte());
      long items = fields.readLong();
      long lines = fields.readLong();
      byte[] window = fields.readNBytes(GzipCheckpoint.WINDOW + 1);
      return new FilePosition(
          eTag,
          new GzipCheckpoint(compressed, bits, uncompressed, memberCrc, memberLength, window),
          skipped,
          md5,
          items,
          lines);
    }
  }

  private static int crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
