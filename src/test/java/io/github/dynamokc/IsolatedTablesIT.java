package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.DataFile;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import io.github.dynamokc.testing.aws.SyntheticExport;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Seven tables of two workers, of which five fail, each in another phase and another way: they are
 * told of and parked, and the two others go on as if they were alone.
 */
@Tag("full")
class IsolatedTablesIT {
  private static final String ITEM = "{\"pk\":{\"S\":\"a\"}}";
  private final StepWriter steps = new StepWriter();
  private final StepWriter loadedSteps = new StepWriter();

  @AfterEach
  void noMoreHooks() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void fiveTablesThatFailAreOnlyTheirOwnTrouble() {
    ScriptedTable streamed = exported("iso-streamed", DataFile.of(lines(0, 5)));
    ScriptedTable loaded = exported("iso-loaded", DataFile.of(lines(0, 2_000)));
    ScriptedTable brokenFile = exported("iso-broken", DataFile.of(List.of(line(1), "{\"x\":")));
    ScriptedTable unreadable = exported("iso-unreadable", DataFile.of(lines(0, 3)));
    ScriptedTable denied = exported("iso-denied", DataFile.of(lines(0, 3)));
    ScriptedTable deleted = exported("iso-deleted", DataFile.of(lines(0, 3)));
    String missing = "iso-missing";
    Map<String, String> config =
        EndToEnd.config(
            3,
            streamed.name(),
            loaded.name(),
            brokenFile.name(),
            unreadable.name(),
            denied.name(),
            deleted.name(),
            missing);
    config.put("table.on.failure", "isolate");
    config.put("stall.timeout.ms", "10000");
    config.put("tables.restart.interval.ms", "3000");
    config.put("aws.preflight.enabled", "false");
    ConnectWorker.Builder group = EndToEnd.worker("isolated");
    try (ConnectWorker one = group.start();
        ConnectWorker two = group.start();
        TestConnector connector = TestConnector.start(two, "isolated", config)) {
      connector.awaitWork(
          TableWork.ReadShards.class,
          streamed.name(),
          loaded.name(),
          unreadable.name(),
          denied.name(),
          deleted.name());
      connector.awaitStatusRecord("TABLE_FAILED", brokenFile.name());
      connector.awaitStatusRecord("TABLE_FAILED", missing);
      Set<String> plans = plans(connector);

      unreadable.append(ScriptedChange.insert(ITEM, "{\"pk\":{\"S\":\"a\"},\"v\":{\"X\":1}}"));
      denied
          .streams()
          .failAlways(
              StreamOperation.GET_RECORDS,
              new StreamFault.Failure(400, "AccessDeniedException", "not this one"));
      EndToEnd.aws().tables().drop(deleted.name());
      steps.write(streamed.stream(), streamed.shard(), "a", 20);
      loadedSteps.write(loaded.stream(), loaded.shard(), "a", 20);
      connector.awaitRecords(streamed.name(), steps::endIsIn);
      connector.awaitRecords(loaded.name(), loadedSteps::endIsIn);
      connector.awaitStatusRecord("TABLE_FAILED", unreadable.name());
      connector.awaitStatusRecord("TABLE_FAILED", denied.name());
      steps.write(streamed.stream(), streamed.shard(), "a", 20);
      connector.awaitRecords(streamed.name(), steps::endIsIn);
      assertThat(plans(connector)).as("no task restarts for a failure of its own").isEqualTo(plans);
      assertThat(connector.status().tasks())
          .allSatisfy(task -> assertThat(task.state()).isEqualTo("RUNNING"));

      denied.streams().clearFaults();
      denied.append(ScriptedChange.insert(ITEM, ITEM));
      connector.awaitRecords(denied.name(), records -> records.size() == 4);
      assertThat(plans(connector)).as("nor when it goes on").isEqualTo(plans);
      assertThat(reasons(connector))
          .hasEntrySatisfying(
              brokenFile.name(), reason -> assertThat(reason).contains(", line 2, is not an item"))
          .hasEntrySatisfying(
              missing, reason -> assertThat(reason).contains("dynamodb:DescribeTable", missing))
          .hasEntrySatisfying(
              unreadable.name(), reason -> assertThat(reason).contains(unreadable.shard()))
          .hasEntrySatisfying(
              denied.name(), reason -> assertThat(reason).contains("dynamodb:GetRecords"))
          .doesNotContainKeys(streamed.name(), loaded.name());
      List<TopicRecord> records = TestConnector.records(streamed.name());
      Steps.assertNoneIsSkipped(records);
      assertThat(Steps.byKey(records)).isEqualTo(steps.written());
    }
  }

  private static ScriptedTable exported(String name, DataFile file) {
    ScriptedTable table = ScriptedTable.create(name, string("pk"));
    EndToEnd.aws()
        .front()
        .putSyntheticExport(table.arn(), new SyntheticExport(Instant.now(), List.of(file)));
    return table;
  }

  private static Set<String> plans(TestConnector connector) {
    return connector.statusRecords("TASK_ASSIGNED").stream()
        .map(record -> record.path("plan").asText())
        .collect(Collectors.toSet());
  }

  private static Map<String, String> reasons(TestConnector connector) {
    return connector.statusRecords("TABLE_FAILED").stream()
        .collect(
            Collectors.toMap(
                record -> record.path("table").asText(),
                record -> record.path("reason").asText(),
                (first, second) -> second));
  }

  private static List<String> lines(int from, int to) {
    return IntStream.range(from, to).mapToObj(IsolatedTablesIT::line).toList();
  }

  private static String line(int number) {
    return "{\"Item\":{\"pk\":{\"S\":\"item-%d\"}}}".formatted(number);
  }
}
