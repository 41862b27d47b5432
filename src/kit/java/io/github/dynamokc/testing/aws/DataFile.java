package io.github.dynamokc.testing.aws;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.IntFunction;
import java.util.zip.GZIPOutputStream;

/**
 * A data file of an export and what the manifest says of it; for tests, the two may differ.
 *
 * @param gzip the object in S3
 * @param itemCount as the manifest has it
 * @param md5Checksum Base64, as the manifest has it
 * @param textBytes the size of the lines
 */
public record DataFile(byte[] gzip, long itemCount, String md5Checksum, long textBytes) {

  /** One gzip member with a line feed after each line; a line may end in a carriage return. */
  public static DataFile of(List<String> lines) {
    return ofMembers(List.of(lines));
  }

  /** A gzip member for each list of lines. */
  public static DataFile ofMembers(List<List<String>> members) {
    return ofTexts(
        members.stream().map(DataFile::text).toList(),
        members.stream().mapToLong(List::size).sum());
  }

  /** A gzip member for each text, as it is. */
  public static DataFile ofTexts(List<String> members, long itemCount) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long textBytes = 0;
    for (String member : members) {
      byte[] text = member.getBytes(StandardCharsets.UTF_8);
      textBytes += text.length;
      try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
        gzip.write(text);
      } catch (IOException e) {
        throw new UncheckedIOException("Writing to memory cannot fail", e);
      }
    }
    byte[] gzip = bytes.toByteArray();
    return new DataFile(gzip, itemCount, md5(gzip), textBytes);
  }

  /**
   * One gzip member of numbered lines, which are never in memory together.
   *
   * @param line makes the line of a number, from 0 on
   */
  public static DataFile generated(int lines, IntFunction<String> line) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long textBytes = 0;
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes, 64 * 1024)) {
      for (int number = 0; number < lines; number++) {
        byte[] text = (line.apply(number) + "\n").getBytes(StandardCharsets.UTF_8);
        textBytes += text.length;
        gzip.write(text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory cannot fail", e);
    }
    byte[] gzip = bytes.toByteArray();
    return new DataFile(gzip, lines, md5(gzip), textBytes);
  }

  private static String text(List<String> lines) {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  /** The manifest counts other than the file holds. */
  public DataFile withItemCount(long count) {
    return new DataFile(gzip, count, md5Checksum, textBytes);
  }

  /** The manifest has the checksum of other bytes. */
  public DataFile withMd5Checksum(String checksum) {
    return new DataFile(gzip, itemCount, checksum, textBytes);
  }

  /** The object has lost its end; the manifest still describes the whole. */
  public DataFile truncatedTo(int bytes) {
    return new DataFile(Arrays.copyOf(gzip, bytes), itemCount, md5Checksum, textBytes);
  }

  static String md5(byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has MD5", e);
    }
  }
}
