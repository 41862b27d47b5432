package io.github.dynamokc.record;

import io.github.dynamokc.event.JsonCursor;
import io.github.dynamokc.event.Slice;

/**
 * The value of a key attribute in its one canonical text, which is the same from an export and from
 * the stream: S as it is, N plain without trailing zeros, B Base64.
 *
 * @param number whether the text is a number
 */
record KeyValue(String text, boolean number) {
  static KeyValue read(Slice typedValue) {
    return read(new JsonCursor().reset(typedValue));
  }

  static KeyValue read(JsonCursor in) {
    in.expect('{');
    in.readString();
    AttributeType type = AttributeType.of(in);
    in.expect(':');
    KeyValue value =
        switch (type) {
          case S, B -> new KeyValue(in.readText(), false);
          case N -> new KeyValue(NumberText.canonical(in.readText()), true);
          case BOOL, NULL, M, L, SS, NS, BS ->
              throw in.malformed("a key attribute is of type S, N or B; found " + type);
        };
    in.expect('}');
    return value;
  }

  /** As a JSON value. */
  String json() {
    return number ? text : JsonText.quoted(text);
  }
}
