package io.github.dynamokc.record;

import io.github.dynamokc.config.ConverterKind;
import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.json.ByteSink;
import java.nio.charset.StandardCharsets;

/** How text is handed to a converter. */
public enum TextEncoding {
  /** As a string. */
  STRING {
    @Override
    Payload of(String text) {
      return Payload.of(text);
    }

    @Override
    Payload of(ByteSink utf8) {
      return Payload.of(utf8.text());
    }
  },
  /** As bytes in UTF-8. */
  BYTES {
    @Override
    Payload of(String text) {
      return Payload.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    Payload of(ByteSink utf8) {
      return Payload.of(utf8.bytes());
    }
  };

  /** ByteArrayConverter refuses strings; all others that take text take those. */
  public static TextEncoding forConverter(ConverterKind converter) {
    return converter == ConverterKind.BYTE_ARRAY ? BYTES : STRING;
  }

  abstract Payload of(String text);

  abstract Payload of(ByteSink utf8);
}
