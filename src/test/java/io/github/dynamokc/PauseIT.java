package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static io.github.dynamokc.testing.aws.StreamOperation.DESCRIBE_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Latches;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever the connector's monitor is doing when it is paused, pausing is no failure. */
class PauseIT {
  private final CountDownLatch answer = new CountDownLatch(1);
  private final StepWriter steps = new StepWriter();

  @AfterEach
  void noMoreScripts() {
    answer.countDown();
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void aConnectorCanBePausedAndResumedDuringAListing() {
    ScriptedTable table = ScriptedTable.create("pause-listing", string("pk"));
    steps.write(table.stream(), table.shard(), "a", 3);
    try (TestConnector connector = TestConnector.start(table.name(), config(table))) {
      connector.awaitRecords(table.name(), steps::endIsIn);
      connector.awaitStreaming(table.name());
      CountDownLatch asked = new CountDownLatch(1);
      table
          .streams()
          .onCall(
              call -> {
                if (call.operation() == DESCRIBE_STREAM) {
                  asked.countDown();
                  Latches.await(answer);
                }
              });
      connector.awaitOffsets("list the shards", offsets -> asked.getCount() == 0);

      connector.pause();
      answer.countDown();
      steps.write(table.stream(), table.shard(), "a", 3);
      connector.resume();
      connector.awaitState("RUNNING");
      List<TopicRecord> records = connector.awaitRecords(table.name(), steps::endIsIn);
      assertThat(Steps.byKey(records)).isEqualTo(steps.written());
    }
  }

  /** The monitor reads offsets each time it looks, and is likely to be at it in one of many. */
  @Test
  @Tag("full")
  void repeatedPausesDuringReadsOfOffsetsNeverFailTheConnector() {
    ScriptedTable table = ScriptedTable.create("pause-often", string("pk"));
    Map<String, String> config = config(table);
    config.put("shard.discovery.interval.ms", "100");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitStreaming(table.name());
      for (int i = 0; i < 15; i++) {
        connector.pause();
        steps.write(table.stream(), table.shard(), "a", 1);
        connector.resume();
        connector.awaitState("RUNNING");
      }
      List<TopicRecord> records = connector.awaitRecords(table.name(), steps::endIsIn);
      assertThat(Steps.byKey(records)).isEqualTo(steps.written());
    }
  }

  private static Map<String, String> config(ScriptedTable table) {
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("stream.poll.interval.ms", "50");
    return config;
  }
}
