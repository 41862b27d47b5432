package io.github.dynamokc.gzip;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;

/** Gzip files of many kinds, made by chance, and what the platform reads from them. */
final class GzipFixture {
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int HEAD_CRC = 2;

  private GzipFixture() {}

  /** A file with one to four members. */
  static byte[] file(Random random) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    int members = 1 + random.nextInt(4);
    for (int i = 0; i < members; i++) {
      file.writeBytes(member(random, text(random)));
    }
    return file.toByteArray();
  }

  /** Some text, up to 200 KB of it. */
  static byte[] text(Random random) {
    int length = random.nextInt(4) == 0 ? random.nextInt(40) : random.nextInt(200_000);
    byte[] text = new byte[length];
    switch (random.nextInt(6)) {
      case 0 -> random.nextBytes(text);
      case 1 -> Arrays.fill(text, (byte) random.nextInt(256));
      case 2 -> repeated(random, text);
      case 3 -> skewed(random, text);
      case 4 -> farReferences(random, text);
      default -> json(random, text);
    }
    return text;
  }

  /** Some bytes again and again. */
  private static void repeated(Random random, byte[] text) {
    byte[] some = new byte[1 + random.nextInt(40)];
    random.nextBytes(some);
    for (int i = 0; i < text.length; i++) {
      text[i] = some[i % some.length];
    }
  }

  /** Bytes of which each is half as frequent as the one before, so that there are long codes. */
  private static void skewed(Random random, byte[] text) {
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) (8 * Integer.numberOfTrailingZeros(random.nextInt()) + random.nextInt(8));
    }
  }

  /** What was there about as long ago as can be referred to. */
  private static void farReferences(Random random, byte[] text) {
    random.nextBytes(text);
    for (int at = 40_000; at < text.length - 300; at += 1 + random.nextInt(400)) {
      int distance = GzipCheckpoint.WINDOW - random.nextInt(300);
      System.arraycopy(text, at - distance, text, at, 3 + random.nextInt(280));
    }
  }

  private static void json(Random random, byte[] text) {
    int at = 0;
    while (at < text.length) {
      byte[] line =
          "{\"Item\":{\"PK\":{\"S\":\"customer-%d\"},\"SK\":{\"N\":\"%d\"},\"word%d\":{\"BOOL\":true}}}%n"
              .formatted(random.nextInt(1000), random.nextLong(), random.nextInt(20))
              .getBytes(StandardCharsets.UTF_8);
      int length = Math.min(line.length, text.length - at);
      System.arraycopy(line, 0, text, at, length);
      at += length;
    }
  }

  /** One member, deflated in any way, flushed in between at times, with any head. */
  static byte[] member(Random random, byte[] text) {
    Deflater deflater = new Deflater(random.nextInt(10), true);
    deflater.setStrategy(random.nextInt(3));
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    member.writeBytes(head(random));
    byte[] buffer = new byte[10_000];
    int from = 0;
    while (from < text.length) {
      int some = Math.min(text.length - from, 1 + random.nextInt(80_000));
      deflater.setInput(text, from, some);
      from += some;
      int flush = random.nextInt(3) == 0 ? Deflater.FULL_FLUSH : Deflater.NO_FLUSH;
      int made = deflater.deflate(buffer, 0, buffer.length, flush);
      while (made > 0 || !deflater.needsInput()) {
        member.write(buffer, 0, made);
        made = deflater.deflate(buffer, 0, buffer.length, flush);
      }
    }
    deflater.finish();
    while (!deflater.finished()) {
      member.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    CRC32 crc = new CRC32();
    crc.update(text);
    ByteBuffer trailer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    member.writeBytes(trailer.putInt((int) crc.getValue()).putInt(text.length).array());
    return member.toByteArray();
  }

  private static byte[] head(Random random) {
    int flags = random.nextInt(32) & (random.nextBoolean() ? 0xFF : 0);
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, (byte) flags, 1, 2, 3, 4, 0, 3});
    if ((flags & EXTRA) != 0) {
      int length = random.nextInt(600);
      head.write(length);
      head.write(length >>> 8);
      head.writeBytes(new byte[length]);
    }
    if ((flags & NAME) != 0) {
      head.writeBytes("a name\0".getBytes(StandardCharsets.ISO_8859_1));
    }
    if ((flags & COMMENT) != 0) {
      head.writeBytes("a comment\0".getBytes(StandardCharsets.ISO_8859_1));
    }
    if ((flags & HEAD_CRC) != 0) {
      CRC32 crc = new CRC32();
      crc.update(head.toByteArray());
      head.write((int) crc.getValue());
      head.write((int) crc.getValue() >>> 8);
    }
    return head.toByteArray();
  }

  /** What the platform reads from a file. */
  static byte[] platform(byte[] file) throws IOException {
    InputStream compressed =
        new FilterInputStream(new ByteArrayInputStream(file)) {
          @Override
          public int available() throws IOException {
            return super.available() > 0 ? 1 : 0;
          }
        };
    return new GZIPInputStream(compressed, 64 * 1024).readAllBytes();
  }
}
