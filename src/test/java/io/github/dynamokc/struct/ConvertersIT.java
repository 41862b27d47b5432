package io.github.dynamokc.struct;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.dynamokc.struct.TypedTable.Seen;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.kafka.TopicReader;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The forms of records through Kafka's own converters, on a worker. */
class ConvertersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Loads and follows a table through all its shapes, and compares it with the topic each time. */
  private static void follow(
      ShapesTable table, Map<String, String> config, Function<String, Map<String, Object>> item) {
    table.first();
    TypedTable truth = new TypedTable(table.name(), EndToEnd.worker());
    try (TopicReader topic = TopicReader.open(EndToEnd.kafka().bootstrapServers(), table.name());
        TestConnector connector = TestConnector.start(table.name(), config)) {
      truth.awaitEqual(() -> seen(topic.toEnd(), item));
      connector.awaitStreaming(table.name());
      table.grown();
      table.changed();
      truth.awaitEqual(() -> seen(topic.toEnd(), item));
    }
  }

  private static List<Seen> seen(
      List<TopicRecord> records, Function<String, Map<String, Object>> item) {
    List<Seen> seen = new ArrayList<>();
    for (TopicRecord record : records) {
      boolean deleted = "delete".equals(record.header("opensearch_action"));
      seen.add(
          new Seen(
              String.valueOf(record.header("primary_key")),
              deleted ? null : item.apply(record.value())));
    }
    return seen;
  }

  private static JsonNode tree(@Nullable String json) {
    try {
      return new JsonMapper().readTree(String.valueOf(json));
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  @Test
  void jsonWithSchemasGivesTheColumnsBack() {
    ShapesTable table = ShapesTable.create("json-columns");
    Map<String, String> config = RecordSample.config("columns-as-json-with-schemas", table.name());
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "true"), false);
      follow(
          table,
          config,
          json ->
              TypedValues.ofColumns(
                  (Struct)
                      converter.toConnectData("", json.getBytes(StandardCharsets.UTF_8)).value()));
    }
  }

  @Test
  @Tag("full")
  void jsonWithoutSchemasIsTheItemForEveryone() {
    ShapesTable table = ShapesTable.create("json-plain");
    table.put(1, "text", ShapesTable.s("a"), "price", ShapesTable.n("1.25"));
    Map<String, String> config = RecordSample.config("columns-as-json", table.name());
    config.put("delete.mode", "document_and_tombstone");
    try (TestConnector connector = TestConnector.start("json-plain", config)) {
      connector.awaitStreaming(table.name());
      table.put(1, "text", ShapesTable.s("b"), "more", ShapesTable.s("c"));
      table.delete(1);
      List<TopicRecord> records =
          connector.awaitRecords(
              table.name(), seen -> seen.stream().anyMatch(record -> record.value() == null));
      assertThat(records)
          .extracting(record -> tree(record.key()))
          .containsOnly(tree("{\"pk\":\"item 1\",\"sk\":\"1\"}"));
      assertThat(records)
          .extracting(record -> tree(record.value()))
          .as("the item of the snapshot may come once more from the stream")
          .containsSubsequence(
              tree(
                  "{\"pk\":\"item 1\",\"sk\":\"1\",\"__other\":null,\"text\":\"a\",\"price\":\"1.25\"}"),
              tree(
                  "{\"pk\":\"item 1\",\"sk\":\"1\",\"__other\":null,\"text\":\"b\",\"price\":null,\"more\":\"c\"}"),
              tree(
                  "{\"pk\":\"item 1\",\"sk\":\"1\",\"__other\":null,\"text\":null,\"price\":null,\"more\":null}"),
              tree("null"));
      assertThat(connector.statusRecords("TABLE_REGISTERED"))
          .singleElement()
          .satisfies(
              status -> {
                assertThat(status.path("table").asText()).isEqualTo(table.name());
                assertThat(status.path("fields").path("partitionKey").asText()).isEqualTo("pk");
              });
    }
  }

  @Test
  @Tag("full")
  void dynamoDbJsonGivesTheItemBackWithItsTypes() {
    ShapesTable table = ShapesTable.create("dynamodb-json");
    follow(table, RecordSample.config("dynamodb-json-text", table.name()), TypedValues::ofItem);
  }

  @Test
  @Tag("full")
  void anEnvelopeOfTextHasTheItemBeforeAndAfter() {
    ShapesTable table = ShapesTable.create("envelope-text");
    table.first();
    Map<String, String> config = RecordSample.config("json-envelope-text", table.name());
    config.put("value.format", "dynamodb_json");
    follow(table, config, envelope -> TypedValues.ofItem(tree(envelope).path("after").toString()));
  }

  @Test
  @Tag("full")
  void aByteArrayConverterGetsTextAsBytes() {
    EndToEnd.aws().tables().create("byte-array", string("pk"));
    EndToEnd.aws().tables().put("byte-array", Map.of("pk", ShapesTable.s("ä")));
    Map<String, String> config = RecordSample.config("json-bytes", "byte-array");
    config.put("delete.mode", "tombstone");
    try (TestConnector connector = TestConnector.start("byte-array", config)) {
      connector.awaitStreaming("byte-array");
      EndToEnd.aws()
          .tables()
          .put("byte-array", Map.of("pk", ShapesTable.s("b"), "n", ShapesTable.n("1E2")));
      new TableModel("byte-array", "pk").awaitTopicEqualsTable(PATIENCE);
      assertThat(connector.statusRecords("EXPORT_LOADED")).hasSize(1);
    }
  }

  @Test
  @Tag("full")
  void theTopicsNameHasRegionAndAccountAndHeadersTheirPrefix() {
    EndToEnd.aws().tables().create("placed", string("pk"));
    Map<String, AttributeValue> item = Map.of("pk", ShapesTable.s("a"));
    EndToEnd.aws().tables().put("placed", item);
    Map<String, String> config = EndToEnd.config(1, "placed");
    config.put("topic.format", "${account}.${region}.${table}");
    config.put("headers.prefix", "ddb_");
    config.put("skipped.operations", "d");
    String[] arn = EndToEnd.aws().tables().describe("placed").tableArn().split(":");
    String topic = arn[4] + "." + arn[3] + ".placed";
    try (TestConnector connector = TestConnector.start("placed", config)) {
      connector.awaitStreaming("placed");
      EndToEnd.aws().tables().delete("placed", item);
      EndToEnd.aws().tables().put("placed", Map.of("pk", ShapesTable.s("b")));
      List<TopicRecord> records =
          connector.awaitRecords(
              topic, seen -> seen.stream().anyMatch(r -> "b".equals(r.header("ddb_primary_key"))));
      assertThat(records)
          .extracting(record -> record.header("ddb_primary_key"))
          .as("the item of the snapshot, perhaps once more from the stream")
          .containsOnly("a", "b");
      assertThat(records)
          .extracting(record -> record.header("ddb_dynamodb_event_name"))
          .doesNotContain("REMOVE");
      assertThat(records)
          .allSatisfy(
              record -> assertThat(record.headers().keySet()).allMatch(h -> h.startsWith("ddb_")));
    }
  }
}
