package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_RECORDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamView;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/**
 * A stream that another one has taken the place of is read to its end. Only then the connector
 * fails, or goes over to the next one if told so.
 */
class StreamReplacedIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final StepWriter steps = new StepWriter();

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void aReplacedStreamIsReadToItsEndBeforeTheConnectorFails() {
    ScriptedTable table = ScriptedTable.create("replaced-fail", string("pk"));
    try (TestConnector connector = TestConnector.start(table.name(), config(table, "fail"))) {
      awaitFirstSteps(connector, table);
      holdReading(connector, table);
      steps.write(table.stream(), table.shard(), "a", 5);
      ScriptedStream next = replaceStream(table);
      new StepWriter().write(next, next.addShard(), "of the next stream", 3);
      connector.awaitLooksAt(table.name(), 4);
      assertThat(connector.status().state()).as("before the end is read").isEqualTo("RUNNING");
      table.streams().clearFaults();

      assertThat(connector.awaitState("FAILED").trace())
          .contains("Table " + table.name() + " has the stream " + next.arn())
          .contains("the connector's offsets are of " + table.stream().arn())
          .contains("stream.on.data.loss=continue");
      assertThat(Steps.byKey(TestConnector.records(table.name()))).isEqualTo(steps.written());
      assertThat(connector.offset("table", table.name()).path("streamArn").asText())
          .isEqualTo(table.stream().arn());
      assertThat(connector.statusRecords("DATA_LOSS")).isEmpty();
    }
  }

  @Test
  @Tag("full")
  void aConnectorCanGoOverToTheNextStreamAndStaysThere() {
    ScriptedTable table = ScriptedTable.create("replaced-continue", string("pk"));
    try (ConnectWorker worker = EndToEnd.worker(table.name()).start();
        TestConnector connector =
            TestConnector.start(worker, table.name(), config(table, "continue"))) {
      awaitFirstSteps(connector, table);
      holdReading(connector, table);
      steps.write(table.stream(), table.shard(), "a", 5);
      ScriptedStream next = replaceStream(table);
      // Scripted streams count their shards alike, but offsets are looked up by the shard's id.
      String shard = next.addShard("shard-of-next", null);
      steps.write(next, shard, "b", 3);
      connector.awaitLooksAt(table.name(), 4);
      assertThat(connector.statusRecords("DATA_LOSS")).as("before the end is read").isEmpty();
      table.streams().clearFaults();
      connector.awaitRecords(table.name(), steps::endIsIn);
      connector.awaitOffset(
          "table", table.name(), offset -> offset.path("streamArn").asText().equals(next.arn()));
      String last = steps.write(next, shard, "b", 3);
      connector.awaitOffset(
          "shard", shard, offset -> offset.path("sequence").asText().equals(last));

      assertThat(connector.offset("table", table.name()).path("streamSince").isNumber()).isTrue();
      assertThat(connector.statusRecords("DATA_LOSS"))
          .singleElement()
          .satisfies(loss -> assertTellsOfBoth(loss, table, next));

      worker.stop();
      steps.write(next, shard, "b", 3);
      String child = next.rollOver(shard, "child-of-next");
      steps.write(next, child, "b", 3);
      worker.restart();
      List<TopicRecord> records = connector.awaitRecords(table.name(), steps::endIsIn);

      assertThat(Steps.byKey(records)).isEqualTo(steps.written());
      assertThat(connector.statusRecords("DATA_LOSS")).as("told once").hasSize(1);
    }
  }

  /** Versions have the second of a change and count on, in each stream by itself. */
  @Test
  void versionsDoNotGoBackIfTheNextStreamBeginsInTheSameSecond() {
    ScriptedTable table = ScriptedTable.create("replaced-at-once", string("pk"));
    try (TestConnector connector = TestConnector.start(table.name(), config(table, "continue"))) {
      awaitFirstSteps(connector, table);
      holdReading(connector, table);
      long second = Instant.now().getEpochSecond() + 1;
      write(table.stream(), table.shard(), second, 4, 19);
      ScriptedStream next = replaceStream(table);
      write(next, next.addShard("shard-of-next", null), second, 20, 22);
      table.streams().clearFaults();
      List<TopicRecord> records = connector.awaitRecords(table.name(), 22);

      assertThat(Steps.byKey(records))
          .isEqualTo(Map.of("{\"pk\":\"a\"}", IntStream.rangeClosed(1, 22).boxed().toList()));
      assertThat(records)
          .extracting(record -> record.longHeader("document_version"))
          .isSorted()
          .doesNotHaveDuplicates();
    }
  }

  private static void write(
      ScriptedStream stream, String shard, long second, int firstStep, int lastStep) {
    for (int step = firstStep; step <= lastStep; step++) {
      stream.append(
          shard,
          ScriptedChange.insert(
                  "{\"pk\":{\"S\":\"a\"}}",
                  "{\"pk\":{\"S\":\"a\"},\"n\":{\"N\":\"%d\"}}".formatted(step))
              .at(second));
    }
  }

  private static void assertTellsOfBoth(JsonNode loss, ScriptedTable table, ScriptedStream next) {
    assertThat(loss.path("table").asText()).isEqualTo(table.name());
    assertThat(loss.has("shard")).as("of the table, not of a shard").isFalse();
    assertThat(loss.path("streamArn").asText()).isEqualTo(next.arn());
    assertThat(loss.path("reason").asText()).contains(table.stream().arn()).contains(next.arn());
  }

  private void awaitFirstSteps(TestConnector connector, ScriptedTable table) {
    steps.write(table.stream(), table.shard(), "a", 3);
    connector.awaitRecords(table.name(), steps::endIsIn);
    connector.awaitStreaming(table.name());
  }

  /** What is written from now on is read when the faults are cleared. */
  private static void holdReading(TestConnector connector, ScriptedTable table) {
    table.streams().failAlways(GET_RECORDS, StreamFault.throttled());
    int before = table.streams().calls(GET_RECORDS);
    connector.awaitOffsets(
        "meet the fault", offsets -> table.streams().calls(GET_RECORDS) > before + 1);
  }

  /** The stream off and on, and a script for the new one. */
  private static ScriptedStream replaceStream(ScriptedTable table) {
    table.stream().disable();
    EndToEnd.aws().tables().disableStream(table.name());
    String arn =
        EndToEnd.aws().tables().enableStream(table.name(), StreamViewType.NEW_AND_OLD_IMAGES);
    assertThat(arn).isNotEqualTo(table.stream().arn());
    return table.streams().create(arn, StreamView.NEW_AND_OLD_IMAGES, "pk");
  }

  private static Map<String, String> config(ScriptedTable table, String onDataLoss) {
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("stream.poll.interval.ms", "50");
    // A stream has ended when its last shards show no child for ten of these.
    config.put("shard.discovery.interval.ms", "200");
    config.put("stream.on.data.loss", onDataLoss);
    config.put("aws.retries.max", "0");
    return config;
  }
}
