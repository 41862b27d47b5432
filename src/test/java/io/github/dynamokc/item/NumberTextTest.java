package io.github.dynamokc.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.dynamokc.json.ByteSink;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.JsonText;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.json.Slice;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers are exact and plain, valid JSON, and one text each as keys. */
class NumberTextTest {
  private static final String NINES = "9".repeat(38);

  private static String written(String text) {
    ByteSink sink = new ByteSink();
    NumberText.write(cursorAt(JsonText.quoted(text)), sink);
    return sink.text();
  }

  private static JsonCursor cursorAt(String string) {
    JsonCursor cursor = new JsonCursor().reset(Slice.of(string));
    cursor.readString();
    return cursor;
  }

  @ParameterizedTest
  @CsvSource({
    "123, 123",
    "0, 0",
    "-0, 0",
    "1.50, 1.50",
    "1E+2, 100",
    "1e2, 100",
    "-1E2, -100",
    "420E-1, 42.0",
    "0E0, 0",
    "0E+9, 0",
    "0E-3, 0.000",
    "-0.50, -0.50",
    "-0.0, 0.0",
    "0.000001, 0.000001",
    "1E-6, 0.000001",
    "00012, 12",
    "+5, 5",
    ".5, 0.5",
    "5., 5",
    "99999999999999999999999999999999999999, 99999999999999999999999999999999999999",
    "-9.9999999999999999999999999999999999999E+125, -99999999999999999999999999999999999999"
        + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
  })
  void aNumberIsWrittenPlainAndExact(String text, String expected) {
    assertThat(written(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1E-130", "9.9E+125", "-1E-130"})
  void theEndsOfDynamoDbsRangeAreExact(String text) {
    assertThat(written(text)).doesNotContainIgnoringCase("e");
    assertThat(new BigDecimal(written(text))).isEqualByComparingTo(new BigDecimal(text));
  }

  static String[] noNumbers() {
    return new String[] {
      "",
      " ",
      "-",
      "+",
      ".",
      "e5",
      "1e",
      "1e+",
      "--1",
      "1-",
      "1..2",
      "1.2.3",
      "1,5",
      " 1",
      "1 ",
      "0x10",
      "NaN",
      "Infinity",
      "-Infinity",
      "true",
      "twelve",
      "1_000",
      "\u0661",
      "1\u0661",
      "\uff11.5",
      "\u09671",
      "1E+999999999",
      "1E-999999999",
      "1E+2147483647",
      "1E-2147483648",
      "1E+99999999999999999999",
      "0E+999999999",
      "1E+513",
      "1E-513",
      "7".repeat(513),
      "7".repeat(513) + "E0",
      "7".repeat(1_000_000) + "E0"
    };
  }

  @ParameterizedTest
  @MethodSource("noNumbers")
  void anInvalidNumberIsRefusedQuicklyWithoutShowingIt(String text) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          assertThatThrownBy(() -> written(text)).satisfies(NumberTextTest::saysNothing);
          assertThatThrownBy(() -> NumberText.canonical(text))
              .satisfies(NumberTextTest::saysNothing);
        });
  }

  private static void saysNothing(Throwable failure) {
    assertThat(failure)
        .isInstanceOf(MalformedJsonException.class)
        .hasMessage("an N attribute holds no DynamoDB number")
        .hasNoCause();
  }

  @Property
  void anyDynamoDbNumberKeepsItsValue(@ForAll("numbers") String text) {
    assertThat(written(text)).matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
    assertThat(new BigDecimal(written(text))).isEqualByComparingTo(new BigDecimal(text));
    assertThat(new BigDecimal(NumberText.canonical(text)))
        .isEqualByComparingTo(new BigDecimal(text));
  }

  @Property
  void equalNumbersHaveOneCanonicalText(@ForAll("numbers") String text) {
    BigDecimal number = new BigDecimal(text);
    String canonical = NumberText.canonical(text);
    assertThat(canonical).matches("-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?").isNotEqualTo("-0");
    assertThat(NumberText.canonical(number.toString())).isEqualTo(canonical);
    assertThat(NumberText.canonical(number.toPlainString())).isEqualTo(canonical);
    assertThat(NumberText.canonical(number.setScale(number.scale() + 5).toString()))
        .isEqualTo(canonical);
    assertThat(NumberText.canonical(canonical)).isEqualTo(canonical);
  }

  @Provide
  Arbitrary<String> numbers() {
    return DynamoDbJson.numbers();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-1", "0.1"})
  void shortNumbersStayAsTheyAre(String text) {
    assertThat(written(text)).isEqualTo(text);
    assertThat(NumberText.canonical(text)).isEqualTo(text);
    assertThat(NumberText.canonical(NINES)).isEqualTo(NINES);
  }

  @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
  void numberOfBytesIsThatOfItsText(@ForAll("texts") String text) {
    assertThat(outcome(() -> NumberText.parse(cursorAt(JsonText.quoted(text)))))
        .isEqualTo(outcome(() -> NumberText.parse(text)));
  }

  private static Object outcome(Supplier<BigDecimal> number) {
    try {
      return number.get();
    } catch (MalformedJsonException e) {
      return e.getMessage();
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        DynamoDbJson.numbers(),
        Arbitraries.strings().withChars("0123456789").ofMaxLength(22),
        Arbitraries.strings().withChars("0019.-").ofMaxLength(20),
        Arbitraries.strings().withChars("09.-+eE ").ofMaxLength(20));
  }
}
