package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Records that the connector, a converter or Kafka refuses. None is missing in silence: each either
 * fails its task or is told of in the status topic, and what comes after it arrives.
 */
class RefusedRecordsIT {
  /** As {@code dynamodb_json}, more than Kafka takes by default. */
  private static final String NUMBERS = "{\"N\":\"1\"},".repeat(124_999) + "{\"N\":\"1\"}";

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
  }

  private static String item(String key, String more) {
    return "{\"pk\":{\"S\":\"%s\"}%s}".formatted(key, more);
  }

  private static ScriptedChange insert(String key, String more) {
    return ScriptedChange.insert(item(key, ""), item(key, more));
  }

  private static String large(String key) {
    return item(key, ",\"list\":{\"L\":[" + NUMBERS + "]}");
  }

  private static Map<String, String> config(ScriptedTable table) {
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("value.format", "dynamodb_json");
    return config;
  }

  private static List<String> keys(String topic) {
    return TestConnector.records(topic).stream().map(TopicRecord::key).sorted().toList();
  }

  private static List<JsonNode> awaitSkipped(TestConnector connector, int count) {
    return Eventually.within(Duration.ofSeconds(60), count + " ITEM_SKIPPED records")
        .until(() -> connector.statusRecords("ITEM_SKIPPED"), found -> found.size() >= count);
  }

  @Test
  void aRecordTooLargeForKafkaIsSkippedAndReported() {
    ScriptedTable table = ScriptedTable.create("oversized-skipped", string("pk"));
    table.export(Instant.now(), item("a", ""), large("large"), item("b", ""));
    Map<String, String> config = config(table);
    config.put("errors.tolerance", "all");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitStreaming(table.name());
      table.append(
          ScriptedChange.insert(item("large", ""), large("large"))
              .at(Instant.now().getEpochSecond()));
      table.append(insert("c", "").at(Instant.now().getEpochSecond()));
      connector.awaitRecords(table.name(), 3);
      List<JsonNode> skipped = awaitSkipped(connector, 2);

      assertThat(keys(table.name()))
          .containsExactly("{\"pk\":\"a\"}", "{\"pk\":\"b\"}", "{\"pk\":\"c\"}");
      assertThat(skipped).hasSize(2);
      assertThat(skipped.get(0).path("line").asInt()).isEqualTo(2);
      assertThat(skipped.get(1).path("shard").asText()).isEqualTo(table.shard());
      assertThat(skipped)
          .allSatisfy(
              status ->
                  assertThat(status.path("reason").asText())
                      .contains("must be at most 1048576 bytes, is 1250"));
    }
  }

  @Test
  void aRecordTooLargeForKafkaFailsTheTaskNamingIt() {
    ScriptedTable table = ScriptedTable.create("oversized-fails", string("pk"));
    table.export(Instant.now(), item("a", ""), large("large"), item("b", ""));
    Map<String, String> config = config(table);
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      assertThat(connector.awaitFailure())
          .contains(
              "of table oversized-fails, line 2",
              "topic 'oversized-fails'",
              "key of SHA-256 ",
              "must be at most 1048576 bytes, is 1250",
              "set max.record.bytes")
          .doesNotContain("{\"pk\":\"large\"}");
      config.put("errors.log.include.messages", "true");
      connector.configure(config);
      Eventually.within(Duration.ofSeconds(60), "a failure that shows the key")
          .until(connector::awaitFailure, trace -> trace.contains("key {\"pk\":\"large\"}"));
      config.put("max.record.bytes", "2000000");
      config.put("producer.override.max.request.size", "2000000");
      config.put("topic.creation.default.max.message.bytes", "2000000");
      EndToEnd.kafka().createTopic("oversized-arrives", 1, Map.of("max.message.bytes", "2000000"));
      config.put("topic.format", "oversized-arrives");
      connector.configure(config);
      Eventually.within(Duration.ofSeconds(60), "the large item")
          .until(() -> keys("oversized-arrives"), keys -> keys.size() >= 2);
      assertThat(keys("oversized-arrives")).contains("{\"pk\":\"b\"}", "{\"pk\":\"large\"}");
    }
  }

  @Test
  @Tag("full")
  void whatKafkaRefusesIsReportedAndTheRestArrives() throws IOException {
    ScriptedTable table = ScriptedTable.create("refused-by-kafka", string("pk"));
    table.export(
        Instant.now(),
        item("a", ""),
        item("large", ",\"v\":{\"S\":\"" + "x".repeat(20_000) + "\"}"),
        item("b", ""));
    EndToEnd.kafka().createTopic(table.name(), 1, Map.of("max.message.bytes", "10000"));
    Map<String, String> config = config(table);
    config.put("errors.tolerance", "all");
    // One that drops nothing, so that there is more than one reason for a dropped record.
    filterNothing(config);
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitStreaming(table.name());
      List<JsonNode> skipped = awaitSkipped(connector, 1);

      assertThat(keys(table.name())).containsExactly("{\"pk\":\"a\"}", "{\"pk\":\"b\"}");
      assertThat(skipped).hasSize(1);
      assertThat(skipped.get(0).path("table").asText()).isEqualTo(table.name());
      assertThat(skipped.get(0).path("items").asInt()).isEqualTo(2);
      assertThat(skipped.get(0).path("reason").asText())
          .contains("was refused by Kafka and is not in Kafka", "key of SHA-256");
      assertThat(Files.readString(EndToEnd.worker().log()))
          .contains("Skipped, as errors.tolerance=all wants it");
      assertThat(connector.statusRecords("EXPORT_LOADED")).hasSize(1);
    }
  }

  @Test
  @Tag("full")
  void whatATransformCannotHandleIsReportedAndWhatItFiltersIsNot() {
    ScriptedTable table = ScriptedTable.create("refused-by-transform", string("pk"));
    table.export(Instant.now(), item("a", ",\"v\":{\"N\":\"1\"}"), item("b", ""), item("c", ""));
    Map<String, String> config = config(table);
    config.put("errors.tolerance", "all");
    config.put("value.format", "struct");
    config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    config.put("value.converter.schemas.enable", "false");
    config.put("struct.number.mode", "string");
    config.put("transforms", "cast,drop");
    config.put("predicates", "status,tombstone");
    config.put(
        "predicates.status.type",
        "org.apache.kafka.connect.transforms.predicates.TopicNameMatches");
    config.put("predicates.status.pattern", ".*-status");
    config.put(
        "predicates.tombstone.type",
        "org.apache.kafka.connect.transforms.predicates.RecordIsTombstone");
    config.put("transforms.cast.type", "org.apache.kafka.connect.transforms.Cast$Value");
    config.put("transforms.cast.spec", "pk:int32");
    config.put("transforms.cast.predicate", "status");
    config.put("transforms.cast.negate", "true");
    config.put("transforms.drop.type", "org.apache.kafka.connect.transforms.Filter");
    config.put("transforms.drop.predicate", "tombstone");
    config.put("delete.mode", "tombstone");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitStreaming(table.name());
      table.append(
          ScriptedChange.remove(item("a", ""), item("a", "")).at(Instant.now().getEpochSecond()));
      table.append(insert("9", "").at(Instant.now().getEpochSecond()));
      connector.awaitRecords(table.name(), 1);
      List<JsonNode> skipped = awaitSkipped(connector, 3);
      assertThat(skipped)
          .as("the three items whose key is no number, not the deletion")
          .hasSize(3)
          .allSatisfy(
              status ->
                  assertThat(status.path("fields").path("reason").asText())
                      .contains("was refused by a converter or transform"));
    }
  }

  private static void filterNothing(Map<String, String> config) {
    config.put("transforms", "drop");
    config.put("transforms.drop.type", "org.apache.kafka.connect.transforms.Filter");
    config.put("transforms.drop.predicate", "never");
    config.put("predicates", "never");
    config.put(
        "predicates.never.type", "org.apache.kafka.connect.transforms.predicates.TopicNameMatches");
    config.put("predicates.never.pattern", "none");
  }
}
