package io.github.dynamokc.record;

import static io.github.dynamokc.record.TestRecords.header;
import static io.github.dynamokc.record.TestRecords.insert;
import static io.github.dynamokc.record.TestRecords.item;
import static io.github.dynamokc.record.TestRecords.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.config.KeyFormat;
import io.github.dynamokc.config.RemoveView;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.json.JsonStrings;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.testing.RecordForms;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One item has one Kafka key, whoever tells of it and however it is written; two items have two.
 */
class ItemKeyTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static TableRecords keyedBy(KeyFormat format) {
    return table("SK", format, RemoveView.NEW_IMAGE);
  }

  private static String keys(String partitionKey, String sortKey) {
    return "{\"PK\":" + partitionKey + ",\"SK\":" + sortKey + "}";
  }

  private static String text(String json) {
    return "{\"S\":" + json + "}";
  }

  @ParameterizedTest
  @CsvSource({
    "860670, 860670",
    "420E-1, 42",
    "42.0, 42",
    "42, 42",
    "0E0, 0",
    "0, 0",
    "-0, 0",
    "0.000, 0",
    "0E-100, 0",
    "-1.50, -1.5",
    "1E+2, 100",
    "100, 100",
    "+7, 7",
    "007, 7",
    "0.000001, 0.000001",
    "12345678901234567890123456789012345678, 12345678901234567890123456789012345678",
    "-99999999999999999999999999999999999999, -99999999999999999999999999999999999999",
  })
  void numberKeysHaveOneTextFromExportAndStream(String written, String canonical) {
    String attributes = keys("{\"N\":\"" + written + "\"}", "{\"N\":\"" + written + "\"}");
    for (KeyFormat format : List.of(KeyFormat.JSON, KeyFormat.PRIMARY_KEY)) {
      for (TrackedRecord record :
          new TrackedRecord[] {
            item(keyedBy(format), attributes), insert(keyedBy(format), attributes, attributes)
          }) {
        assertThat(header(record, "partition_key")).isEqualTo(canonical);
        assertThat(header(record, "sort_key")).isEqualTo(canonical);
        assertThat(header(record, "primary_key")).isEqualTo(canonical + "|" + canonical);
        assertThat(record.key())
            .isEqualTo(
                switch (format) {
                  case JSON -> "{\"PK\":" + canonical + ",\"SK\":" + canonical + "}";
                  case PRIMARY_KEY -> canonical + "|" + canonical;
                  case STRUCT -> throw new AssertionError(format);
                });
      }
    }
  }

  @Test
  void theSmallestNumberKeyIsPlain() {
    TrackedRecord record =
        item(keyedBy(KeyFormat.JSON), keys("{\"N\":\"1E-130\"}", "{\"N\":\"1E+125\"}"));
    assertThat(header(record, "partition_key")).isEqualTo("0." + "0".repeat(129) + "1");
    assertThat(header(record, "sort_key")).isEqualTo("1" + "0".repeat(125));
  }

  @Test
  void binaryKeysAreBase64() {
    String attributes = keys("{\"B\":\"MDAwMA==\"}", "{\"B\":\"\\/\\/79\"}");
    TrackedRecord record = item(keyedBy(KeyFormat.JSON), attributes);
    assertThat(record.key()).isEqualTo("{\"PK\":\"MDAwMA==\",\"SK\":\"//79\"}");
    assertThat(header(record, "primary_key")).isEqualTo("MDAwMA==|//79");
  }

  @Test
  void keysThatShareTheirPrimaryKeyTextDifferAsJson() {
    String first = keys(text("\"a|b\""), text("\"c\""));
    String second = keys(text("\"a\""), text("\"b|c\""));
    assertThat(item(keyedBy(KeyFormat.JSON), first).key())
        .isNotEqualTo(item(keyedBy(KeyFormat.JSON), second).key());
    assertThat(item(keyedBy(KeyFormat.PRIMARY_KEY), first).key()).isEqualTo("a|b|c");
    assertThat(item(keyedBy(KeyFormat.PRIMARY_KEY), second).key()).isEqualTo("a|b|c");
  }

  @Test
  void theJsonKeyIsInKeySchemaOrderWhateverTheItemsOrder() {
    String reversed = "{\"SK\":{\"S\":\"s\"},\"X\":{\"S\":\"x\"},\"PK\":{\"S\":\"p\"}}";
    assertThat(item(keyedBy(KeyFormat.JSON), reversed).key())
        .isEqualTo("{\"PK\":\"p\",\"SK\":\"s\"}");
    assertThat(insert(keyedBy(KeyFormat.JSON), reversed, "{}").key())
        .isEqualTo("{\"PK\":\"p\",\"SK\":\"s\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"a\\u002fb\\n\\u00e9\\u2028\"",
        "\"a\\/b\\u000a\\u00E9\u2028\"",
        "\"\\u0061/b\\u000Aé\\u2028\"",
      })
  void escapesOfAKeyDoNotChangeIt(String written) {
    assertThat(item(keyedBy(KeyFormat.JSON), keys(text(written), text("\"s\""))).key())
        .isEqualTo("{\"PK\":\"a/b\\u000aé\u2028\",\"SK\":\"s\"}");
  }

  @Property
  void aKeyIsOneTextHoweverItIsEscaped(@ForAll("jsonStrings") String written)
      throws JsonProcessingException {
    String meant = JSON.readValue(written, String.class);
    StringBuilder allEscaped = new StringBuilder("\"");
    meant.chars().forEach(c -> allEscaped.append(String.format("\\u%04x", c)));
    String rewritten = allEscaped.append('"').toString();
    String fromExport =
        (String) item(keyedBy(KeyFormat.JSON), keys(text(written), text("\"\""))).key();
    String fromStream =
        (String) insert(keyedBy(KeyFormat.JSON), keys(text(rewritten), text("\"\"")), "{}").key();
    assertThat(fromStream).isEqualTo(fromExport);
    assertThat(JSON.readValue(fromExport, Map.class)).isEqualTo(Map.of("PK", meant, "SK", ""));
  }

  @Property
  void differentKeysNeverShareTheirJson(
      @ForAll("jsonStrings") String a,
      @ForAll("jsonStrings") String b,
      @ForAll("jsonStrings") String c,
      @ForAll("jsonStrings") String d)
      throws JsonProcessingException {
    Assume.that(
        !JSON.readTree("[" + a + "," + b + "]").equals(JSON.readTree("[" + c + "," + d + "]")));
    assertThat(item(keyedBy(KeyFormat.JSON), keys(text(a), text(b))).key())
        .isNotEqualTo(item(keyedBy(KeyFormat.JSON), keys(text(c), text(d))).key());
  }

  @Provide
  Arbitrary<String> jsonStrings() {
    return JsonStrings.quoted();
  }

  @Test
  void keyNamesAreFoundWhateverTheirCharacters() {
    TableRecords table = RecordForms.table("orders", "orders", "é\"k", "日.$");
    String attributes = "{\"\\u00e9\\\"k\":{\"S\":\"p\"},\"日.\\u0024\":{\"N\":\"1\"}}";
    String expected = "{\"é\\\"k\":\"p\",\"日.$\":1}";
    assertThat(item(table, attributes).key()).isEqualTo(expected);
    assertThat(insert(table, attributes, "{}").key()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{}; the partition key 'PK' is missing",
        "{\"SK\":{\"S\":\"s\"}}; the partition key 'PK' is missing",
        "{\"PK\":{\"S\":\"p\"}}; the sort key 'SK' is missing",
        "{\"pk\":{\"S\":\"p\"},\"SK\":{\"S\":\"s\"}}; the partition key 'PK' is missing",
        "{\"M\":{\"M\":{\"PK\":{\"S\":\"p\"}}},\"SK\":{\"S\":\"s\"}}; the partition key 'PK' is missing",
      })
  void aMissingKeyIsNamed(String attributes, String message) {
    assertThatThrownBy(() -> item(keyedBy(KeyFormat.JSON), attributes))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> insert(keyedBy(KeyFormat.JSON), attributes, "{}"))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"BOOL\":true}; found BOOL",
        "{\"NULL\":true}; found NULL",
        "{\"M\":{}}; found M",
        "{\"L\":[]}; found L",
        "{\"SS\":[\"a\"]}; found SS",
        "{\"NS\":[\"1\"]}; found NS",
        "{\"BS\":[\"MA==\"]}; found BS",
      })
  void aKeyOfATypeThatKeysCannotHaveIsRefused(String value, String found) {
    String attributes = keys(value, text("\"s\""));
    for (String each : new String[] {attributes, keys(text("\"p\""), value)}) {
      assertThatThrownBy(() -> item(keyedBy(KeyFormat.JSON), each))
          .isInstanceOf(MalformedJsonException.class)
          .hasMessageContaining("a key attribute is of type S, N or B; " + found);
      assertThatThrownBy(() -> insert(keyedBy(KeyFormat.JSON), each, "{}"))
          .isInstanceOf(MalformedJsonException.class)
          .hasMessageContaining("a key attribute is of type S, N or B; " + found);
    }
  }
}
