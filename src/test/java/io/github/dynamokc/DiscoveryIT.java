package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.TestTables;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** Tables come and go while a connector of two workers runs. */
@Tag("full")
class DiscoveryIT {
  private static final String ITEM = "{\"pk\":{\"S\":\"item\"}}";

  private final TestTables tables = EndToEnd.aws().tables();
  private final StepWriter steps = new StepWriter();

  @AfterEach
  void noMoreHooks() {
    EndToEnd.aws().front().clearHooks();
  }

  private static ScriptedTable scripted(String name) {
    ScriptedTable table = ScriptedTable.create(name, string("pk"));
    table.export(Instant.now(), ITEM);
    return table;
  }

  private static Map<String, String> config(String pattern) {
    Map<String, String> config = EndToEnd.config(3);
    config.remove("tables");
    config.put("tables.include", pattern);
    config.put("tables.discovery.interval.ms", "1000");
    config.put("stream.handover.overlap.ms", "2000");
    return config;
  }

  @Test
  void tablesComeAndGoWhileTheOthersRun() {
    ScriptedTable first = scripted("disc-first");
    tables.create("other-table", string("pk"));
    ConnectWorker.Builder group = EndToEnd.worker("discovery");
    Map<String, String> config = config("disc-.*");
    config.put("tables.exclude", "disc-not-.*");
    // DynamoDB Local dates changes by the minute.
    config.put("table.disc-no-.*.stream.handover.overlap.ms", "300000");
    try (ConnectWorker one = group.start();
        ConnectWorker two = group.start();
        TestConnector connector = TestConnector.start(one, "discovery", config)) {
      connector.awaitStreaming(first.name());

      ScriptedTable second = scripted("disc-second");
      tables.create("disc-not-this", string("pk"));
      tables.createWithoutRecovery(
          "disc-no-recovery", StreamViewType.NEW_AND_OLD_IMAGES, string("pk"));
      tables.create("disc-no-stream", string("pk"));
      tables.disableStream("disc-no-stream");
      connector.awaitStreaming(first.name(), second.name());
      connector.awaitStatusRecord("TABLE_SKIPPED", "disc-no-recovery");
      connector.awaitStatusRecord("TABLE_SKIPPED", "disc-no-stream");
      steps.write(first.stream(), first.shard(), "a", 10);
      connector.awaitRecords(first.name(), steps::endIsIn);
      assertThat(reason(connector, "TABLE_SKIPPED", "disc-no-recovery"))
          .isEqualTo("point-in-time recovery is off, which its export needs");
      assertThat(reason(connector, "TABLE_SKIPPED", "disc-no-stream"))
          .isEqualTo("its stream is not enabled");

      tables.enableRecovery("disc-no-recovery");
      tables.enableStream("disc-no-stream", StreamViewType.NEW_AND_OLD_IMAGES);
      connector.awaitStreaming(first.name(), second.name(), "disc-no-recovery", "disc-no-stream");
      tables.put("disc-no-recovery", Map.of("pk", AttributeValue.fromS("late")));
      connector.awaitRecords("disc-no-recovery", 1);
      assertThat(connector.statusRecords("TABLE_SKIPPED"))
          .extracting(record -> record.path("table").asText())
          .as("once a reason")
          .containsExactlyInAnyOrder("disc-no-recovery", "disc-no-stream");

      second.append(ScriptedChange.insert(ITEM, ITEM));
      second.append(
          ScriptedChange.insert(ITEM, "{\"pk\":{\"S\":\"item\"},\"last\":{\"S\":\"x\"}}"));
      tables.drop(second.name());
      second.stream().disable();
      connector.awaitStatusRecord("TABLE_REMOVED", second.name());
      assertThat(TestConnector.records(second.name()))
          .hasSize(3)
          .last()
          .asString()
          .contains("last");
      connector.awaitOffsets(
          "lose what is of the table",
          offsets ->
              offsets.keySet().stream()
                  .noneMatch(partition -> partition.path("table").asText().equals(second.name())));
      steps.write(first.stream(), first.shard(), "a", 10);
      connector.awaitRecords(first.name(), steps::endIsIn);

      ScriptedTable again = scripted("disc-second");
      connector.awaitStreaming(first.name(), again.name());
      again.append(ScriptedChange.insert(ITEM, ITEM));
      connector.awaitRecords(again.name(), 5);
      assertThat(
              connector.statusRecords("TABLE_REGISTERED").stream()
                  .filter(record -> record.path("table").asText().equals(again.name()))
                  .map(record -> record.path("tableId").asText())
                  .collect(Collectors.toSet()))
          .as("another table")
          .hasSize(2);
      assertThat(topics()).contains("disc-first").doesNotContain("disc-not-this", "other-table");
    }
  }

  /** Fifty tables that begin together restart the tasks a few times, not fifty. */
  @Test
  void fiftyTablesThatBeginTogetherAreGathered() {
    for (int table = 0; table < 50; table++) {
      tables.create("fifty-%02d".formatted(table), string("pk"));
    }
    Map<String, String> config = config("fifty-.*");
    config.put("tables.restart.interval.ms", "10000");
    try (TestConnector connector = TestConnector.start("fifty", config)) {
      connector.awaitWork(Duration.ofMinutes(5), TableWork.ReadShards.class, fifty());

      List<Instant> plans = plans(connector);
      assertThat(plans).hasSizeBetween(2, 8);
      for (int i = 1; i < plans.size(); i++) {
        assertThat(Duration.between(plans.get(i - 1), plans.get(i)))
            .as("between two plans of %s", plans)
            .isGreaterThan(Duration.ofSeconds(7));
      }
    }
  }

  private static String[] fifty() {
    return IntStream.range(0, 50).mapToObj("fifty-%02d"::formatted).toArray(String[]::new);
  }

  /** When the tasks of each plan were first told of it. */
  private static List<Instant> plans(TestConnector connector) {
    return connector.statusRecords("TASK_ASSIGNED").stream()
        .collect(
            Collectors.toMap(
                record -> record.path("plan").asText(),
                record -> Instant.ofEpochMilli(record.path("ts_ms").asLong()),
                (one, other) -> one.isBefore(other) ? one : other))
        .values()
        .stream()
        .sorted()
        .toList();
  }

  private static String reason(TestConnector connector, String type, String table) {
    return connector.statusRecords(type).stream()
        .filter(record -> record.path("table").asText().equals(table))
        .map((JsonNode record) -> record.path("reason").asText())
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> topics() {
    try (Admin admin = EndToEnd.kafka().admin()) {
      return admin.listTopics().names().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
