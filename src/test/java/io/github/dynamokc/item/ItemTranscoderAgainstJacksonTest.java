package io.github.dynamokc.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.json.ByteSink;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import java.io.IOException;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The transcoder, which never builds a tree, against the obvious way: parse, look at each type tag,
 * put the plain value in its place.
 */
class ItemTranscoderAgainstJacksonTest {
  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void outputEqualsThatOfTheObviousTranscoder(@ForAll("items") String item) throws IOException {
    ByteSink sink = new ByteSink();
    JsonCursor cursor = new JsonCursor().reset(Slice.of(item + "\n"));
    ItemTranscoder.toPlainJson(new KeyNames("PK", "SK")).transcode(cursor, sink);
    cursor.expectEnd();
    assertThat(ObviousTranscoder.parse(sink.text()))
        .isEqualTo(ObviousTranscoder.plainItem(ObviousTranscoder.parse(item)));
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void outputAsDynamoDbJsonIsTheSameItem(@ForAll("items") String item) throws IOException {
    ByteSink sink = new ByteSink();
    JsonCursor cursor = new JsonCursor().reset(Slice.of(item + "\n"));
    ItemTranscoder.toDynamoDbJson(new KeyNames("PK", "SK")).transcode(cursor, sink);
    cursor.expectEnd();
    assertThat(ObviousTranscoder.parse(sink.text())).isEqualTo(ObviousTranscoder.parse(item));
  }

  @Provide
  Arbitrary<String> items() {
    return DynamoDbJson.items(2);
  }
}
