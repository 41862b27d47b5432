package io.github.dynamokc.record;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * How messages name the key of a record: its text, or, as that is a user's data, the SHA-256 of the
 * text, which whoever knows the item can compare. Thread-safe.
 *
 * @param shown whether the text is shown, as Connect's {@code errors.log.include.messages} wants it
 */
public record MessageKeys(boolean shown) {

  /** Such as {@code key {"pk":"a"}}. */
  public String of(SourceRecord record) {
    Object key = record.key();
    String text =
        key instanceof byte[] bytes
            ? new String(bytes, StandardCharsets.UTF_8)
            : String.valueOf(key);
    return shown ? "key " + text : "key of SHA-256 " + sha256(text);
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
