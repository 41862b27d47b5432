package io.github.dynamokc.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.json.Slice;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A line gives the change that it tells, however it is written; what is none is refused. */
class NetChangeReaderTest {
  private static final ObjectMapper TREES = new ObjectMapper();
  private static final String KEYS = "\"Keys\":{\"PK\":{\"S\":\"p\"}}";
  private static final String OLD = "\"OldImage\":{\"PK\":{\"S\":\"p\"},\"A\":{\"N\":\"1\"}}";
  private static final String NEW = "\"NewImage\":{\"PK\":{\"S\":\"p\"},\"A\":{\"N\":\"2\"}}";
  private static final String WRITTEN =
      "\"Metadata\":{\"WriteTimestampMicros\":\"1700000000123456\"}";

  private final NetChangeReader reader = new NetChangeReader();
  private final JsonCursor cursor = new JsonCursor();

  /** A change with trees for slices. */
  private record Told(
      Operation operation,
      long createdAtMs,
      JsonNode keys,
      @Nullable JsonNode newImage,
      @Nullable JsonNode oldImage) {
    static Told of(NetChange change) throws IOException {
      return new Told(
          change.operation(),
          change.createdAtMs(),
          TREES.readTree(change.keys().text()),
          tree(change.newImage()),
          tree(change.oldImage()));
    }

    private static @Nullable JsonNode tree(@Nullable Slice slice) throws IOException {
      return slice == null ? null : TREES.readTree(slice.text());
    }
  }

  private NetChange read(String... members) {
    return reader.read(cursor.reset(Slice.of("{" + String.join(",", members) + "}")));
  }

