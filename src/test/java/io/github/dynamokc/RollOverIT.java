package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Shards that end restart no task, and their offsets go when nobody needs them any more: on a real
 * worker a null source offset becomes a tombstone, and what is forgotten is not read again.
 */
@Tag("core")
class RollOverIT {
  private final StepWriter steps = new StepWriter();

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void shardsThatRollOverAndSplitRestartNoTask() {
    ScriptedTable table = ScriptedTable.create("rollover-no-restart", string("pk"));
    String left = table.shard();
    String right = table.stream().addShard();
    try (TestConnector connector = TestConnector.start(table.name(), config(2, table))) {
      connector.awaitStreaming(table.name());
      for (int generation = 0; generation < 3; generation++) {
        steps.write(table.stream(), left, "left", 5);
        steps.write(table.stream(), right, "right", 5);
        left = table.stream().rollOver(left);
        right = table.stream().split(right).get(1);
        steps.write(table.stream(), left, "left", 5);
        steps.write(table.stream(), right, "right", 5);
        connector.awaitRecords(table.name(), steps::endIsIn);
        connector.awaitLooksAt(table.name(), 3);
      }
      List<TopicRecord> records = connector.awaitRecords(table.name(), steps::endIsIn);

      assertThat(Steps.byKey(records)).isEqualTo(steps.written());
      assertThat(taskStarts(table)).as("starts of the two tasks that read the stream").isEqualTo(2);
      assertThat(connector.status().runs(2)).as(connector.status().describe()).isTrue();
    }
  }

  /** As the worker's log tells it; a restart leaves no other trace for long. */
  private static long taskStarts(ScriptedTable table) {
    try (Stream<String> lines = Files.lines(EndToEnd.worker().log())) {
      return lines
          .filter(line -> line.contains("Work on table " + table.name() + ": ReadShards"))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "with exactly-once {0}")
  @Tag("full")
  @ValueSource(booleans = {false, true})
  void anOffsetIsRetiredAnHourAfterTheEndOfItsShard(boolean exactlyOnce) {
    ScriptedTable table = ScriptedTable.create("rollover-retired-" + exactlyOnce, string("pk"));
    try (ConnectWorker worker = EndToEnd.worker(table.name()).exactlyOnce(exactlyOnce).start();
        TestConnector connector = TestConnector.start(worker, table.name(), config(1, table))) {
      steps.write(table.stream(), table.shard(), "a", 5);
      connector.awaitRecords(table.name(), steps::endIsIn);
      String child = table.stream().rollOver(table.shard());
      String read = steps.write(table.stream(), child, "a", 5);
      connector.awaitOffset("shard", child, offset -> isAt(offset, read));
      connector.stop();
      assertThat(connector.offset("shard", table.shard()).path("done").asBoolean()).isTrue();
      connector.alterOffset("shard", table.shard(), "at", twoHoursAgo());
      connector.resume();

      connector.awaitStatusRecord("SHARD_RETIRED", table.name());
      connector.awaitOffsets(
          "forget the shard", offsets -> connector.offset("shard", table.shard()).isMissingNode());
      assertThat(connector.statusRecords("SHARD_RETIRED"))
          .extracting(status -> status.path("shard").asText())
          .containsExactly(table.shard());
      assertThat(connector.offset("shard", child).path("sequence").asText()).isEqualTo(read);

      // The plan that the tasks start from again is now older than two generations of shards.
      String grandchild = table.stream().rollOver(child);
      String before = steps.write(table.stream(), grandchild, "a", 5);
      connector.awaitOffset("shard", grandchild, offset -> isAt(offset, before));
      worker.kill();
      steps.write(table.stream(), grandchild, "a", 5);
      String last = table.stream().rollOver(grandchild);
      steps.write(table.stream(), last, "a", 5);
      worker.restart();
      connector.awaitRecords(table.name(), steps::endIsIn);
      String after = steps.write(table.stream(), last, "a", 5);
      connector.awaitOffset("shard", last, offset -> isAt(offset, after));

      assertThat(Steps.byKey(TestConnector.records(table.name()))).isEqualTo(steps.written());
      assertThat(connector.offset("shard", table.shard()).isMissingNode()).isTrue();
    }
  }

  private static boolean isAt(JsonNode offset, String sequence) {
    return offset.path("sequence").asText().equals(sequence);
  }

  private static long twoHoursAgo() {
    return Instant.now().minus(Duration.ofHours(2)).toEpochMilli();
  }

  private static Map<String, String> config(int tasks, ScriptedTable table) {
    Map<String, String> config = EndToEnd.config(tasks, table.name());
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("stream.poll.interval.ms", "50");
    return config;
  }
}
