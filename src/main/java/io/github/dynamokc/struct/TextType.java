package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.item.KeyValue;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.MalformedJsonException;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** Text. Half of a surrogate pair has no UTF-8 form: a converter would write something else. */
record TextType() implements ScalarType {

  @Override
  public AttributeType attributeType() {
    return AttributeType.S;
  }

  @Override
  public AttributeType setType() {
    return AttributeType.SS;
  }

  @Override
  public SchemaBuilder builder() {
    return Parameters.typed(SchemaBuilder.string(), AttributeType.S.name());
  }

  @Override
  public @Nullable Object ofToken(JsonCursor in) {
    String text = in.tokenText();
    return isUnicode(text) ? text : null;
  }

  @Override
  public Object ofKey(KeyValue value) {
    if (!isUnicode(value.text())) {
      throw new MalformedJsonException("a key has half of a surrogate pair");
    }
    return value.text();
  }

  @Override
  public long schemaBytes() {
    return 72;
  }

  /** Whether all surrogates of a text are in pairs. */
  static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || ++i == text.length()
            || !Character.isLowSurrogate(text.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }
}