  @Test
  void imagesSayWhatHappened() {
    assertThat(read(WRITTEN, KEYS, NEW).operation()).isEqualTo(Operation.INSERT);
    assertThat(read(WRITTEN, KEYS, OLD, NEW).operation()).isEqualTo(Operation.MODIFY);
    assertThat(read(WRITTEN, KEYS, OLD).operation()).isEqualTo(Operation.REMOVE);
    assertThat(read(WRITTEN, KEYS, OLD, "\"NewImage\":null").operation())
        .isEqualTo(Operation.REMOVE);
    assertThat(read(WRITTEN, KEYS, OLD).isTimeToLive()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "1700000000123456, 1700000000123",
        "\"1700000000123456\", 1700000000123",
        "{\"N\":\"1700000000123456\"}, 1700000000123",
        "{ \"N\" : 1700000000123456 }, 1700000000123",
        "{\"x\":1;\"N\":\"1700000000123456\";\"y\":{}}, 1700000000123",
        "\"1700000000\\u003123456\", 1700000000123",
        "1700000000123456.0, 1700000000123",
        "1.700000000123456E15, 1700000000123",
        "\"1.700000000123456E+15\", 1700000000123",
        "0, 0",
        "999, 0",
        "999999999999999999, 999999999999999",
        "9223372036854775807, 9223372036854775",
      })
  void timesAreTakenInAllThreeForms(String time, long ms) {
    String written =
        "\"Metadata\":{\"v\":[],\"WriteTimestampMicros\":%s}".formatted(time.replace(';', ','));
    assertThat(read(written, KEYS, NEW).createdAtMs()).isEqualTo(ms);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\"-1\"",
        "-1",
        "\"12a\"",
        "\" 1\"",
        "1.5",
        "true",
        "[1]",
        "{}",
        "{\"S\":\"1\"}",
        "{\"N\":null}",
        "{\"N\":{}}",
        "9223372036854775808",
        "1E999999999",
        "\"1E-999999999\"",
        "{\"N\":\"1\",\"N\":\"1\"}",
        "01x"
      })
  void whatIsNoTimeIsRefused(String time) {
    assertThatThrownBy(
            () -> read("\"Metadata\":{\"WriteTimestampMicros\":" + time + "}", KEYS, NEW))
        .isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void aNumberOfManyDigitsIsRefusedAtOnce() {
    String time = "\"" + "9".repeat(1_000_000) + "\"";
    assertThatThrownBy(
            () -> read("\"Metadata\":{\"WriteTimestampMicros\":" + time + "}", KEYS, NEW))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("WriteTimestampMicros in microseconds of the epoch expected");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertRefused("a change with Keys expected", WRITTEN, OLD, NEW);
    assertRefused("a change with Keys expected", WRITTEN, "\"Keys\":null", NEW);
    assertRefused("a change with NewImage or OldImage expected", WRITTEN, KEYS);
    assertRefused(
        "a change with NewImage or OldImage expected", WRITTEN, KEYS, "\"NewImage\":null");
    assertRefused("a change with Metadata.WriteTimestampMicros expected", KEYS, NEW);
    assertRefused(
        "a change with Metadata.WriteTimestampMicros expected", "\"Metadata\":{}", KEYS, NEW);
    assertRefused(
        "a change with Metadata.WriteTimestampMicros expected",
        "\"Metadata\":{\"WriteTimestampMicros\":null}",
        KEYS,
        NEW);
    assertRefused("second member of one name", WRITTEN, KEYS, NEW, NEW);
    assertRefused("an object expected", WRITTEN, "\"Keys\":[]", NEW);
  }

  private void assertRefused(String message, String... members) {
    assertThatThrownBy(() -> read(members))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining(message);
  }

  @Test
  void nothingOfTheLineBeforeIsLeft() {
    read(WRITTEN, KEYS, OLD, NEW);
    assertRefused("a change with Keys expected", WRITTEN, NEW);
    read(WRITTEN, KEYS, OLD, NEW);
    assertRefused("NewImage or OldImage", WRITTEN, KEYS);
    read(WRITTEN, KEYS, OLD, NEW);
    assertRefused("WriteTimestampMicros", KEYS, NEW);
    assertThat(read(WRITTEN, KEYS, NEW).oldImage()).isNull();
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void changesAreThoseThatJacksonReads(@ForAll("lines") String line) throws IOException {
    assertThat(Told.of(reader.read(cursor.reset(Slice.of(line))))).isEqualTo(slow(line));
  }

  /** Whatever is cut out or put in: either both refuse it, or both tell the same. */
  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void damagedLinesAreRefusedOrRead(
      @ForAll("lines") String line, @ForAll int place, @ForAll byte wrong, @ForAll boolean cut)
      throws IOException {
    int at = Math.floorMod(place, line.length());
    char instead = (char) (wrong & 0x7F);
    String damaged = line.substring(0, at) + (cut ? "" : instead) + line.substring(at + 1);
    Told told;
    try {
      told = Told.of(reader.read(cursor.reset(Slice.of(damaged))));
    } catch (MalformedJsonException e) {
      return;
    }
    assertThat(told).as(damaged).isEqualTo(slow(damaged));
  }

  @Provide
  Arbitrary<String> lines() {
    Arbitrary<String> times =
        Combinators.combine(
                Arbitraries.longs().between(0, 1_999_999_999_999_999L),
                Arbitraries.of("%d", "\"%d\"", "{\"N\":\"%d\"}", "{ \"M\":0, \"N\" : \"%d\"}"))
            .as((micros, form) -> form.formatted(micros));
    Arbitrary<String> metadata =
        Combinators.combine(
                times, Arbitraries.of("", "\"u\":{\"N\":\"1\"},", "\"Write\\u0054\":[1,2] ,"))
            .as((time, other) -> "{" + other + "\"WriteTimestampMicros\": " + time + "}");
    Arbitrary<String> images =
        Arbitraries.of("{\"PK\":{\"S\":\"}\\\"\"}}", "{}", "{\"PK\" :{\"N\":\"1\"},\"é\":{}}");
    return Combinators.combine(
            metadata,
            images,
            images,
            images,
            Arbitraries.of(Operation.values()),
            Arbitraries.longs())
        .as(
            (meta, keys, before, after, operation, order) -> {
              List<String> members =
                  new ArrayList<>(
                      Arrays.asList(
                          "\"Metadata\":" + meta,
                          "\"Keys\": " + keys,
                          "\"other\":[{\"Keys\":null}]"));
              if (operation != Operation.INSERT) {
                members.add("\"OldImage\":" + before);
              }
              if (operation != Operation.REMOVE) {
                members.add("\"New\\u0049mage\" :" + after);
              }
              Collections.shuffle(members, new Random(order));
              return "{" + String.join(", ", members) + "}";
            });
  }

  private static Told slow(String line) throws IOException {
    JsonNode tree = TREES.readTree(line.getBytes(StandardCharsets.UTF_8));
    JsonNode time = tree.path("Metadata").path("WriteTimestampMicros");
    if (time.isObject()) {
      time = time.path("N");
    }
    JsonNode before = tree.path("OldImage");
    JsonNode after = tree.path("NewImage");
    Operation operation =
        isAbsent(before) ? Operation.INSERT : isAbsent(after) ? Operation.REMOVE : Operation.MODIFY;
    return new Told(
        operation,
        new BigDecimal(time.asText()).longValueExact() / 1000,
        tree.get("Keys"),
        isAbsent(after) ? null : after,
        isAbsent(before) ? null : before);
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }
}
