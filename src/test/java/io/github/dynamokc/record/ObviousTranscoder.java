package io.github.dynamokc.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * The slow reference: parses, looks at each type tag, and puts the plain value in its place. An
 * object is a list of members here, so that order counts.
 */
public final class ObviousTranscoder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ObviousTranscoder() {}

  /** A JSON number as it is spelled. */
  public record Spelled(String number) {}

  /** A member of an object. */
  public record Member(String name, Object value) {}

  /** JSON's null. */
  public record Null() {}

  /** What an item is in plain JSON. */
  public static Object plainItem(Object item) {
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
      case "L" -> ((List<?>) value.value()).stream().map(ObviousTranscoder::plainValue).toList();
      case "NS" -> ((List<?>) value.value()).stream().map(ObviousTranscoder::number).toList();
      default -> throw new AssertionError(value.name());
    };
  }

  private static Object number(Object text) {
    return new Spelled(new BigDecimal((String) text).toPlainString());
  }

  /** A whole document, and nothing behind it. */
  public static Object parse(String json) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new IOException("More than a document");
      }
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
