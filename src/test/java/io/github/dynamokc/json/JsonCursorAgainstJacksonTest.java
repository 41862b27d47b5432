package io.github.dynamokc.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.dynamokc.item.ObviousTranscoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Jackson is the reference: on any document the cursor walks over the same values, and on damaged
 * ones it fails in its own way, always ends, and refuses what a strict decoder or a strict Jackson
 * does, and nothing else.
 */
class JsonCursorAgainstJacksonTest {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void theCursorWalksOverTheSameValues(@ForAll("documents") String json)
      throws JsonProcessingException {
    JsonCursor cursor = new JsonCursor().reset(Slice.of(json));
    assertThat(tree(cursor)).isEqualTo(JSON.readTree(json));
    cursor.expectEnd();
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void skippingEndsExactlyWithTheDocument(
      @ForAll("documents") String json, @ForAll @IntRange(max = 20) int before) {
    byte[] document = json.strip().getBytes(StandardCharsets.UTF_8);
    byte[] array = new byte[before + document.length + 2];
    Arrays.fill(array, (byte) ',');
    System.arraycopy(document, 0, array, before, document.length);
    JsonCursor cursor = new JsonCursor().reset(array, before, array.length);
    cursor.skipValue();
    assertThat(cursor.tokenFrom()).isEqualTo(before);
    assertThat(cursor.tokenTo()).isEqualTo(before + document.length);
  }

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void damagedDocumentsFailInOneWayOnly(
      @ForAll("documents") String json,
      @ForAll @IntRange(max = 3) int damage,
      @ForAll int place,
      @ForAll @ByteRange(min = Byte.MIN_VALUE) byte wrong) {
    byte[] bytes = damaged(json.getBytes(StandardCharsets.UTF_8), damage, place, wrong);
    assertThat(accepts(bytes))
        .as(new String(bytes, StandardCharsets.UTF_8))
        .isEqualTo(referenceAccepts(bytes));
  }

  /** Jackson guesses at UTF-16. */
  @Test
  void zeroByteIsRefusedByBoth() {
    for (byte[] bytes :
        List.of(new byte[] {0, '0'}, new byte[] {'0', 0}, new byte[] {0, 0, 0, '0'})) {
      assertThat(accepts(bytes)).isFalse();
      assertThat(referenceAccepts(bytes)).isFalse();
    }
  }

  private static byte[] damaged(byte[] bytes, int damage, int place, byte wrong) {
    int at = Math.floorMod(place, bytes.length);
    byte[] head = Arrays.copyOf(bytes, at);
    byte[] rest = Arrays.copyOfRange(bytes, at, bytes.length);
    return switch (damage) {
      case 0 -> head;
      case 1 -> join(head, Arrays.copyOfRange(rest, 1, rest.length));
      case 2 -> join(head, join(new byte[] {wrong}, rest));
      default -> {
        rest[0] = wrong;
        yield join(head, rest);
      }
    };
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static boolean accepts(byte[] bytes) {
    try {
      JsonCursor cursor = new JsonCursor().reset(bytes, 0, bytes.length);
      cursor.skipValue();
      assertThat(cursor.tokenTo()).isLessThanOrEqualTo(bytes.length);
      cursor.expectEnd();
      return true;
    } catch (MalformedJsonException e) {
      return false;
    }
  }

  private static boolean referenceAccepts(byte[] bytes) {
    try {
      ObviousTranscoder.parse(bytes);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static JsonNode tree(JsonCursor cursor) throws JsonProcessingException {
    switch (cursor.peek()) {
      case '{' -> {
        ObjectNode object = JSON.createObjectNode();
        cursor.expect('{');
        if (!cursor.consume('}')) {
          do {
            String name = cursor.readText();
            cursor.expect(':');
            object.set(name, tree(cursor));
          } while (cursor.consume(','));
          cursor.expect('}');
        }
        return object;
      }
      case '[' -> {
        ArrayNode array = JSON.createArrayNode();
        cursor.expect('[');
        if (!cursor.consume(']')) {
          do {
            array.add(tree(cursor));
          } while (cursor.consume(','));
          cursor.expect(']');
        }
        return array;
      }
      case '"' -> {
        return TextNode.valueOf(cursor.readText());
      }
      default -> {
        cursor.readScalar();
        return JSON.readTree(
            new String(
                cursor.array(),
                cursor.tokenFrom(),
                cursor.tokenTo() - cursor.tokenFrom(),
                StandardCharsets.UTF_8));
      }
    }
  }

  @Provide
  Arbitrary<String> documents() {
    Arbitrary<String> space = Arbitraries.of("", "", " ", "\n", "\t \r\n");
    return Combinators.combine(space, value(3), space)
        .as((a, value, b) -> a + value + b)
        .filter(ObviousTranscoder::isDocument);
  }

  private static Arbitrary<String> value(int depth) {
    Arbitrary<String> scalar =
        Arbitraries.oneOf(
            strings(),
            Arbitraries.of("true", "false", "null", "0", "-0", "1E+2", "-1.50e-3"),
            Arbitraries.bigDecimals().map(Object::toString),
            Arbitraries.longs().map(Object::toString));
    if (depth == 0) {
      return scalar;
    }
    Arbitrary<String> space = Arbitraries.of("", "", "", " ", "\r\n");
    Arbitrary<String> member =
        Combinators.combine(strings(), space, value(depth - 1))
            .as((name, gap, value) -> gap + name + gap + ":" + gap + value + gap);
    Arbitrary<String> object = member.list().ofMaxSize(4).map(m -> "{" + String.join(",", m) + "}");
    Arbitrary<String> array =
        value(depth - 1).list().ofMaxSize(4).map(v -> "[" + String.join(" ,", v) + "]");
    return Arbitraries.oneOf(scalar, object, array);
  }

  private static Arbitrary<String> strings() {
    return JsonStrings.quoted();
  }
}
