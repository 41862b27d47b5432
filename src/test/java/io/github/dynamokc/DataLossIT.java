package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Changes that are gone before they were read are never passed over in silence: the task fails and
 * says what to do, or, if it is told so, says what is missing in the status topic and goes on.
 */
class DataLossIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String KEY = "{\"pk\":\"a\"}";

  private final StepWriter steps = new StepWriter();

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void aTrimmedPositionFailsTheTaskOrIsReportedIfTolerated() {
    ScriptedTable table = ScriptedTable.create("loss-trimmed", string("pk"));
    String read = steps.write(table.stream(), table.shard(), "a", 3);
    try (TestConnector connector = TestConnector.start(table.name(), config(table, "fail"))) {
      connector.awaitOffset("shard", table.shard(), offset -> isAt(offset, read));
      connector.stop();
      String trimmed = steps.write(table.stream(), table.shard(), "a", 2);
      steps.write(table.stream(), table.shard(), "a", 2);
      table.stream().trim(table.shard(), trimmed);
      connector.resume();

      assertNamesTheLoss(connector.awaitFailure(), table, table.shard(), "sequence number " + read);
      assertThat(connector.status().state()).as("the connector itself").isEqualTo("RUNNING");
      assertThat(isAt(connector.offset("shard", table.shard()), read)).isTrue();
      assertThat(connector.statusRecords("DATA_LOSS")).isEmpty();

      connector.configure(config(table, "continue"));
      List<TopicRecord> records = Steps.await(table.name(), PATIENCE, steps::endIsIn);

      assertThat(Steps.byKey(records)).isEqualTo(Map.of(KEY, List.of(1, 2, 3, 6, 7)));
      assertReported(connector, table, table.shard(), read, "sequence number " + read);
      assertWorksOn(connector, table, table.shard());
    }
  }

  private static boolean isAt(JsonNode offset, String sequence) {
    return offset.path("sequence").asText().equals(sequence) && !offset.has("done");
  }

  private static void assertNamesTheLoss(
      String failure, ScriptedTable table, String shard, String position) {
    assertThat(failure)
        .contains("Shard " + shard + " of table " + table.name())
        .contains(position)
        .contains("Take a new snapshot: set another snapshot.id")
        .contains("set stream.on.data.loss=continue")
        .contains(table.stream().arn());
  }

  /**
   * @param sequence of the last change before the loss, empty for none
   */
  private static void assertReported(
      TestConnector connector, ScriptedTable table, String shard, String sequence, String reason) {
    assertThat(connector.statusRecords("DATA_LOSS"))
        .singleElement()
        .satisfies(
            loss -> {
              assertThat(loss.path("table").asText()).isEqualTo(table.name());
              assertThat(loss.path("stream").asText()).isEqualTo(table.stream().arn());
              assertThat(loss.path("shard").asText()).isEqualTo(shard);
              assertThat(loss.path("sequence").asText()).isEqualTo(sequence);
              assertThat(loss.path("reason").asText()).contains(reason);
            });
  }

  /** A report that nothing comes after would be a silent loss of its own. */
  private void assertWorksOn(TestConnector connector, ScriptedTable table, String shard) {
    String last = steps.write(table.stream(), shard, "a", 1);
    connector.awaitOffset("shard", shard, offset -> isAt(offset, last));
    assertThat(connector.status().runs(1)).as(connector.status().describe()).isTrue();
    assertThat(connector.statusRecords("DATA_LOSS")).hasSize(1);
  }

  private static Map<String, String> config(ScriptedTable table, String onDataLoss) {
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("stream.poll.interval.ms", "50");
    config.put("stream.on.data.loss", onDataLoss);
    config.put("aws.retries.max", "0");
    return config;
  }
}
