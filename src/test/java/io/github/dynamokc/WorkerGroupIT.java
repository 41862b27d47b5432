package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.SnapshotTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.S3Fault;
import io.github.dynamokc.testing.aws.S3Front;
import io.github.dynamokc.testing.aws.SyntheticExport;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.ConnectorStatus;
import io.github.dynamokc.testing.kafka.TopicReader;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two workers share the tasks of a connector, and one dies: once while both load, once while both
 * follow shards that end. The other takes all of its work over where that stood.
 */
@Tag("full")
class WorkerGroupIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int FILES = 4;
  private static final int ITEMS = 5_000;
  private static final int LINEAGES = 4;

  private final S3Front s3 = new S3Front(EndToEnd.aws().s3Endpoint());
  private final CountDownLatch released = new CountDownLatch(1);
  private final StepWriter steps = new StepWriter();
  private final List<String> open = new ArrayList<>();

  @AfterEach
  void noMoreHooks() {
    EndToEnd.aws().front().clearHooks();
    s3.close();
  }

  @ParameterizedTest(name = "exactly once: {0}")
  @ValueSource(booleans = {false, true})
  void aWorkersDeathLosesNothingOfSnapshotAndStream(boolean exactlyOnce) {
    ScriptedTable table = ScriptedTable.create(exactlyOnce ? "group-once" : "group", string("pk"));
    open.add(table.shard());
    IntStream.range(1, LINEAGES).forEach(i -> open.add(table.stream().addShard()));
    EndToEnd.aws()
        .front()
        .putSyntheticExport(
            table.arn(),
            new SyntheticExport(
                Instant.now(),
                IntStream.range(0, FILES)
                    .mapToObj(file -> SnapshotTable.file(file * ITEMS, ITEMS))
                    .toList()));
    s3.failAll(key -> key.contains("/data/"), new S3Fault.Hold(250_000, released));
    ConnectWorker.Builder group = EndToEnd.worker(table.name()).exactlyOnce(exactlyOnce);
    try (ConnectWorker one = group.start();
        ConnectWorker two = group.start();
        TestConnector connector =
            TestConnector.start(two, table.name(), config(table, exactlyOnce))) {
      connector.awaitWork(TableWork.LoadFiles.class, table.name());
      connector.awaitOffsets(
          "commit the beginning of each file",
          offsets ->
              offsets.keySet().stream()
                      .filter(partition -> partition.path("kind").asText().equals("file"))
                      .count()
                  == FILES);
      awaitOnBoth(connector, two, table.name());
      assertThat(TestConnector.records(table.name())).hasSizeLessThan(FILES * ITEMS);
      one.kill();
      s3.clearHooks();
      released.countDown();
      connector.awaitStreaming(table.name());
      assertLoaded(records(table, exactlyOnce), exactlyOnce);

      one.restart();
      awaitOnBoth(connector, two, table.name());
      write(table);
      rollOver(table);
      write(table);
      connector.awaitRecords(table.name(), steps::endIsIn);
      awaitOnBoth(connector, two, table.name());
      rollOver(table);
      write(table);
      one.kill();
      write(table);
      rollOver(table);
      write(table);

      connector.awaitRecords(table.name(), steps::endIsIn);
      ConnectorStatus status =
          two.rest()
              .await(
                  table.name(),
                  "run on the worker that is left",
                  PATIENCE,
                  s -> s.runs(LINEAGES) && workers(s).size() == 1);
      assertThat(workers(status)).containsExactly(workerId(two));
      List<TopicRecord> records = awaitEnd(table, exactlyOnce);
      Steps.assertNoneIsSkipped(records);
      Steps.byKey(records).forEach((key, seen) -> assertThat(seen).as(key).startsWith(1));
      if (exactlyOnce) {
        assertThat(Steps.byKey(records)).isEqualTo(steps.written());
      }
      System.out.printf(
          "%s: %d records, %d of them repeated%n",
          table.name(),
          records.size(),
          records.size()
              - FILES * ITEMS
              - steps.written().values().stream().mapToInt(List::size).sum());
    }
  }

  private Map<String, String> config(ScriptedTable table, boolean exactlyOnce) {
    Map<String, String> config = EndToEnd.config(LINEAGES, table.name());
    config.put("aws.s3.endpoint", s3.endpoint().toString());
    config.put("export.poll.interval.ms", "200");
    config.put("exactly.once.support", exactlyOnce ? "required" : "requested");
    return config;
  }

  private static void awaitOnBoth(TestConnector connector, ConnectWorker worker, String name) {
    worker
        .rest()
        .await(
            name,
            "run tasks on both workers",
            PATIENCE,
            status -> status.runs(LINEAGES) && workers(status).size() == 2);
    assertThat(connector.assignments()).hasSize(LINEAGES);
  }

  private static Set<String> workers(ConnectorStatus status) {
    return status.tasks().stream().map(ConnectorStatus.Task::worker).collect(Collectors.toSet());
  }

  private static String workerId(ConnectWorker worker) {
    return worker.restUri().getAuthority();
  }

  private void write(ScriptedTable table) {
    for (int i = 0; i < LINEAGES; i++) {
      for (int key = 0; key < 5; key++) {
        steps.write(table.stream(), open.get(i), "lineage " + i + " key " + key, 10);
      }
    }
  }

  private void rollOver(ScriptedTable table) {
    open.replaceAll(shard -> table.stream().rollOver(shard));
  }

  private static List<TopicRecord> records(ScriptedTable table, boolean committed) {
    try (TopicReader reader = reader(table, committed)) {
      return reader.toEnd();
    }
  }

  private List<TopicRecord> awaitEnd(ScriptedTable table, boolean committed) {
    List<TopicRecord> records = new ArrayList<>();
    try (TopicReader reader = reader(table, committed)) {
      return Eventually.within(PATIENCE, "the last step in topic " + table.name())
          .every(Duration.ZERO)
          .until(
              () -> {
                records.addAll(reader.toEnd());
                return records;
              },
              steps::endIsIn,
              read -> read.size() + " records");
    }
  }

  private static TopicReader reader(ScriptedTable table, boolean committed) {
    String servers = EndToEnd.kafka().bootstrapServers();
    return committed
        ? TopicReader.openCommitted(servers, table.name())
        : TopicReader.open(servers, table.name());
  }

  private static void assertLoaded(List<TopicRecord> records, boolean exactlyOnce) {
    Map<String, Integer> times = new HashMap<>();
    records.forEach(record -> times.merge(String.valueOf(record.key()), 1, Integer::sum));
    assertThat(times.keySet())
        .containsExactlyInAnyOrderElementsOf(SnapshotTable.keys(0, FILES * ITEMS));
    if (exactlyOnce) {
      assertThat(times.values()).containsOnly(1);
    }
  }
}
