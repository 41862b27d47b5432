package io.github.dynamokc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.RollOvers;
import io.github.dynamokc.testing.SnapshotTable;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.TableWriter;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.S3Front;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Several connectors of one worker read one table: each takes its own snapshot, keeps its own
 * offsets and goes its own way, whatever becomes of the other. What makes a connector is its name.
 */
class SharedTableIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int KEYS = 30;

  private final S3Front s3 = new S3Front(EndToEnd.aws().s3Endpoint());

  @AfterEach
  void noMoreFront() {
    s3.close();
  }

  @Test
  void connectorsShareATableAndARenamedOneBeginsAnew() {
    SnapshotTable table = SnapshotTable.create("shared-table");
    TableModel model = new TableModel(table.name(), "pk");
    Random random = new Random(11);
    try (TestConnector other = TestConnector.start("shared-other", config(table, "other"))) {
      try (TestConnector one = TestConnector.start("shared-one", config(table, "one"))) {
        try (TableWriter writer = TableWriter.start(List.of(table.name()), KEYS, random);
            RollOvers rollOvers = RollOvers.start(Duration.ofSeconds(2), random)) {
          one.awaitStreaming(table.name());
          other.awaitStreaming(table.name());
          one.awaitStatusRecord("SHARD_FINISHED", table.name());
          other.awaitStatusRecord("SHARD_FINISHED", table.name());
        }
        assertHasAll(model, table, "one");
        assertHasAll(model, table, "other");
        assertThat(table.exports()).as("an export for each").isEqualTo(2);
        assertThat(exports(one)).hasSize(1).doesNotContainAnyElementsOf(exports(other));

        one.stop();
        put(table, "while the other is stopped");
        EndToEnd.aws().tables().rollOver(table.name());
        put(table, "after a rollover");
        assertHasAll(model, table, "other");
        Map<JsonNode, JsonNode> offsets = other.offsets();
        EndToEnd.worker().rest().resetOffsets("shared-one");
        assertThat(one.offsets()).isEmpty();
        assertThat(other.offsets().keySet()).containsAll(offsets.keySet());
      }
      List<TopicRecord> ofTheDeleted = TestConnector.records(topic("one", table));
      put(table, "while the other is gone");
      assertHasAll(model, table, "other");
      assertThat(TestConnector.records(topic("one", table))).isEqualTo(ofTheDeleted);
      assertThat(other.status().runs(1)).as(other.status().describe()).isTrue();
      assertThat(other.statusRecords("EXPORT_SUBMITTED")).hasSize(1);
    }
    try (TestConnector renamed = TestConnector.start("shared-renamed", config(table, "other"))) {
      renamed.awaitStatusRecord("EXPORT_LOADED", table.name());

      assertThat(table.exports()).isEqualTo(3);
      assertThat(TestConnector.records(topic("other", table)).stream().filter(r -> exported(r)))
          .as("the whole table came again")
          .hasSizeGreaterThan(KEYS / 2 + 3);
      put(table, "after the new name");
      model.awaitTopicEqualsTable(topic("other", table), PATIENCE);
    }
  }

  /** The topic equals the table, and has each change of the stream once. */
  private static void assertHasAll(TableModel model, SnapshotTable table, String prefix) {
    put(table, "last of all");
    List<TopicRecord> records = model.awaitTopicEqualsTable(topic(prefix, table), PATIENCE);
    Steps.assertNoneIsSkipped(records);
    List<String> written = EndToEnd.aws().tables().changes(table.name());
    assertThat(records.stream().map(r -> r.header("dynamodb_event_id")).filter(Objects::nonNull))
        .as("changes in %s", topic(prefix, table))
        .containsExactlyInAnyOrderElementsOf(written);
  }

  private static Set<String> exports(TestConnector connector) {
    Set<String> exports = new HashSet<>();
    connector.offsets().values().stream()
        .map(offset -> offset.path("exportArn").asText())
        .filter(arn -> !arn.isEmpty())
        .forEach(exports::add);
    return exports;
  }

  private static boolean exported(TopicRecord record) {
    return record.header("dynamodb_event_name") == null;
  }

  private static String topic(String prefix, SnapshotTable table) {
    return prefix + "." + table.name();
  }

  private Map<String, String> config(SnapshotTable table, String prefix) {
    Map<String, String> config = table.config(s3);
    config.put("snapshot.mode", "initial");
    config.put("topic.format", prefix + ".${table}");
    return config;
  }

  private static int count;

  private static void put(SnapshotTable table, String pk) {
    EndToEnd.aws()
        .tables()
        .put(
            table.name(),
            Map.of(
                "pk",
                AttributeValue.fromS(pk),
                "count",
                AttributeValue.fromN(Integer.toString(++count))));
  }
}
