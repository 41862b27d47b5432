package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.MovableClock;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.DatedFront;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Changes that are gone before they were read are never passed over in silence: the task fails and
 * says what to do, or, if it is told so, says what is missing in the status topic and goes on. Time
 * passes by the dates of AWS's answers.
 */
class DataLossIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration MORE_THAN_A_DAY = DAY.plusMinutes(20);
  private static final Pattern GAP =
      Pattern.compile("changes between (\\S+) and (\\S+) may be missing");

  private final MovableClock clock = new MovableClock();
  private final DatedFront front = new DatedFront(EndToEnd.aws(), clock);
  private final StepWriter steps = new StepWriter();

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
    front.close();
  }

  @Test
  void aTrimmedPositionFailsTheTaskOrIsReportedIfTolerated() {
    ScriptedTable table = table("loss-trimmed");
    String read = steps.write(table.stream(), table.shard(), "a", 3);
    Instant readAt = clock.instant();
    try (TestConnector connector = TestConnector.start(table.name(), config(table, "fail"))) {
      connector.awaitOffset("shard", table.shard(), offset -> isAt(offset, read));
      connector.stop();
      steps.write(table.stream(), table.shard(), "a", 2);
      clock.advance(MORE_THAN_A_DAY);
      steps.write(table.stream(), table.shard(), "a", 2);
      connector.resume();

      String failure = connector.awaitFailure();
      assertNamesTheLoss(failure, table, table.shard(), "sequence number " + read);
      assertIsOf(gap(failure), readAt);
      assertThat(connector.status().state()).as("the connector itself").isEqualTo("RUNNING");
      assertThat(isAt(connector.offset("shard", table.shard()), read)).isTrue();
      assertThat(connector.statusRecords("DATA_LOSS")).isEmpty();

      connector.configure(config(table, "continue"));
      List<TopicRecord> records = Steps.await(table.name(), PATIENCE, steps::endIsIn);

      assertThat(Steps.byKey(records)).isEqualTo(Map.of(key("a"), List.of(1, 2, 3, 6, 7)));
      JsonNode loss = reported(connector, table, table.shard());
      assertThat(loss.path("sequence").asText()).isEqualTo(read);
      assertThat(loss.path("reason").asText()).contains("sequence number " + read);
      assertIsOf(gap(loss), readAt);
      assertWorksOn(connector, table, table.shard(), 1);
    }
  }

  /**
   * A paused task reads on until its queue is full. Then an open shard gets its first changes, so
   * that there is no sequence number of it which could be refused as too old.
   */
  @Test
  void aPauseOfMoreThanADayLosesWhatAnIdleShardGotMeanwhile() {
    ScriptedTable table = table("loss-pause");
    table.stream().paging().pageSize(100);
    String idle = table.stream().addShard();
    Map<String, String> config = config(table, "fail");
    config.put("stream.poll.threads", "1");
    config.put("max.queue.bytes", "1024");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      steps.write(table.stream(), table.shard(), "busy", 1);
      connector.awaitRecords(table.name(), steps::endIsIn);
      connector.awaitOffset("shard", idle, offset -> offset.has("readUpTo"));
      connector.pause();
      Instant pausedAt = clock.instant();
      steps.write(table.stream(), table.shard(), "busy", 500);
      table.awaitNoMoreReads(PATIENCE);
      steps.write(table.stream(), idle, "idle", 1);
      clock.advance(MORE_THAN_A_DAY);
      steps.write(table.stream(), idle, "idle", 1);
      connector.resume();

      assertIsOf(gap(connector.awaitFailure()), pausedAt);
      assertThat(connector.statusRecords("DATA_LOSS")).isEmpty();

      config.put("stream.on.data.loss", "continue");
      connector.configure(config);
      steps.write(table.stream(), table.shard(), "busy", 1);
      List<TopicRecord> records = Steps.await(table.name(), PATIENCE, steps::endIsIn);

      assertThat(Steps.byKey(records)).containsEntry(key("idle"), List.of(2));
      JsonNode loss = reported(connector, table, idle);
      assertThat(loss.path("sequence").asText()).isEmpty();
      assertThat(loss.path("reason").asText()).contains("its beginning");
      assertIsOf(gap(loss), pausedAt);
      // The other shard was not read to where it was when the pause began either.
      assertIsOf(gap(reported(connector, table, table.shard())), pausedAt);
      assertWorksOn(connector, table, idle, 2);
    }
  }

  private ScriptedTable table(String name) {
    ScriptedTable table = ScriptedTable.create(name, clock, string("pk"));
    table.streams().retain(DAY);
    return table;
  }

  private static boolean isAt(JsonNode offset, String sequence) {
    return offset.path("sequence").asText().equals(sequence) && !offset.has("done");
  }

  private static void assertNamesTheLoss(
      String failure, ScriptedTable table, String shard, String position) {
    assertThat(failure)
        .contains("Shard " + shard + " of table " + table.name())
        .contains(position)
        .contains("another snapshot.id to take a new snapshot")
        .contains("set stream.on.data.loss=continue")
        .contains(table.stream().arn());
  }

  /**
   * The only report about a shard. It comes in a topic of its own, which can be behind the records.
   */
  private static JsonNode reported(TestConnector connector, ScriptedTable table, String shard) {
    connector.awaitStatusRecord("DATA_LOSS", loss -> isOf(shard, loss));
    List<JsonNode> losses =
        connector.statusRecords("DATA_LOSS").stream().filter(loss -> isOf(shard, loss)).toList();
    assertThat(losses).hasSize(1);
    assertThat(losses.get(0).path("table").asText()).isEqualTo(table.name());
    assertThat(losses.get(0).path("stream").asText()).isEqualTo(table.stream().arn());
    return losses.get(0);
  }

  private static boolean isOf(String shard, JsonNode loss) {
    return loss.path("shard").asText().equals(shard);
  }

  /** When changes were made that are missing. */
  private record Gap(Instant from, Instant to) {}

  private static Gap gap(String failure) {
    Matcher found = GAP.matcher(failure);
    assertThat(found.find()).as(failure).isTrue();
    return new Gap(Instant.parse(found.group(1)), Instant.parse(found.group(2)));
  }

  private static Gap gap(JsonNode loss) {
    return new Gap(
        Instant.ofEpochMilli(loss.path("from").longValue()),
        Instant.ofEpochMilli(loss.path("to").longValue()));
  }

  /** From when the shard was read until, as changes carry whole seconds, to what is still kept. */
  private void assertIsOf(Gap gap, Instant readUpTo) {
    assertThat(gap.from()).isBetween(readUpTo.minusSeconds(10), readUpTo.plusSeconds(10));
    Instant keptFrom = clock.instant().minus(DAY);
    assertThat(gap.to()).isBetween(keptFrom.minusSeconds(60), keptFrom.plusSeconds(600));
  }

  /** A report that nothing comes after would be a silent loss of its own. */
  private void assertWorksOn(
      TestConnector connector, ScriptedTable table, String shard, int reports) {
    String last = steps.write(table.stream(), shard, "last", 1);
    connector.awaitOffset("shard", shard, offset -> isAt(offset, last));
    assertThat(connector.status().runs(1)).as(connector.status().describe()).isTrue();
    assertThat(connector.statusRecords("DATA_LOSS")).hasSize(reports);
  }

  private static String key(String pk) {
    return "{\"pk\":\"" + pk + "\"}";
  }

  private Map<String, String> config(ScriptedTable table, String onDataLoss) {
    Map<String, String> config = EndToEnd.config(1, table.name());
    front.reachedBy(config);
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("stream.poll.interval.ms", "50");
    config.put("stream.poll.idle.max.ms", "50");
    config.put("stream.progress.interval.ms", "1000");
    config.put("stream.on.data.loss", onDataLoss);
    config.put("aws.retries.max", "0");
    return config;
  }
}
