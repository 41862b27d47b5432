package io.github.dynamokc.struct;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Debezium's own ExtractNewRecordState, as it is, takes envelopes apart on a worker: whoever has it
 * in place for other databases needs nothing else for this one.
 */
@Tag("full")
class DebeziumUnwrapIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TABLE = "unwrap";

  /** Connectors of one table, each with settings of the transform, and a topic, of its own. */
  private static final Map<String, List<TopicRecord>> RECORDS = new HashMap<>();

  @BeforeAll
  static void loadAndChange() {
    EndToEnd.aws().tables().create(TABLE, string("pk"));
    put("kept", 1);
    put("exported and deleted", 1, "a");
    Map<String, TestConnector> connectors = new HashMap<>();
    configs()
        .forEach(
            (mode, config) ->
                connectors.put(mode, TestConnector.start(worker(), "unwrap-" + mode, config)));
    try {
      connectors.values().forEach(connector -> connector.awaitStreaming(TABLE));
      delete("exported and deleted");
      put("added", 1, "b");
      put("added", 2, "a", "b");
      put("added and deleted", 1, "c");
      delete("added and deleted");
      put("last", 1);
      connectors.forEach(
          (mode, connector) -> {
            RECORDS.put(
                mode,
                connector.awaitRecords(
                    TABLE + "." + mode, records -> !valuesOf(records, "last").isEmpty()));
            assertThat(connector.statusRecords("EXPORT_LOADED"))
                .as("status records pass as they are")
                .hasSize(1);
          });
    } finally {
      connectors.values().forEach(TestConnector::close);
    }
  }

  private static ConnectWorker worker() {
    return EndToEnd.registryWorker();
  }

  private static Map<String, Map<String, String>> configs() {
    Map<String, Map<String, String>> configs = new HashMap<>();
    configs.put(
        "tombstone",
        unwrapping(
            "document",
            "add.fields",
            "op,source.snapshot,source.table",
            "add.headers",
            "op,source.event_id",
            "delete.tombstone.handling.mode",
            "delete-to-tombstone"));
    configs.put("default", unwrapping("document_and_tombstone"));
    for (String mode : List.of("rewrite", "drop")) {
      configs.put(mode, unwrapping("document", "delete.tombstone.handling.mode", mode));
    }
    configs.put(
        "both",
        unwrapping(
            "document_and_tombstone", "delete.tombstone.handling.mode", "rewrite-with-tombstone"));
    configs.forEach((mode, config) -> config.put("topic.format", "${table}." + mode));
    return configs;
  }

  /** As the sample has it, but for what it sets of the transform. */
  private static Map<String, String> unwrapping(String deleteMode, String... transform) {
    Map<String, String> config = RecordSample.config("envelope-unwrapped-by-debezium", TABLE);
    config.keySet().removeIf(key -> key.matches("transforms[.]unwrap[.](add|delete).*"));
    config.put("delete.mode", deleteMode);
    config.put("topic.creation.default.partitions", "1");
    for (int i = 0; i < transform.length; i += 2) {
      config.put("transforms.unwrap." + transform[i], transform[i + 1]);
    }
    return config;
  }

  private static void put(String key, int value, String... attributes) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("pk", AttributeValue.fromS(key));
    item.put("n", AttributeValue.fromN(Integer.toString(value)));
    for (String attribute : attributes) {
      item.put(attribute, AttributeValue.fromS(attribute + value));
    }
    EndToEnd.aws().tables().put(TABLE, item);
  }

  private static void delete(String key) {
    EndToEnd.aws().tables().delete(TABLE, Map.of("pk", AttributeValue.fromS(key)));
  }

  private static JsonNode json(@Nullable String text) {
    try {
      return JSON.readTree(String.valueOf(text));
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  /** The values of one item's records, in order, without what is null in them. */
  private static List<String> valuesOf(List<TopicRecord> records, String key) {
    List<String> values = new ArrayList<>();
    for (TopicRecord record : records) {
      if (json(record.key()).path("pk").asText().equals(key)) {
        JsonNode value = json(record.value());
        if (value instanceof ObjectNode object) {
          object.properties().removeIf(field -> field.getValue().isNull());
        }
        values.add(record.value() == null ? "tombstone" : value.toString());
      }
    }
    return values;
  }

  @Test
  void deletionsBecomeTombstonesAndTheTopicEndsAsTheTable() {
    List<TopicRecord> records = RECORDS.get("tombstone");

    Map<String, String> latest = new TreeMap<>();
    for (TopicRecord record : records) {
      if (record.value() == null) {
        latest.remove(json(record.key()).path("pk").asText());
      } else {
        latest.put(json(record.key()).path("pk").asText(), json(record.value()).path("n").asText());
      }
    }
    Map<String, String> table = new TreeMap<>();
    EndToEnd.aws()
        .tables()
        .scan(TABLE)
        .forEach(item -> table.put(item.get("pk").s(), item.get("n").n()));
    assertThat(latest).isEqualTo(table).hasSize(3);
    assertThat(valuesOf(records, "kept"))
        .contains(
            "{\"pk\":\"kept\",\"n\":\"1\",\"__op\":\"r\",\"__source_snapshot\":\"true\",\"__source_table\":\"unwrap\"}");
    assertThat(valuesOf(records, "added"))
        .containsExactly(
            "{\"pk\":\"added\",\"n\":\"1\",\"b\":\"b1\",\"__op\":\"c\",\"__source_snapshot\":\"false\",\"__source_table\":\"unwrap\"}",
            "{\"pk\":\"added\",\"n\":\"2\",\"a\":\"a2\",\"b\":\"b2\",\"__op\":\"u\",\"__source_snapshot\":\"false\",\"__source_table\":\"unwrap\"}");
    assertThat(valuesOf(records, "added and deleted")).hasSize(2).endsWith("tombstone");
    assertThat(records)
        .filteredOn(record -> "u".equals(record.header("__op")))
        .allSatisfy(record -> assertThat(record.header("__source_event_id")).isNotBlank())
        .isNotEmpty();
    assertThat(records)
        .as("our own headers stay beside Debezium's")
        .allSatisfy(record -> assertThat(record.longHeader("document_version")).isPositive());
  }

  @Test
  void deletionsCanBeRowsWithAMarkOfDeletion() {
    List<TopicRecord> records = RECORDS.get("rewrite");

    assertThat(valuesOf(records, "kept"))
        .contains("{\"pk\":\"kept\",\"n\":\"1\",\"__deleted\":\"false\"}");
    assertThat(valuesOf(records, "exported and deleted"))
        .contains(
            "{\"pk\":\"exported and deleted\",\"n\":\"1\",\"a\":\"a1\",\"__deleted\":\"true\"}")
        .doesNotContain("tombstone");
    assertThat(valuesOf(records, "added and deleted"))
        .containsExactly(
            "{\"pk\":\"added and deleted\",\"n\":\"1\",\"c\":\"c1\",\"__deleted\":\"false\"}",
            "{\"pk\":\"added and deleted\",\"n\":\"1\",\"c\":\"c1\",\"__deleted\":\"true\"}");
  }

  /** JsonConverter makes text of a null whose schema is known, which this mode leaves to it. */
  @Test
  void aDeletionIsByDefaultANullThatAConverterWrites() {
    List<TopicRecord> records = RECORDS.get("default");

    assertThat(valuesOf(records, "added and deleted")).hasSize(2).endsWith("null");
  }

  @Test
  void deletionsCanBeRowsBesideTombstones() {
    List<TopicRecord> records = RECORDS.get("both");

    assertThat(valuesOf(records, "added and deleted"))
        .hasSize(3)
        .endsWith("tombstone")
        .filteredOn(value -> value.contains("\"__deleted\":\"true\""))
        .hasSize(1);
  }

  @Test
  void deletionsCanBeDropped() {
    List<TopicRecord> records = RECORDS.get("drop");

    assertThat(valuesOf(records, "added and deleted"))
        .containsExactly("{\"pk\":\"added and deleted\",\"n\":\"1\",\"c\":\"c1\"}");
    assertThat(records).noneMatch(record -> record.value() == null);
  }
}
