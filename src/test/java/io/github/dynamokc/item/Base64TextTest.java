package io.github.dynamokc.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is refused is shown by damaged items, in all forms of records. */
class Base64TextTest {
  @Property
  void bytesComeBackAsTheyWere(@ForAll byte[] bytes, @ForAll boolean escapes) {
    String text = Base64.getEncoder().encodeToString(bytes);
    String json = '"' + (escapes ? text.replace("/", "\\/").replace("=", "\\u003d") : text) + '"';
    JsonCursor cursor = new JsonCursor().reset(Slice.of(" " + json + ","));
    cursor.readString();
    assertThat(Base64Text.decode(cursor)).isEqualTo(bytes);
  }
}
