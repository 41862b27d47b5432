package io.github.dynamokc.item;

import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.JsonText;

/**
 * The value of a key attribute in its one canonical text, which is the same from an export and from
 * the stream: S as it is, N plain without trailing zeros, B Base64.
 *
 * @param type S, N or B
 */
public record KeyValue(AttributeType type, String text) {
  /** Steps over the typed value that is next. */
  public static KeyValue read(JsonCursor in) {
    AttributeType type = AttributeType.open(in);
    if (type.isOfKeys()) {
      in.readString();
    }
    KeyValue value = ofToken(type, in);
    in.expect('}');
    return value;
  }

  /**
   * @param in where the string was read last that is the value
   */
  public static KeyValue ofToken(AttributeType type, JsonCursor in) {
    return switch (type) {
      case S -> new KeyValue(type, in.tokenText());
      case B -> {
        Base64Text.check(in);
        yield new KeyValue(type, in.tokenText());
      }
      case N -> new KeyValue(type, NumberText.canonical(in.tokenText()));
      case BOOL, NULL, M, L, SS, NS, BS ->
          throw in.malformed("a key attribute is of type S, N or B; found " + type);
    };
  }

  /** As a JSON value. */
  public String json() {
    return type == AttributeType.N ? text : JsonText.quoted(text);
  }
}
