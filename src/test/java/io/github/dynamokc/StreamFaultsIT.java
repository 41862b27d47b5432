package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static io.github.dynamokc.testing.aws.StreamOperation.DESCRIBE_STREAM;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_RECORDS;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_SHARD_ITERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.LoggedRequest;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Throttling, server errors, broken connections and expired iterators are waited out, and neither
 * lose nor repeat anything; a listing that is never allowed fails the connector, naming the action.
 */
class StreamFaultsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<StreamFault> THROTTLING =
      List.of(
          StreamFault.throttled(), StreamFault.limitExceeded(), StreamFault.throughputExceeded());
  private static final List<StreamFault> BREAKDOWN =
      List.of(StreamFault.internalServerError(), StreamFault.connectionReset());

  private final StepWriter steps = new StepWriter();

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void faultsThatPassDelayChangesButNeitherLoseNorRepeatThem() {
    ScriptedTable table = ScriptedTable.create("faults-passing", string("pk"));
    steps.write(table.stream(), table.shard(), "a", 20);
    table.stream().paging().pageSize(7);
    fail(table, THROTTLING, DESCRIBE_STREAM, GET_SHARD_ITERATOR, GET_RECORDS);
    try (TestConnector connector = TestConnector.start(table.name(), config(table.name()))) {
      connector.awaitRecords(table.name(), steps::endIsIn);
      fail(table, BREAKDOWN, GET_RECORDS);
      steps.write(table.stream(), table.shard(), "a", 20);
      connector.awaitRecords(table.name(), steps::endIsIn);
      fail(table, BREAKDOWN, DESCRIBE_STREAM, GET_SHARD_ITERATOR);
      List<String> children = table.stream().split(table.shard());
      steps.write(table.stream(), children.get(0), "a", 10);
      steps.write(table.stream(), children.get(1), "b", 10);
      List<TopicRecord> records = connector.awaitRecords(table.name(), steps::endIsIn);

      assertThat(Steps.byKey(records)).isEqualTo(steps.written());
      assertThat(failures(table, "DescribeStream")).isEqualTo(5);
      assertThat(failures(table, "GetShardIterator")).isEqualTo(5);
      assertThat(failures(table, "GetRecords")).isEqualTo(5);
      assertThat(connector.status().runs(1)).as(connector.status().describe()).isTrue();
    }
  }

  private static void fail(
      ScriptedTable table, List<StreamFault> faults, StreamOperation... operations) {
    for (StreamOperation operation : operations) {
      faults.forEach(fault -> table.streams().failNext(operation, 1, fault));
    }
  }

  private static long failures(ScriptedTable table, String action) {
    return requests(table, action).stream().filter(request -> request.status() != 200).count();
  }

  private static List<LoggedRequest> requests(ScriptedTable table, String action) {
    return EndToEnd.aws().front().requests().stream()
        .filter(request -> request.action().equals(action))
        .filter(request -> streamOf(request.body()).equals(table.stream().arn()))
        .toList();
  }

  /** An iterator of a scripted stream begins with the ARN. */
  private static String streamOf(JsonNode body) {
    return body.path("StreamArn").asText(body.path("ShardIterator").asText().split("\\|", 2)[0]);
  }

  @Test
  @Tag("full")
  void aPausedConnectorWhoseIteratorsExpireLosesAndRepeatsNothing() {
    ScriptedTable table = ScriptedTable.create("faults-paused", string("pk"));
    table.stream().paging().pageSize(3);
    steps.write(table.stream(), table.shard(), "a", 10);
    Map<String, String> config = config(table.name());
    // Room for few records, so that readers stop in the middle of the stream.
    config.put("max.queue.bytes", "5000");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitRecords(table.name(), steps::endIsIn);
      connector.pause();
      steps.write(table.stream(), table.shard(), "a", 100);
      table.awaitNoMoreReads(PATIENCE);
      int inTopic = TestConnector.records(table.name()).size();
      table.streams().expireIterators();
      connector.resume();
      List<TopicRecord> records = connector.awaitRecords(table.name(), steps::endIsIn);

      assertThat(inTopic).as("in the topic while paused").isLessThan(110);
      assertThat(Steps.byKey(records)).isEqualTo(steps.written());
      assertThat(failures(table, "GetRecords")).as("expired iterators").isPositive();
    }
  }

  @Test
  @Tag("full")
  void aLastingRefusalToListFailsTheConnectorNotItsTasks() {
    ScriptedTable table = ScriptedTable.create("faults-listing", string("pk"));
    steps.write(table.stream(), table.shard(), "a", 3);
    Map<String, String> config = config(table.name());
    config.put("stall.timeout.ms", "2000");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitRecords(table.name(), steps::endIsIn);
      connector.awaitStreaming(table.name());
      String action = "dynamodb:DescribeStream";
      table.streams().failAlways(DESCRIBE_STREAM, StreamFault.accessDenied(action));

      assertThat(connector.awaitState("FAILED").trace())
          .contains("stall.timeout.ms=2000")
          .contains("Allow " + action + " on " + table.stream().arn());
      assertThat(failures(table, "DescribeStream")).as("tries").isGreaterThan(2);
      steps.write(table.stream(), table.shard(), "a", 3);
      List<TopicRecord> records = Steps.await(table.name(), PATIENCE, steps::endIsIn);
      assertThat(Steps.byKey(records)).isEqualTo(steps.written());
    }
  }

  private static Map<String, String> config(String table) {
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("stream.poll.interval.ms", "50");
    // So that the connector sees each failure, and neither the SDK nor the preflight.
    config.put("aws.preflight.enabled", "false");
    config.put("aws.retries.max", "0");
    return config;
  }
}
