package io.github.dynamokc.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the cursor takes for a token, and what it refuses, case by case. */
class JsonCursorTest {
  private static JsonCursor over(String json) {
    return new JsonCursor().reset(Slice.of(json));
  }

  /** A cursor over raw bytes that lie between bytes which would continue them. */
  private static JsonCursor over(byte... bytes) {
    byte[] array = new byte[bytes.length + 2];
    array[0] = '"';
    array[array.length - 1] = '"';
    System.arraycopy(bytes, 0, array, 1, bytes.length);
    return new JsonCursor().reset(array, 1, array.length - 1);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "\"\\\"\", \"",
        "\"\\\\\", \\",
        "\"\\/\", /",
        "\"a\\\\\", a\\",
        "\"\\u0041\\u00e9\\u00E9\", Aéé",
        "\"\\ud83d\\ude00\", 😀",
        "\"plain é 😀\", plain é 😀",
        "\"\", ``",
      })
  void textIsWhatTheEscapesMean(String json, String text) {
    assertThat(over(json).readText()).isEqualTo(text);
  }

  @Test
  void whiteSpaceEscapesAndControlEscapesAreUnderstood() {
    assertThat(over("\"\\b\\f\\n\\r\\t\\u0000\\u001f\"").readText())
        .isEqualTo("\b\f\n\r\t\0\u001f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\ud800",
        "a\\udc00b",
        "\\uD83D",
        "\\ud83d\\ud83d\\ude00",
        "\\ude00\\ud83d",
        "\\ud83dx",
        "\\ud83d\\n",
        "\\ud83d\\u0041",
        "\\ud83d\\u00"
      })
  void halfOfASurrogatePairIsRefused(String text) {
    assertThatThrownBy(() -> over("\"" + text + "\"").readText())
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("at byte");
    assertThatThrownBy(() -> over("\"\\ud800\"").readText())
        .hasMessage("half of a surrogate pair in a string at byte 1");
  }

  @Test
  void lineSeparatorsOfUnicodeAreOrdinaryCharacters() {
    assertThat(over("\"\u2028\u2029\u0085\u007f\"").readText())
        .isEqualTo("\u2028\u2029\u0085\u007f");
  }

  @Test
  void everyRawControlCharacterInAStringIsRefused() {
    for (int c = 0; c < ' '; c++) {
      JsonCursor cursor = over((byte) '"', (byte) c, (byte) '"');
      assertThatThrownBy(cursor::readString)
          .isInstanceOf(MalformedJsonException.class)
          .hasMessage("a control character inside a string at byte 1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"",
        "\"abc",
        "\"abc\\\"",
        "\"\\",
        "\"\\\"",
        "\"\\u",
        "\"\\u004",
        "\"\\u004\"",
        "\"\\u00g0\"",
        "\"\\u-001\"",
        "\"\\u 041\"",
        "\"\\uééé\"",
        "\"\\x41\"",
        "\"\\'\"",
        "\"\\U0041\"",
        "abc\"",
        "'abc'",
        "",
        "1"
      })
  void aMalformedStringIsRefused(String json) {
    assertThatThrownBy(() -> over(json.getBytes(StandardCharsets.UTF_8)).readText())
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("at byte");
  }

  @Test
  void aStringShowsWhetherEscapesWereUsed() {
    JsonCursor cursor = over("[\"plain\",\"\\u0061\"]");
    cursor.expect('[');
    assertThat(cursor.readString()).isTrue();
    assertThat(cursor.tokenIs("plain")).isTrue();
    assertThat(cursor.tokenText()).isEqualTo("plain");
    cursor.expect(',');
    assertThat(cursor.readString()).isFalse();
    assertThat(cursor.tokenIs("a")).isTrue();
    assertThat(cursor.tokenIs("b")).isFalse();
    assertThat(cursor.tokenText()).isEqualTo("a");
  }

  @Test
  void tokensCompareWithWholeTextsOnly() {
    JsonCursor cursor = over("\"Item\"");
    cursor.readString();
    assertThat(cursor.tokenIs("Item")).isTrue();
    assertThat(cursor.tokenIs("Ite")).isFalse();
    assertThat(cursor.tokenIs("Items")).isFalse();
    assertThat(cursor.tokenIs("item")).isFalse();
    assertThat(cursor.tokenIs("Item".getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(cursor.tokenIs("Itex".getBytes(StandardCharsets.UTF_8))).isFalse();
    assertThat(cursor.tokenIs(new byte[0])).isFalse();
  }

  @Test
  void byteFfIsNotTakenForTheEnd() {
    assertThat(over((byte) 0xFF).peek()).isEqualTo(0xFF);
    assertThatThrownBy(() -> over((byte) 0xFF).expectEnd())
        .isInstanceOf(MalformedJsonException.class)
        .hasMessage("nothing more expected at byte 0");
    assertThatThrownBy(() -> over((byte) '1', (byte) 0xFF).readObject())
        .isInstanceOf(MalformedJsonException.class);
    JsonCursor afterBackslash = over((byte) '"', (byte) '\\', (byte) 0xFF, (byte) '"');
    assertThatThrownBy(afterBackslash::readString).hasMessageStartingWith("an unknown escape");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    JsonCursor cursor = over((byte) '"', (byte) 'a', (byte) 0xC3, (byte) '"');
    assertThatThrownBy(cursor::readText)
        .isInstanceOf(MalformedJsonException.class)
        .hasMessage("a string that is not UTF-8 at byte 2");
    assertThatThrownBy(() -> over((byte) '"', (byte) 0xFF, (byte) '"').skipValue())
        .isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void aNameThatComesTwiceIsRefused() {
    String[] documents = {
      "{\"a\":1,\"b\":2,\"a\":3}",
      "{\"a\":1,\"\\u0061\":3}",
      "{\"\\u0061\":1,\"a\":3}",
      "[{\"x\":{\"é\":{},\"\\u00E9\":{}}}]",
      "{\"\":1,\"\":1}"
    };
    for (String json : documents) {
      assertThatThrownBy(() -> over(json).skipValue())
          .as(json)
          .isInstanceOf(MalformedJsonException.class)
          .hasMessageStartingWith("the second member of one name in an object at byte");
    }
    over("{\"a\":{\"a\":{\"b\":1}},\"b\":[{\"a\":1},{\"a\":1}]}").skipValue();
  }

  @Test
  void namesOfAValueThatIsReadAgainAreForgotten() {
    JsonCursor cursor = over("{\"a\":{\"b\":{\"c\":1}},\"d\":2}");
    cursor.beginObject();
    cursor.readName();
    int value = cursor.position();
    cursor.beginObject();
    cursor.readName();
    cursor.beginObject();
    cursor.readName();
    cursor.rewind(value);
    cursor.skipValue();
    assertThat(cursor.nextMember()).isTrue();
    cursor.readName();
    assertThat(cursor.tokenIs("d")).isTrue();
  }

  @Test
  void whatIsInAnObjectThatIsReadLaterIsLookedAtThen() {
    JsonCursor cursor = over("{\"a\":\"\\ud800\",\"a\":1} ,");
    Slice object = cursor.readObject();
    assertThat(cursor.peek()).isEqualTo(',');
    assertThatThrownBy(() -> new JsonCursor().reset(object).skipValue())
        .hasMessageStartingWith("half of a surrogate pair");
  }

  @Test
  void onlyTheFourWhiteSpaceBytesOfJsonAreSteppedOver() {
    assertThat(over(" \t\r\n{").peek()).isEqualTo('{');
    assertThat(over("\u000b{").peek()).isEqualTo(0x0b);
    assertThat(over("\u0000").peek()).isZero();
    assertThat(over(" \n").peek()).isEqualTo(-1);
  }

  @Test
  void theEndIsTheSlicesEndNotTheArrays() {
    byte[] bytes = "[1,2] ]]".getBytes(StandardCharsets.UTF_8);
    JsonCursor cursor = new JsonCursor().reset(bytes, 0, 6);
    cursor.skipValue();
    cursor.expectEnd();
    assertThatThrownBy(() -> new JsonCursor().reset(bytes, 0, 4).skipValue())
        .hasMessage("']' expected at byte 4");
  }

  @Test
  void positionsInMessagesCountFromTheSlicesStart() {
    byte[] bytes = "xxxx{]".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> new JsonCursor().reset(bytes, 4, 6).skipValue())
        .hasMessage("'\"' expected at byte 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1.5E+10", "1e-130", "true", "false", "null"})
  void scalarsAreTheirText(String json) {
    JsonCursor cursor = over(" " + json + " ,");
    cursor.readScalar();
    assertThat(cursor.tokenIs(json)).isTrue();
    assertThat(cursor.peek()).isEqualTo(',');
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ",", "\"a\"", "{}", "[", "#", "é"})
  void aMalformedScalarIsRefused(String json) {
    assertThatThrownBy(() -> over(json).readScalar())
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageStartingWith("a value expected");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[",
        "{}}",
        "[1,]",
        "[,1]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":1 \"b\":2}",
        "[1 2]",
        "{\"a\":1]",
        "[1}",
        "]",
        "}",
        ":",
        "",
        "{\"a\":\"}"
      })
  void brokenDocumentsAreRefused(String json) {
    JsonCursor cursor = over(json);
    assertThatThrownBy(
            () -> {
              cursor.skipValue();
              cursor.expectEnd();
            })
        .isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void nestingIsBounded() {
    over("[".repeat(200) + "]".repeat(200)).skipValue();
    String tooDeep = "{\"a\":".repeat(100_000);
    assertThatThrownBy(() -> over(tooDeep).skipValue())
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageStartingWith("nested deeper than 200");
  }

  @Test
  void anObjectIsReadAsTheSliceFromBraceToBrace() {
    JsonCursor cursor = over("  {\"a\":{\"}\":\"\\\"}\"}} , 1");
    assertThat(cursor.readObject().text()).isEqualTo("{\"a\":{\"}\":\"\\\"}\"}}");
    cursor.expect(',');
    assertThatThrownBy(cursor::readObject).hasMessageStartingWith("an object expected");
  }

  @Test
  void theBytesAheadStartAtTheNextToken() {
    JsonCursor cursor = over("[ 1 ]");
    cursor.expect('[');
    assertThat(cursor.ahead().text()).isEqualTo("1 ]");
  }

  @Test
  void messagesDoNotQuoteTheData() {
    assertThatThrownBy(() -> over("{\"secret\":\"classified\" x").skipValue())
        .hasMessageNotContainingAny("secret", "classified", "x\"");
    assertThat(Slice.of("classified")).hasToString("Slice of 10 bytes");
  }
}
