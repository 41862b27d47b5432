package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.binary;
import static io.github.dynamokc.testing.aws.KeyAttribute.number;
import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Values and keys are the same from the export and from the stream, whatever the text on the wire:
 * texts that DynamoDB Local would normalise are scripted.
 */
class RecordValuesIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NINES = "9".repeat(38);

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void stringsAndAttributeNamesAreTheSameAfterParsing() throws JsonProcessingException {
    StringBuilder controls = new StringBuilder();
    for (int c = 0; c < 32; c++) {
      controls.append("\\u%04x".formatted(c));
    }
    String[] attributes = {
      "\"pk\":{\"S\":\"strings\"}",
      "\"quotes\":{\"S\":\"\\\"double\\\" 'single' `back` \\\\ \\/\"}",
      "\"short escapes\":{\"S\":\"\\b\\f\\n\\r\\t\"}",
      "\"controls\":{\"S\":\"" + controls + "\"}",
      "\"separators\":{\"S\":\"\u2028 \\u2028 \u2029 \\u2029\"}",
      "\"emoji\":{\"S\":\"\ud83d\ude00 \\ud83d\\ude00\"}",
      "\"lone surrogates\":{\"S\":\"\\ud83d and \\ude00 and \\ude00\\ud83d\"}",
      "\"empty\":{\"S\":\"\"}",
      "\" \":{\"S\":\"a blank name\"}",
      "\"with.dot\":{\"S\":\"dot\"}",
      "\"with\\\"quote\":{\"S\":\"quote\"}",
      "\"$dollar\":{\"S\":\"dollar\"}",
      "\"ünï\\u20ac\":{\"S\":\"unicode\"}",
      "\"_id\":{\"S\":\"underscore\"}",
      "\"Item\":{\"S\":\"as the line's member\"}"
    };
    String item = "{" + String.join(",", attributes) + "}";
    List<List<String>> expected = new ArrayList<>();
    JSON.readTree(item)
        .fields()
        .forEachRemaining(
            field -> expected.add(List.of(field.getKey(), field.getValue().path("S").asText())));

    for (TopicRecord record : exportedAndChanged("values-strings", item)) {
      List<List<String>> actual = new ArrayList<>();
      JSON.readTree(record.value())
          .fields()
          .forEachRemaining(
              field -> actual.add(List.of(field.getKey(), field.getValue().asText())));
      assertThat(actual).isEqualTo(expected);
    }
  }

  @Test
  void everyOtherTypeHasTheExactTextInTheOrderOfTheItem() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("{\"S\":\"others\"}", "\"others\"");
    values.put("{\"N\":\"123\"}", "123");
    values.put("{\"N\":\"-0\"}", "0");
    values.put("{\"N\":\"1.50\"}", "1.50");
    values.put("{\"N\":\"1E+2\"}", "100");
    values.put("{\"N\":\"1E-130\"}", "0." + "0".repeat(129) + "1");
    values.put("{\"N\":\"-9.9E+125\"}", new BigDecimal("-9.9E+125").toPlainString());
    values.put("{\"N\":\"%s\"}".formatted(NINES), NINES);
    values.put("{\"N\":\"0.000001\"}", "0.000001");
    values.put("{\"B\":\"MDAwMA==\"}", "\"MDAwMA==\"");
    values.put("{\"B\":\"\"}", "\"\"");
    values.put("{\"SS\":[\"b\",\"a\",\"c\"]}", "[\"b\",\"a\",\"c\"]");
    values.put("{\"NS\":[\"3\",\"1E+1\",\"2.50\"]}", "[3,10,2.50]");
    values.put("{\"BS\":[\"/w==\",\"AA==\"]}", "[\"/w==\",\"AA==\"]");
    values.put("{\"BOOL\":true}", "true");
    values.put("{\"BOOL\":false}", "false");
    values.put("{\"NULL\":true}", "null");
    values.put("{\"L\":[]}", "[]");
    values.put("{\"M\":{}}", "{}");
    values.put(
        "{\"M\":{\"z\":{\"L\":[{\"N\":\"1\"},{\"NULL\":true},{\"M\":{}}]},\"a\":{\"BOOL\":true}}}",
        "{\"z\":[1,null,{}],\"a\":true}");
    values.put(
        "{\"L\":[{\"M\":{\"d\":".repeat(16) + "{\"N\":\"32\"}" + "}}]}".repeat(16),
        "[{\"d\":".repeat(16) + "32" + "}]".repeat(16));
    StringBuilder item = new StringBuilder("{");
    StringBuilder expected = new StringBuilder("{");
    values.forEach(
        (typed, plain) -> {
          String name = item.length() == 1 ? "\"pk\":" : ",\"a%d\":".formatted(item.length());
          item.append(name).append(typed);
          expected.append(name).append(plain);
        });

    assertThat(exportedAndChanged("values-others", item.append('}').toString()))
        .extracting(TopicRecord::value)
        .containsExactly(expected.append('}').toString(), expected.toString());
  }

  /** The record of an item from the export and then that from the stream. */
  private static List<TopicRecord> exportedAndChanged(String name, String item) {
    ScriptedTable table = ScriptedTable.create(name, string("pk"));
    table.export(Instant.now(), item);
    String pk = item.substring(0, item.indexOf('}') + 1) + "}";
    table.append(ScriptedChange.insert(pk, item));
    try (TestConnector connector = TestConnector.start(name, config(name))) {
      List<TopicRecord> records = connector.awaitRecords(name, 2);
      assertThat(records).hasSize(2);
      assertThat(records)
          .extracting(record -> record.header("dynamodb_event_name"))
          .containsExactly(null, "INSERT");
      assertThat(records.get(1).key()).isEqualTo(records.get(0).key());
      return records;
    }
  }

  @Test
  void numberKeysHaveOneTextHoweverTheyAreWritten() {
    String tiny = "0." + "0".repeat(129) + "1";
    String[][] exportedChangedAndCanonical = {
      {"860670", "860670", "860670"},
      {"420E-1", "42.0", "42"},
      {"42.0", "42", "42"},
      {"0E0", "0", "0"},
      {"-0", "0.0", "0"},
      {"1E+2", "100", "100"},
      {"1E-130", tiny, tiny},
      {"-1.50", "-1.5", "-1.5"},
      {NINES, NINES + ".0", NINES}
    };
    ScriptedTable table = ScriptedTable.create("values-number-keys", number("pk"), string("sk"));
    List<String> items = new ArrayList<>();
    for (int i = 0; i < exportedChangedAndCanonical.length; i++) {
      String form = "{\"sk\":{\"S\":\"case %d\"},\"pk\":{\"N\":\"%s\"}}";
      items.add(form.formatted(i, exportedChangedAndCanonical[i][0]));
      String changed = form.formatted(i, exportedChangedAndCanonical[i][1]);
      table.append(ScriptedChange.insert(changed, changed));
    }
    table.export(Instant.now(), items.toArray(String[]::new));
    int cases = items.size();
    try (TestConnector connector = TestConnector.start(table.name(), config(table.name()))) {
      List<TopicRecord> records = connector.awaitRecords(table.name(), 2 * cases);

      for (int i = 0; i < cases; i++) {
        String canonical = exportedChangedAndCanonical[i][2];
        for (TopicRecord record : List.of(records.get(i), records.get(cases + i))) {
          assertThat(record.key())
              .isEqualTo("{\"pk\":%s,\"sk\":\"case %d\"}".formatted(canonical, i));
          assertThat(record.header("partition_key")).isEqualTo(canonical);
          assertThat(record.header("primary_key")).isEqualTo(canonical + "|case " + i);
        }
      }
    }
  }

  @Test
  void binaryKeysAreBase64AndDifferWhereTheBytesDo() {
    ScriptedTable table = ScriptedTable.create("values-binary-keys", binary("pk"), binary("sk"));
    String form = "{\"pk\":{\"B\":\"%s\"},\"sk\":{\"B\":\"%s\"}}";
    List<List<String>> keys =
        List.of(List.of("AP8=", "/w=="), List.of("AP4=", "/w=="), List.of("AP8=", "/g=="));
    List<String> items = keys.stream().map(k -> form.formatted(k.get(0), k.get(1))).toList();
    table.export(Instant.now(), items.toArray(String[]::new));
    items.forEach(item -> table.append(ScriptedChange.insert(item, item)));
    try (TestConnector connector = TestConnector.start(table.name(), config(table.name()))) {
      List<TopicRecord> records = connector.awaitRecords(table.name(), 6);

      String json = "{\"pk\":\"%s\",\"sk\":\"%s\"}";
      List<String> expected = keys.stream().map(k -> json.formatted(k.get(0), k.get(1))).toList();
      assertThat(records.subList(0, 3)).extracting(TopicRecord::key).isEqualTo(expected);
      assertThat(records.subList(3, 6)).extracting(TopicRecord::key).isEqualTo(expected);
      assertThat(records.subList(0, 3))
          .extracting(record -> record.header("primary_key"))
          .isEqualTo(keys.stream().map(key -> String.join("|", key)).toList());
    }
  }

  @Test
  void itemsWithTheSamePrimaryKeyTextHaveDifferentKeys() {
    ScriptedTable table = ScriptedTable.create("values-bars", string("pk"), string("sk"));
    String form = "{\"pk\":{\"S\":\"%s\"},\"sk\":{\"S\":\"%s\"}}";
    table.export(Instant.now(), form.formatted("a|b", "c"), form.formatted("a", "b|c"));
    try (TestConnector connector = TestConnector.start(table.name(), config(table.name()))) {
      List<TopicRecord> records = connector.awaitRecords(table.name(), 2);

      assertThat(records)
          .extracting(TopicRecord::key)
          .containsExactly("{\"pk\":\"a|b\",\"sk\":\"c\"}", "{\"pk\":\"a\",\"sk\":\"b|c\"}");
      assertThat(records).extracting(record -> record.header("primary_key")).containsOnly("a|b|c");
    }
  }

  @Test
  void everyTypeOfARealTableComesThroughExportAndStream() {
    String table = "values-real";
    EndToEnd.aws().tables().create(table, string("pk"), binary("sk"));
    EndToEnd.aws().tables().put(table, item("exported", "1"));
    Map<String, String> config = config(table);
    try (TestConnector connector = TestConnector.start(table, config)) {
      connector.awaitStreaming(table);
      EndToEnd.aws().tables().put(table, item("exported", "2"));
      EndToEnd.aws().tables().put(table, item("changed", "3"));

      new TableModel(table, "pk", "sk").awaitTopicEqualsTable(Duration.ofSeconds(60));
    }
  }

  private static Map<String, AttributeValue> item(String pk, String n) {
    Map<String, AttributeValue> item = new HashMap<>();
    SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {0, -1, 127});
    item.put("pk", AttributeValue.fromS(pk));
    item.put("sk", AttributeValue.fromB(bytes));
    item.put("s", AttributeValue.fromS("\"'`\\\n\t\u0000\u001f\u2028😀"));
    item.put("n", AttributeValue.fromN(n));
    item.put("precise", AttributeValue.fromN(NINES));
    item.put("small", AttributeValue.fromN("1E-130"));
    item.put("b", AttributeValue.fromB(bytes));
    item.put("yes", AttributeValue.fromBool(true));
    item.put("nul", AttributeValue.fromNul(true));
    item.put("ss", AttributeValue.fromSs(List.of("x", "y")));
    item.put("ns", AttributeValue.fromNs(List.of("1", "2.5")));
    item.put("bs", AttributeValue.fromBs(List.of(bytes)));
    item.put("empty list", AttributeValue.fromL(List.of()));
    item.put(
        "map",
        AttributeValue.fromM(
            Map.of(
                "a.b$", AttributeValue.fromL(List.of(AttributeValue.fromN("7"))),
                "empty", AttributeValue.fromM(Map.of()))));
    return item;
  }

  private static Map<String, String> config(String table) {
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("export.poll.interval.ms", "200");
    config.put("topic.creation.default.partitions", "1");
    return config;
  }
}
