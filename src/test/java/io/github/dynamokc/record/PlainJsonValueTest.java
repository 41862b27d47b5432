package io.github.dynamokc.record;

import static io.github.dynamokc.record.TestRecords.item;
import static io.github.dynamokc.record.TestRecords.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.item.ItemTranscoder;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.json.ByteSink;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.json.Slice;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of each attribute type, of odd strings and names, and of items that are none. */
class PlainJsonValueTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static String transcoded(String item) {
    ByteSink sink = new ByteSink();
    JsonCursor cursor = new JsonCursor().reset(Slice.of(item));
    ItemTranscoder.toPlainJson(new KeyNames("PK", "SK")).transcode(cursor, sink);
    cursor.expectEnd();
    return sink.text();
  }

  private static String valueOf(String typed) {
    String plain = transcoded("{\"A\":" + typed + "}");
    assertThat(plain).startsWith("{\"A\":").endsWith("}");
    return plain.substring(5, plain.length() - 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"S\":\"text\"}; \"text\"",
        "{\"S\":\"\"}; \"\"",
        "{\"N\":\"1E+2\"}; 100",
        "{\"N\":\"1.50\"}; 1.50",
        "{\"N\":\"0.000001\"}; 0.000001",
        "{\"N\":\"-0\"}; 0",
        "{\"B\":\"MDAwMA==\"}; \"MDAwMA==\"",
        "{\"B\":\"\"}; \"\"",
        "{\"BOOL\":true}; true",
        "{\"BOOL\":false}; false",
        "{\"NULL\":true}; null",
        "{\"M\":{}}; {}",
        "{\"L\":[]}; []",
        "{\"M\":{\"b\":{\"N\":\"1\"},\"a\":{\"L\":[{\"NULL\":true},{\"S\":\"x\"}]}}}; {\"b\":1,\"a\":[null,\"x\"]}",
        "{\"SS\":[\"b\",\"a\",\"c\"]}; [\"b\",\"a\",\"c\"]",
        "{\"NS\":[\"3\",\"1E+1\",\"-0\",\"2.50\"]}; [3,10,0,2.50]",
        "{\"BS\":[\"Mg==\",\"MQ==\"]}; [\"Mg==\",\"MQ==\"]",
        "{\"SS\":[]}; []",
        "{\"NS\":[]}; []",
        " { \"N\" : \"1\" } ; 1",
        "{ \"L\" : [ { \"S\" : \"a b\" } , { \"M\" : { } } ] }; [\"a b\",{}]",
      })
  void eachTypeHasItsPlainForm(String typed, String expected) {
    assertThat(valueOf(typed)).isEqualTo(expected);
  }

  @Test
  void thirtyTwoLevelsAreKept() {
    String maps = "{\"M\":{\"m\":".repeat(16) + "{\"NULL\":true}" + "}}".repeat(16);
    String nested = "{\"L\":[".repeat(16) + maps + "]}".repeat(16);
    assertThat(valueOf(nested))
        .isEqualTo(
            "[".repeat(16) + "{\"m\":".repeat(16) + "null" + "}".repeat(16) + "]".repeat(16));
  }

  @Test
  void endlessNestingIsRefused() {
    assertThatThrownBy(() -> valueOf("{\"L\":[".repeat(100_000)))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageStartingWith("nested deeper than 99");
  }

  @Test
  void attributesKeepTheirOrder() {
    assertThat(
            transcoded(
                "{\"z\":{\"N\":\"1\"},\"SK\":{\"S\":\"s\"},\"a\":{\"N\":\"2\"},\"PK\":{\"S\":\"p\"}}"))
        .isEqualTo("{\"z\":1,\"SK\":\"s\",\"a\":2,\"PK\":\"p\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "a.b.c",
        "\"",
        "\\",
        "$",
        "${x}",
        "_id",
        "__proto__",
        "é日本😀",
        "\u2028",
        "\n",
        "\0",
        "S",
        "M",
        "NULL",
        "Item",
        "'",
        "`"
      })
  void attributeNamesAreKept(String name) throws IOException {
    String item =
        "{"
            + JSON.writeValueAsString(name)
            + ":{\"M\":{"
            + JSON.writeValueAsString(name)
            + ":{\"S\":\"v\"}}}}";
    assertThat(JSON.readValue(transcoded(item), Map.class))
        .isEqualTo(Map.of(name, Map.of(name, "v")));
  }

  @Test
  void oddStringsAreIdenticalAfterParsing() throws IOException {
    StringBuilder text =
        new StringBuilder("\"quoted\" 'it' `tick` \\ / \u007f\u2028\u2029\ufeff😀é");
    for (char c = 0; c <= 0x1f; c++) {
      text.append(c);
    }
    String typed = "{\"S\":" + JSON.writeValueAsString(text.toString()) + "}";
    assertThat(JSON.readValue(valueOf(typed), String.class)).isEqualTo(text.toString());
  }

  @Test
  void surrogatesSurviveAsEscapesInPairsOnly() throws IOException {
    String plain = valueOf("{\"S\":\"|\\ud83d\\ude00\"}");
    assertThat(plain).isEqualTo("\"|\\ud83d\\ude00\"");
    assertThat(JSON.readValue(plain, String.class)).isEqualTo("|😀");
    assertThatThrownBy(() -> valueOf("{\"S\":\"\\ud800|\\uDC00\"}"))
        .isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void aLargeItemOutgrowsTheFirstBuffer() {
    String text = "é".repeat(200_000);
    assertThat(valueOf("{\"S\":\"" + text + "\"}")).isEqualTo("\"" + text + "\"");
  }

  @Test
  void anEmptyItemIsAnEmptyObject() {
    assertThat(transcoded("{}")).isEqualTo("{}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"X\":\"1\"}",
        "{\"s\":\"1\"}",
        "{\"\":\"1\"}",
        "{\"XS\":[]}",
        "{\"SSS\":[]}",
        "{\"BOOLEAN\":true}",
        "{\"null\":true}",
        "{}",
        "{\"S\":\"a\",\"N\":\"1\"}",
        "{\"S\":\"a\",\"S\":\"b\"}",
        "{\"S\":1}",
        "{\"S\":null}",
        "{\"S\":[\"a\"]}",
        "{\"N\":1}",
        "{\"N\":null}",
        "{\"N\":\"one\"}",
        "{\"N\":\"\"}",
        "{\"B\":true}",
        "{\"BOOL\":\"true\"}",
        "{\"BOOL\":1}",
        "{\"BOOL\":null}",
        "{\"BOOL\":trueish}",
        "{\"NULL\":false}",
        "{\"NULL\":null}",
        "{\"NULL\":\"true\"}",
        "{\"M\":[]}",
        "{\"M\":{\"a\":1}}",
        "{\"M\":{\"a\":{\"S\":\"x\"},}}",
        "{\"L\":{}}",
        "{\"L\":[1]}",
        "{\"L\":[{\"S\":\"x\"},]}",
        "{\"SS\":\"a\"}",
        "{\"SS\":[1]}",
        "{\"NS\":[1]}",
        "{\"NS\":[\"x\"]}",
        "{\"BS\":[null]}",
        "{\"S\"}",
        "{\"S\":}",
        "{\"S\":\"classified",
        "\"classified\"",
        "1",
        "null",
        "[]",
      })
  void aMalformedTypedValueIsRefusedWithoutShowingIt(String typed) {
    assertThatThrownBy(() -> valueOf(typed))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageNotContaining("classified");
    assertThatThrownBy(() -> valueOf("{\"L\":[{\"M\":{\"deep\":" + typed + "}}]}"))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageNotContaining("deep");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "\"x\"",
        "{",
        "{\"A\"",
        "{\"A\":",
        "{\"A\":{\"S\":\"x\"}",
        "{\"A\":{\"S\":\"x\"},}",
        "{,}",
        "{A:{\"S\":\"x\"}}"
      })
  void aMalformedItemIsRefused(String item) {
    assertThatThrownBy(() -> transcoded(item)).isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void aHugeExponentIsRefusedAtOnce() {
    String keyed = "{\"PK\":{\"S\":\"p\"},\"SK\":{\"S\":\"s\"},\"A\":{\"N\":\"1E+999999999\"}}";
    String asKey = "{\"PK\":{\"N\":\"1E+999999999\"},\"SK\":{\"S\":\"s\"}}";
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (String each : new String[] {keyed, asKey}) {
            assertThatThrownBy(() -> item(TestRecords.table(), each))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage("an N attribute holds no DynamoDB number");
          }
        });
  }

  @Test
  void aTranscoderWorksOnAfterAMalformedItem() {
    ItemTranscoder transcoder = ItemTranscoder.toPlainJson(new KeyNames("PK", "SK"));
    ByteSink sink = new ByteSink();
    JsonCursor cursor = new JsonCursor();
    String broken = "{\"PK\":{\"S\":\"p\"},\"A\":{\"X\":1}}";
    assertThatThrownBy(() -> transcoder.transcode(cursor.reset(Slice.of(broken)), sink))
        .isInstanceOf(MalformedJsonException.class);
    sink.clear();
    transcoder.transcode(cursor.reset(Slice.of("{}")), sink);
    assertThat(sink.text()).isEqualTo("{}");
    assertThat(transcoder.partitionKey()).isNull();
    assertThat(value(item(TestRecords.table(), "{\"PK\":{\"S\":\"p\"},\"SK\":{\"S\":\"s\"}}")))
        .isEqualTo("{\"PK\":\"p\",\"SK\":\"s\"}");
  }
}
