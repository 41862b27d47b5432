package io.github.dynamokc.record;

import io.github.dynamokc.event.JsonCursor;

/**
 * The value of a key attribute in its one canonical text, which is the same from an export and from
 * the stream: S as it is, N plain without trailing zeros, B Base64.
 *
 * @param number whether the text is a number
 */
record KeyValue(String text, boolean number) {
  /** Steps over the typed value that is next. */
  static KeyValue read(JsonCursor in) {
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
  static KeyValue ofToken(AttributeType type, JsonCursor in) {
    return switch (type) {
      case S, B -> new KeyValue(in.tokenText(), false);
      case N -> new KeyValue(NumberText.canonical(in.tokenText()), true);
      case BOOL, NULL, M, L, SS, NS, BS ->
          throw in.malformed("a key attribute is of type S, N or B; found " + type);
    };
  }

  /** As a JSON value. */
  String json() {
    return number ? text : JsonText.quoted(text);
  }
}
