package io.github.dynamokc.item;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * The slow reference: parses, looks at each type tag, and puts the plain value in its place. The
 * order of members counts.
 */
public final class ObviousTranscoder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ObviousTranscoder() {}

  /** A JSON number as it is spelled. */
  public record Spelled(String number) {}

  /** An object: its members in their order, one name perhaps twice. */
  public record Members(List<Member> members) {}

  /** A member of an object. */
  public record Member(String name, Object value) {}

  /** JSON's null. */
  public record Null() {}

  /**
   * What an item is in plain JSON.
   *
   * @throws IllegalArgumentException if it is no item
   */
  public static Members plainItem(Object item) {
    List<Member> plain = new ArrayList<>();
    for (Member member : as(Members.class, item).members()) {
      plain.add(new Member(member.name(), plainValue(member.value())));
    }
    return new Members(plain);
  }

  private static Object plainValue(Object typed) {
    List<Member> members = as(Members.class, typed).members();
    if (members.size() != 1) {
      throw new IllegalArgumentException("Not a typed value: " + typed);
    }
    Object value = members.get(0).value();
    return switch (members.get(0).name()) {
      case "S", "B" -> as(String.class, value);
      case "N" -> number(value);
      case "BOOL" -> as(Boolean.class, value);
      case "NULL" -> {
        if (!as(Boolean.class, value)) {
          throw new IllegalArgumentException("NULL is never false");
        }
        yield new Null();
      }
      case "M" -> plainItem(value);
      case "L" -> list(value).stream().map(ObviousTranscoder::plainValue).toList();
      case "SS", "BS" -> list(value).stream().map(each -> as(String.class, each)).toList();
      case "NS" -> list(value).stream().map(ObviousTranscoder::number).toList();
      default -> throw new IllegalArgumentException("No type: " + members.get(0).name());
    };
  }

  private static List<?> list(Object value) {
    return as(List.class, value);
  }

  private static <T> T as(Class<T> type, Object value) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException("Not a " + type.getSimpleName() + ": " + value);
    }
    return type.cast(value);
  }

  private static Object number(Object text) {
    BigDecimal number = new BigDecimal(as(String.class, text));
    if (Math.abs((long) number.scale()) > 512) {
      throw new IllegalArgumentException("Not a number of DynamoDB: " + text);
    }
    return new Spelled(number.toPlainString());
  }

  /**
   * A whole document, and nothing behind it.
   *
   * @throws IOException if it is none
   */
  public static Object parse(String json) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() == null) {
        throw new IOException("No document");
      }
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
        List<Member> members = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          members.add(new Member(name, value(parser)));
        }
        yield new Members(members);
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
