package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_SHARD_ITERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.TestConnector;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Records that a transform drops never commit their offsets. The connector's progress goes on
 * without those of items; without its status records it would stand still, so that it fails.
 */
class FilteredRecordsIT {
  private final StepWriter steps = new StepWriter();

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void aTableOfDroppedRecordsIsLoadedAndItsShardsFinishOnce() {
    ScriptedTable table = ScriptedTable.create("filtered-items", string("pk"));
    table.export(Instant.now(), "{\"pk\":{\"S\":\"one\"}}", "{\"pk\":{\"S\":\"two\"}}");
    List<String> opened = new CopyOnWriteArrayList<>();
    table
        .streams()
        .onCall(
            call -> {
              if (call.operation() == GET_SHARD_ITERATOR) {
                opened.add(call.shardId());
              }
            });
    Map<String, String> config = EndToEnd.config(1, table.name());
    // As the failure of a dropped status record advises.
    config.put("transforms", "drop");
    config.put("transforms.drop.type", "org.apache.kafka.connect.transforms.Filter");
    config.put("transforms.drop.predicate", "isStatus");
    config.put("transforms.drop.negate", "true");
    isStatus(config, table);
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      steps.write(table.stream(), table.shard(), "a", 5);
      connector.awaitStreaming(table.name());
      steps.write(table.stream(), table.shard(), "a", 5);
      String child = table.stream().rollOver(table.shard());
      steps.write(table.stream(), child, "a", 5);
      String grandchild = table.stream().rollOver(child);
      steps.write(table.stream(), grandchild, "a", 5);
      connector.awaitOffset("shard", grandchild, offset -> offset.has("readUpTo"));

      assertThat(done(connector.offset("shard", table.shard()))).isTrue();
      assertThat(done(connector.offset("shard", child))).isTrue();
      assertThat(connector.statusRecords("EXPORT_LOADED")).hasSize(1);
      assertThat(connector.statusRecords("DATA_FILE_LOADED")).hasSize(1);
      assertThat(TestConnector.records(table.name())).isEmpty();

      connector.stop();
      opened.clear();
      connector.resume();
      connector.awaitOffsets("open the last shard again", offsets -> opened.contains(grandchild));
      String last = table.stream().rollOver(grandchild);
      connector.awaitOffset("shard", last, offset -> offset.has("readUpTo"));

      assertThat(opened).as("shards that were opened again").doesNotContain(table.shard(), child);
      assertThat(connector.assignments())
          .flatExtracting(task -> task.work())
          .hasOnlyElementsOfType(TableWork.ReadShards.class);
      assertThat(connector.statusRecords("DATA_FILE_LOADED")).as("loaded once").hasSize(1);
      assertThat(connector.statusRecords("SHARD_FINISHED"))
          .extracting(status -> status.path("shard").asText())
          .containsExactly(table.shard(), child, grandchild);
      assertThat(connector.status().runs(1)).as(connector.status().describe()).isTrue();
    }
  }

  private static boolean done(JsonNode offset) {
    return offset.path("done").asBoolean();
  }

  @Test
  void aDroppedStatusRecordFailsTheTaskSayingHowToExemptItsTopic() {
    ScriptedTable table = ScriptedTable.create("filtered-status", string("pk"));
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("snapshot.mode", "no_data");
    config.put("transforms", "drop");
    config.put("transforms.drop.type", "org.apache.kafka.connect.transforms.Filter");
    config.put("transforms.drop.predicate", "isStatus");
    isStatus(config, table);
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      assertThat(connector.awaitFailure())
          .contains("TABLE_REGISTERED")
          .contains("did not reach topic '" + table.name() + "-status'")
          .contains(
              "predicates.isStatus.type=org.apache.kafka.connect.transforms.predicates.TopicNameMatches")
          .contains("predicate=isStatus, negate=true");
      assertThat(connector.status().state()).as("the connector itself").isEqualTo("RUNNING");
      assertThat(connector.offsets()).isEmpty();
    }
  }

  private static void isStatus(Map<String, String> config, ScriptedTable table) {
    config.put("predicates", "isStatus");
    config.put(
        "predicates.isStatus.type",
        "org.apache.kafka.connect.transforms.predicates.TopicNameMatches");
    config.put("predicates.isStatus.pattern", table.name() + "-status");
  }
}
