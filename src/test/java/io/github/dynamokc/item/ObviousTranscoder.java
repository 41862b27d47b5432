package io.github.dynamokc.item;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The slow reference: parses, looks at each type tag, and puts the plain value in its place. The
 * order of members counts.
 */
public final class ObviousTranscoder {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Pattern ASCII_NUMBER = Pattern.compile("[-+0-9.eE]{1,512}");

  /** How many maps and lists may be in one another. */
  private static final int MAX_DEPTH = 99;

  private ObviousTranscoder() {}

  /** A JSON number as it is spelled. */
  public record Spelled(String number) {}

  /** An object: its members in their order. */
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
    return plainItem(item, 0);
  }

  private static Members plainItem(Object item, int depth) {
    List<Member> plain = new ArrayList<>();
    for (Member member : as(Members.class, item).members()) {
      plain.add(new Member(member.name(), plainValue(member.value(), depth)));
    }
    return new Members(plain);
  }

  private static Object plainValue(Object typed, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("Nested deeper than " + MAX_DEPTH);
    }
    List<Member> members = as(Members.class, typed).members();
    if (members.size() != 1) {
      throw new IllegalArgumentException("Not a typed value: " + typed);
    }
    Object value = members.get(0).value();
    return switch (members.get(0).name()) {
      case "S" -> as(String.class, value);
      case "B" -> base64(value);
      case "N" -> number(value);
      case "BOOL" -> as(Boolean.class, value);
      case "NULL" -> {
        if (!as(Boolean.class, value)) {
          throw new IllegalArgumentException("NULL is never false");
        }
        yield new Null();
      }
      case "M" -> plainItem(value, depth + 1);
      case "L" -> list(value).stream().map(each -> plainValue(each, depth + 1)).toList();
      case "SS" -> list(value).stream().map(each -> as(String.class, each)).toList();
      case "BS" -> list(value).stream().map(ObviousTranscoder::base64).toList();
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

  /**
   * The member of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Object member(Object object, String name) {
    return as(Members.class, object).members().stream()
        .filter(member -> member.name().equals(name))
        .findFirst()
        .map(Member::value)
        .orElseThrow(() -> new IllegalArgumentException("No " + name));
  }

  /**
   * The type of a key attribute of an item, and its canonical text.
   *
   * @throws IllegalArgumentException if there is none, or it cannot be one
   */
  public static Member key(Object item, String attribute) {
    Object typed = member(item, attribute);
    Object plain = plainValue(typed, 0);
    String type = as(Members.class, typed).members().get(0).name();
    return switch (type) {
      case "S", "B" -> new Member(type, plain);
      case "N" -> {
        BigDecimal number = new BigDecimal(as(Spelled.class, plain).number());
        yield new Member(
            type, number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString());
      }
      default -> throw new IllegalArgumentException("Not the type of a key: " + type);
    };
  }

  /** The one Base64 that bytes have. */
  private static Object base64(Object text) {
    String base64 = as(String.class, text);
    byte[] bytes = Base64.getDecoder().decode(base64);
    if (!Base64.getEncoder().encodeToString(bytes).equals(base64)) {
      throw new IllegalArgumentException("Not the Base64 of DynamoDB: " + text);
    }
    return base64;
  }

  private static Object number(Object text) {
    if (!ASCII_NUMBER.matcher(as(String.class, text)).matches()) {
      throw new IllegalArgumentException("Not a number of DynamoDB: " + text);
    }
    BigDecimal number = new BigDecimal(as(String.class, text));
    if (Math.abs((long) number.scale()) > 512) {
      throw new IllegalArgumentException("Not a number of DynamoDB: " + text);
    }
    return new Spelled(number.toPlainString());
  }

  /** Whether {@link #parse} takes a text. */
  public static boolean isDocument(String json) {
    try {
      parse(json);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * A whole document in UTF-8, and nothing behind it.
   *
   * @throws IOException if it is none
   */
  public static Object parse(byte[] json) throws IOException {
    String text =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(json))
            .toString();
    if (text.startsWith("\uFEFF")) {
      throw new IOException("A byte order mark, which Jackson steps over");
    }
    return parse(text);
  }

  /**
   * A whole document, and nothing behind it. No object has two members of one name, and no text has
   * half of a surrogate pair.
   *
   * @throws IOException if it is none
   */
  public static Object parse(String json) throws IOException {
    // As bytes, of which Jackson takes none beyond ASCII for a hexadecimal digit. They are behind
    // white space, as it takes a zero byte among the first four for UTF-16 or UTF-32.
    byte[] utf8 = ("    " + json).getBytes(StandardCharsets.UTF_8);
    try (JsonParser parser = JSON.createParser(utf8)) {
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
          String name = text(parser.currentName());
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
      case VALUE_STRING -> text(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Spelled(parser.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> new Null();
      default -> throw new AssertionError(parser.currentToken());
    };
  }

  /** What has a form in UTF-8. */
  private static String text(String text) throws CharacterCodingException {
    StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    return text;
  }
}
