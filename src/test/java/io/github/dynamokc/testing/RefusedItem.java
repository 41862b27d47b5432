package io.github.dynamokc.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * What no item of DynamoDB has in it, each as an attribute of which the message must show nothing.
 * U+F780 to U+F7FF stand for single bytes that are not UTF-8.
 */
public enum RefusedItem {
  /** A byte that is in no text. */
  BYTE_FF("\"a\":{\"S\":\"secret\uF7FF\"}", "a string that is not UTF-8"),
  /** A character that lacks its last byte. */
  TRUNCATED("\"a\":{\"S\":\"secret\uF7E2\uF782\"}", "a string that is not UTF-8"),
  /** A slash in two bytes. */
  OVERLONG("\"a\":{\"S\":\"secret\uF7C0\uF7AF\"}", "a string that is not UTF-8"),
  /** A surrogate as a character. */
  SURROGATE("\"a\":{\"S\":\"secret\uF7ED\uF7A0\uF780\"}", "a string that is not UTF-8"),
  /** The same in the name of an attribute. */
  NAME("\"secret\uF7FE\":{\"S\":\"\"}", "a string that is not UTF-8"),
  /** A surrogate as an escape. */
  ESCAPED("\"a\":{\"S\":\"secret\\ud800\"}", "half of a surrogate pair"),
  /** The alphabet of URLs. */
  BASE64("\"a\":{\"B\":\"secret--\"}", "not the Base64 that DynamoDB writes"),
  /** No padding. */
  UNPADDED("\"a\":{\"BS\":[\"TQ\"]}", "not the Base64 that DynamoDB writes"),
  /** Bits behind the last byte. */
  TRAILING_BITS("\"a\":{\"B\":\"TR==\"}", "not the Base64 that DynamoDB writes"),
  /** A name again. */
  TWICE("\"a\":{\"S\":\"secret\"},\"a\":{\"S\":\"secret\"}", "second member of one name"),
  /** A name again, in a map and spelled otherwise. */
  TWICE_BELOW(
      "\"m\":{\"M\":{\"a\":{\"N\":\"1\"},\"\\u0061\":{\"N\":\"1\"}}}", "second member of one name"),
  /** An Arabic one. */
  DIGIT("\"a\":{\"N\":\"\u0661\"}", "holds no DynamoDB number");

  private final String attributes;
  private final String message;

  RefusedItem(String attributes, String message) {
    this.attributes = attributes;
    this.message = message;
  }

  /** The attributes, without braces. */
  public String attributes() {
    return attributes;
  }

  /** What the message says is wrong. */
  public String message() {
    return message;
  }

  /** UTF-8, but for what stands for single bytes. */
  public static byte[] bytes(String json) {
    if (json.chars().noneMatch(c -> c >= 0xF780 && c <= 0xF7FF)) {
      return json.getBytes(StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    json.codePoints()
        .forEach(
            c -> {
              if (c >= 0xF780 && c <= 0xF7FF) {
                bytes.write(c & 0xFF);
              } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
              }
            });
    return bytes.toByteArray();
  }

  /** Each item in each form of records. */
  public static Stream<Arguments> inEachForm() {
    return Stream.of(ItemForm.values())
        .flatMap(form -> Stream.of(values()).map(item -> Arguments.of(form, item)));
  }
}
