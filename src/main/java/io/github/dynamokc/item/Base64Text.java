package io.github.dynamokc.item;

import io.github.dynamokc.json.ByteSearch;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Base64 as DynamoDB writes it (RFC 4648, section 4): in fours, padded, and with no bits set that
 * stand for nothing. Bytes then have one text only, so that two keys never share one, and one key
 * never has two.
 */
public final class Base64Text {
  /** Six bits for each character of the alphabet, {@link #NONE} for all others. */
  private static final byte[] SIX_BITS = new byte[256];

  /** Its top bit is set, as of no six bits. */
  private static final byte NONE = (byte) 0x80;

  private static final int FOUR = 4;

  static {
    Arrays.fill(SIX_BITS, NONE);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      SIX_BITS[alphabet.charAt(i)] = (byte) i;
    }
  }

  private Base64Text() {}

  /**
   * Refuses the string that was read last unless it is such Base64.
   *
   * @throws MalformedJsonException if it is not; the message shows nothing of it
   */
  public static void check(JsonCursor in) {
    if (!isCanonical(in.array(), in.tokenFrom(), in.tokenTo())) {
      unescaped(in);
    }
  }

  /**
   * The bytes that the string stands for that was read last.
   *
   * @throws MalformedJsonException if it is not such Base64; the message shows nothing of it
   */
  public static byte[] decode(JsonCursor in) {
    byte[] text =
        isCanonical(in.array(), in.tokenFrom(), in.tokenTo())
            ? Arrays.copyOfRange(in.array(), in.tokenFrom(), in.tokenTo())
            : unescaped(in);
    return Base64.getDecoder().decode(text);
  }

  /** The Base64 that is no such one as it stands: a slash may be escaped. */
  private static byte[] unescaped(JsonCursor in) {
    byte[] text = in.tokenText().getBytes(StandardCharsets.UTF_8);
    if (!isCanonical(text, 0, text.length)) {
      throw new MalformedJsonException("a binary value is not the Base64 that DynamoDB writes");
    }
    return text;
  }

  private static boolean isCanonical(byte[] text, int from, int to) {
    if ((to - from) % FOUR != 0) {
      return false;
    }
    if (from == to) {
      return true;
    }
    int second = to - FOUR + 1;
    return ByteSearch.areBase64(text, from, second + 1) && isEnd(text, second);
  }

  /** Whether the last three characters end with padding, or none. */
  private static boolean isEnd(byte[] text, int at) {
    byte second = SIX_BITS[text[at] & 0xFF];
    byte third = SIX_BITS[text[at + 1] & 0xFF];
    if (text[at + 2] != '=') {
      return third >= 0 && SIX_BITS[text[at + 2] & 0xFF] >= 0;
    }
    return text[at + 1] == '=' ? (second & 0b1111) == 0 : third >= 0 && (third & 0b11) == 0;
  }
}
