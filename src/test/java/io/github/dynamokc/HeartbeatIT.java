package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.EmbeddedKafka;
import io.github.dynamokc.testing.kafka.TopicReader;
import io.github.dynamokc.testing.kafka.TopicRecord;
import io.github.dynamokc.testing.kafka.WorkerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A broker forgets producers at rest after seconds, where others take a week. */
@Tag("full")
class HeartbeatIT {
  private static final Duration REST = Duration.ofSeconds(35);
  private final EmbeddedKafka kafka =
      EmbeddedKafka.start(
          WorkDirectory.fresh("forgetful"),
          Map.of(
              "transactional.id.expiration.ms",
              "8000",
              "transaction.remove.expired.transaction.cleanup.interval.ms",
              "1000",
              "producer.id.expiration.ms",
              "8000"));
  private final StepWriter steps = new StepWriter();

  @AfterEach
  void end() {
    EndToEnd.aws().front().clearHooks();
    kafka.close();
  }

  @Test
  void aTaskAtRestForLongStillWritesExactlyOnce() {
    ScriptedTable silent = ScriptedTable.create("heartbeat-none", string("pk"));
    ScriptedTable table = ScriptedTable.create("heartbeat", string("pk"));
    try (ConnectWorker worker = EndToEnd.worker("heartbeat").exactlyOnce(true).start();
        TestConnector without = start(worker, silent, "0");
        TestConnector with = start(worker, table, "2000")) {
      steps.write(silent.stream(), silent.shard(), "b", 1);
      steps.write(table.stream(), table.shard(), "a", 1);
      await(silent.name(), 1);
      await(table.name(), 1);
      Instant end = Instant.now().plus(REST);
      Eventually.within(REST.plusSeconds(30), "a rest").until(Instant::now, end::isBefore);
      steps.write(table.stream(), table.shard(), "a", 1);
      await(table.name(), 2);
      assertThat(with.status().runs(1)).isTrue();
      assertThat(WorkerMetrics.of(worker.pid()).task(table.name(), 0, table.name()))
          .as("enough for a transaction")
          .containsEntry("queueBytesMax", 8L * 1024 * 1024);
      assertThat(records(table.name() + "-status"))
          .extracting(TopicRecord::value)
          .anyMatch(value -> value.contains("\"type\":\"HEARTBEAT\""));

      steps.write(silent.stream(), silent.shard(), "b", 1);
      assertThat(without.awaitFailure()).as("or the test shows nothing").contains("InvalidPid");
    }
  }

  private TestConnector start(ConnectWorker worker, ScriptedTable table, String heartbeat) {
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("heartbeat.interval.ms", heartbeat);
    config.put("exactly.once.support", "required");
    config.put("producer.override.bootstrap.servers", kafka.bootstrapServers());
    config.put("admin.override.bootstrap.servers", kafka.bootstrapServers());
    config.put("consumer.override.bootstrap.servers", kafka.bootstrapServers());
    return TestConnector.start(worker, table.name(), config);
  }

  private void await(String topic, int count) {
    Steps.await(
        kafka.bootstrapServers(), topic, Duration.ofSeconds(60), found -> found.size() >= count);
  }

  private List<TopicRecord> records(String topic) {
    return TopicReader.readAll(kafka.bootstrapServers(), topic);
  }
}
