package io.github.dynamokc.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.event.JsonCursor;
import io.github.dynamokc.event.Slice;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The transcoder, which never builds a tree, against the obvious way: parse, look at each type tag,
 * put the plain value in its place. Objects are lists of members here, so that order counts.
 */
class ItemTranscoderAgainstJacksonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A JSON number as it is spelled. */
  record Spelled(String number) {}

  /** A member of an object. */
  record Member(String name, Object value) {}

  /** JSON's null. */
  record Null() {}

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void givesWhatTheObviousTranscoderGives(@ForAll("items") String item) throws IOException {
    ByteSink sink = new ByteSink();
    JsonCursor cursor = new JsonCursor().reset(Slice.of(item + "\n"));
    new ItemTranscoder(new KeyNames("PK", "SK")).transcode(cursor, sink);
    cursor.expectEnd();
    assertThat(parse(sink.text())).isEqualTo(plainItem(parse(item)));
  }

  @Provide
  Arbitrary<String> items() {
    return DynamoDbJson.items(2);
  }

  private static Object plainItem(Object item) {
    List<Object> plain = new ArrayList<>();
    for (Object each : (List<?>) item) {
      Member member = (Member) each;
      plain.add(new Member(member.name(), plainValue(member.value())));
    }
    return plain;
  }

  private static Object plainValue(Object typed) {
    Member value = (Member) ((List<?>) typed).get(0);
    return switch (value.name()) {
      case "S", "B", "BOOL", "SS", "BS" -> value.value();
      case "N" -> number(value.value());
      case "NULL" -> new Null();
      case "M" -> plainItem(value.value());
      case "L" ->
          ((List<?>) value.value())
              .stream().map(ItemTranscoderAgainstJacksonTest::plainValue).toList();
      case "NS" ->
          ((List<?>) value.value()).stream().map(ItemTranscoderAgainstJacksonTest::number).toList();
      default -> throw new AssertionError(value.name());
    };
  }

  private static Object number(Object text) {
    return new Spelled(new BigDecimal((String) text).toPlainString());
  }

  private static Object parse(String json) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      Object value = value(parser);
      assertThat(parser.nextToken()).isNull();
      return value;
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        List<Object> members = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          members.add(new Member(name, value(parser)));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(parser));
        }
        yield elements;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Spelled(parser.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> new Null();
      default -> throw new AssertionError(parser.currentToken());
    };
  }
}
