package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_RECORDS;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_SHARD_ITERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.metrics.Metric;
import io.github.dynamokc.metrics.PluginVersion;
import io.github.dynamokc.metrics.Scope;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.aws.DataFile;
import io.github.dynamokc.testing.aws.S3Front;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.SyntheticExport;
import io.github.dynamokc.testing.kafka.EmbeddedKafka;
import io.github.dynamokc.testing.kafka.WorkerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a worker shows over JMX, beside what really happened. */
class MetricsIT {
  private static final long DAY_MS = Duration.ofHours(24).toMillis();
  private static final long BUSY_MACHINE_MS = 10_000;
  private static final int FIRST_FILE = 300;
  private static final int SECOND_FILE = 200;

  private final WorkerMetrics metrics = WorkerMetrics.of(EndToEnd.worker().pid());
  private final CountDownLatch held = new CountDownLatch(1);
  private final StepWriter steps = new StepWriter();

  @AfterEach
  void noMoreScripts() {
    held.countDown();
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void snapshotMetricsCountSharesOfTasksAndTheCommittedWhole() {
    String table = "metrics-snapshot";
    String arn = EndToEnd.aws().tables().create(table, string("pk")).tableArn();
    DataFile first = file(0, FIRST_FILE);
    DataFile second = file(FIRST_FILE, SECOND_FILE - 1, "{\"Item\":{\"no\":{\"S\":\"key\"}}}");
    EndToEnd.aws()
        .front()
        .putSyntheticExport(
            arn,
            new SyntheticExport(Instant.now(), List.of(first, DataFile.of(List.of()), second)));
    EndToEnd.aws().front().holdExports();
    try (S3Front s3 = new S3Front(EndToEnd.aws().s3Endpoint());
        TestConnector connector = TestConnector.start(table, loading(table, s3))) {
      connector.awaitStatusRecord("EXPORT_SUBMITTED", table);
      awaitMonitor(table, "millisUntilDataLoss", left -> left > 0);
      assertThat(monitor(table, "millisUntilDataLoss"))
          .as("24 h but for the overlap")
          .isBetween(DAY_MS - 300_000 - 2 * BUSY_MACHINE_MS, DAY_MS - 300_000);
      assertThat(monitor(table, "exportJobSuccess")).isZero();
      holdSecondFile(s3);
      EndToEnd.aws().front().releaseExports();

      connector.awaitWork(TableWork.LoadFiles.class, table);
      awaitTask(table, "exportS3ObjectsProcessed", files -> files == 1);
      awaitTask(table, "activeExportS3ObjectConsumers", files -> files == 1);
      assertThat(metrics.task(table, 0, table))
          .containsEntry("exportS3ObjectsTotal", 2L)
          .containsEntry("exportRecordsProcessed", (long) FIRST_FILE)
          .containsEntry("exportRecordsTotal", (long) FIRST_FILE + SECOND_FILE)
          .containsEntry("exportRecordProcessingErrors", 0L)
          .containsEntry("bytesReceived", (long) first.gzip().length)
          .containsEntry("bytesProcessed", first.textBytes() - FIRST_FILE)
          .containsEntry("changeEventsProcessed", 0L)
          .containsEntry("millisBehindLatest", -1L)
          .containsEntry("millisUntilDataLoss", -1L);
      // The end of a file is committed on its own, behind its last item.
      awaitMonitor(table, "exportS3ObjectsProcessed", files -> files == 1);
      assertThat(metrics.monitor(table, table))
          .containsEntry("exportJobSuccess", 1L)
          .containsEntry("exportJobFailure", 0L)
          .containsEntry("exportS3ObjectsTotal", 2L)
          .containsEntry("exportRecordsProcessed", (long) FIRST_FILE)
          .containsEntry("exportRecordsTotal", (long) FIRST_FILE + SECOND_FILE)
          .containsEntry("totalOpenShards", 0L);
      assertThat(monitor(table, "millisUntilDataLoss")).isPositive();
      held.countDown();

      connector.awaitStreaming(table);
      assertThat(metrics.monitor(table, table))
          .containsEntry("exportS3ObjectsProcessed", 2L)
          .containsEntry("exportRecordsProcessed", (long) FIRST_FILE + SECOND_FILE)
          .containsEntry("millisUntilDataLoss", -1L)
          .containsEntry("phase", 3L)
          .containsEntry("totalOpenShards", 1L);
      assertThat(connector.statusRecords("ITEM_SKIPPED")).hasSize(1);
      assertThat(metrics.task(table, 0, table))
          .as("polls are no transactions")
          .containsEntry("queueBytesMax", 1024L * 1024);
      assertThat(number(metrics.task(table, 0, table), "exportRecordProcessingErrors"))
          .as("of the task that follows the stream")
          .isZero();
      // Kept by the connector though the task that counted it is gone.
      assertThat(monitor(table, "exportRecordProcessingErrors")).isEqualTo(1);
      assertThat(monitor(table, "bytesReceived"))
          .isEqualTo((long) first.gzip().length + second.gzip().length);
    }
  }

  private Map<String, String> loading(String table, S3Front s3) {
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("aws.s3.endpoint", s3.endpoint().toString());
    config.put("export.file.concurrency", "1");
    config.put("errors.tolerance", "all");
    return config;
  }

  private static DataFile file(int from, int items, String... more) {
    List<String> lines =
        IntStream.range(from, from + items)
            .mapToObj("{\"Item\":{\"pk\":{\"S\":\"%d\"}}}"::formatted)
            .toList();
    return DataFile.of(Stream.concat(lines.stream(), Stream.of(more)).toList());
  }

  private void holdSecondFile(S3Front s3) {
    Set<String> asked = ConcurrentHashMap.newKeySet();
    s3.onRequest(
        request -> {
          if (request.key().contains("/data/") && asked.add(request.key()) && asked.size() > 1) {
            awaitRelease();
          }
          return Optional.empty();
        });
  }

  private void awaitRelease() {
    try {
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @Tag("core")
  void streamMetricsCountChangesAndRequests() {
    ScriptedTable table = ScriptedTable.create("metrics-stream", string("pk"));
    long now = Instant.now().getEpochSecond();
    for (int old = 0; old < 3; old++) {
      table.append(insert("old", old).at(now - 7200));
    }
    table.append(insert("a", 1));
    table.append(ScriptedChange.modify(key("a"), image("a", 1), image("a", 2)));
    table.append(ScriptedChange.remove(key("a"), null));
    table.append(ScriptedChange.insert(key("b"), "{\"pk\":{\"S\":\"b\"},\"v\":{\"N\":\"none\"}}"));
    table.append(insert("c", 1));
    table.streams().failNext(GET_RECORDS, 2, StreamFault.throttled());
    table.streams().failNext(GET_SHARD_ITERATOR, 1, StreamFault.limitExceeded());
    table.streams().failNext(GET_RECORDS, 2, StreamFault.internalServerError());
    Map<String, String> config = following(table.name());
    config.put("stream.start.position", "LATEST");
    config.put("stream.view.on.remove", "OLD_IMAGE");
    config.put("skipped.operations", "u");
    config.put("errors.tolerance", "all");
    String name = table.name();
    try (TestConnector connector = TestConnector.start(name, config)) {
      connector.awaitRecords(name, 3);
      awaitTask(name, "unacknowledgedRecords", records -> records == 0);

      assertThat(metrics.task(name, 0, name))
          .containsEntry("changeEventsProcessed", 4L)
          .containsEntry("changeEventsProcessingErrors", 1L)
          .containsEntry("eventsSkippedBeforeStart", 3L)
          .containsEntry("eventsSkippedByOperation", 1L)
          .containsEntry("removalsWithoutOldImage", 1L)
          .containsEntry("dataLossEvents", 0L)
          .containsEntry("stream4xxErrors", 3L)
          .containsEntry("stream5xxErrors", 2L)
          .containsEntry("exportApiInvocations", 0L)
          .containsEntry("activeShardsInProcessing", 1L);
      assertRequestsAreCounted(table);
      assertSameAsPluginMetrics(name);

      List<String> children = table.stream().split(table.shard());
      connector.awaitOffset("shard", children.get(1), offset -> true);
      awaitTask(name, "activeShardsInProcessing", shards -> shards == 2);
      awaitMonitor(name, "totalOpenShards", shards -> shards == 2);
    }
    assertThat(metrics.names()).noneMatch(shown -> shown.contains(name));
  }

  /** What was asked before the metrics were read is in them, and nothing that was not asked yet. */
  private void assertRequestsAreCounted(ScriptedTable table) {
    String name = table.name();
    long before = requests(table, request -> true);
    long readsBefore = requests(table, "GetRecords"::equals);
    Map<String, Object> task = metrics.task(name, 0, name);
    long counted = number(task, "streamApiInvocations") + monitor(name, "streamApiInvocations");
    long after = requests(table, request -> true);
    long readsAfter = requests(table, "GetRecords"::equals);

    assertThat(counted).isBetween(before, after + 2);
    // Five of them failed, one of which was for an iterator.
    assertThat(number(task, "shardProgress")).isBetween(readsBefore - 4 - 1, readsAfter - 4);
  }

  private static long requests(ScriptedTable table, Predicate<String> action) {
    return EndToEnd.aws().front().requests().stream()
        .filter(request -> action.test(request.action()))
        .filter(request -> request.body().toString().contains(table.stream().arn()))
        .count();
  }

  @Test
  @Tag("full")
  void aFailedTaskRemovesItsMetricsAndCountsAnewOnRestart() {
    ScriptedTable table = ScriptedTable.create("metrics-restart", string("pk"));
    String name = table.name();
    steps.write(table.stream(), table.shard(), "a", 3);
    Map<String, String> config = following(name);
    try (TestConnector connector = TestConnector.start(name, config)) {
      connector.awaitRecords(name, steps::endIsIn);
      assertThat(number(metrics.task(name, 0, name), "changeEventsProcessed")).isEqualTo(3);
      table.append(
          ScriptedChange.insert(key("b"), "{\"pk\":{\"S\":\"b\"},\"v\":{\"N\":\"none\"}}"));
      connector.awaitFailure();
      assertThat(metrics.names()).noneMatch(shown -> shown.contains("task=\"0\",table=\"" + name));
      assertThat(metrics.monitor(name, name)).containsEntry("totalOpenShards", 1L);

      config.put("errors.tolerance", "all");
      connector.configure(config);
      table.append(insert("c", 1));
      Steps.await(name, Duration.ofSeconds(60), records -> records.size() == 4);
      assertThat(metrics.task(name, 0, name))
          .containsEntry("changeEventsProcessed", 2L)
          .containsEntry("changeEventsProcessingErrors", 1L);
      assertSameAsPluginMetrics(name);
    }
  }

  @Test
  @Tag("full")
  void metricsOutliveTheConnectorsFailureButNotItsDeletion() {
    String name = "metrics-failed";
    String other = name + "-other";
    EndToEnd.aws().tables().create(name, string("pk"));
    EndToEnd.aws().tables().create(other, string("pk"));
    EndToEnd.aws().front().failNextExports(1, "S3AccessDenied", "no PutObject for DynamoDB");
    Map<String, String> config = EndToEnd.config(1, other, name);
    config.put("table." + other + ".snapshot.mode", "no_data");
    config.put("export.max.attempts", "1");
    try (TestConnector connector = TestConnector.start(name, config)) {
      connector.awaitState("FAILED");
      awaitMonitor(name, "exportJobFailure", failures -> failures == 1);
      assertThat(metrics.monitor(name, other)).as("the other table's").isNotEmpty();
    }
    // Connect does not stop a connector that has failed.
    Eventually.within(Duration.ofSeconds(30), "the end of the metrics of " + name)
        .until(
            () -> metrics.names().stream().filter(shown -> shown.contains(name)).toList(),
            List::isEmpty);
  }

  @Test
  @Tag("full")
  void recordsInFlightAreCountedUntilKafkaAcknowledges() {
    ScriptedTable table = ScriptedTable.create("metrics-acks", string("pk"));
    String name = table.name();
    steps.write(table.stream(), table.shard(), "a", 3);
    try (EmbeddedKafka destination = EmbeddedKafka.start(WorkDirectory.fresh("metrics-acks"));
        TestConnector ignored = TestConnector.start(name, writingTo(destination, name))) {
      awaitTask(name, "changeEventsProcessed", changes -> changes == 3);
      awaitTask(name, "unacknowledgedRecords", records -> records == 0);
      destination.pause();
      steps.write(table.stream(), table.shard(), "a", 5);
      awaitTask(name, "unacknowledgedRecords", records -> records == 5);
      destination.resume();
      awaitTask(name, "unacknowledgedRecords", records -> records == 0);
      assertThat(number(metrics.task(name, 0, name), "changeEventsProcessed")).isEqualTo(8);
    }
  }

  private static Map<String, String> writingTo(EmbeddedKafka kafka, String table) {
    Map<String, String> config = following(table);
    config.put("producer.override.bootstrap.servers", kafka.bootstrapServers());
    config.put("admin.override.bootstrap.servers", kafka.bootstrapServers());
    return config;
  }

  private static Map<String, String> following(String table) {
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("aws.preflight.enabled", "false");
    config.put("aws.retries.max", "0");
    return config;
  }

  private static String key(String pk) {
    return "{\"pk\":{\"S\":\"" + pk + "\"}}";
  }

  private static String image(String pk, int value) {
    return "{\"pk\":{\"S\":\"" + pk + "\"},\"v\":{\"N\":\"" + value + "\"}}";
  }

  private static ScriptedChange insert(String pk, int value) {
    return ScriptedChange.insert(key(pk), image(pk, value));
  }

  /** Workers since 4.1 show the same among the metrics of plugins. */
  private void assertSameAsPluginMetrics(String name) {
    if (EndToEnd.worker().rest().version().startsWith("3.")) {
      assertThat(metrics.names()).noneMatch(shown -> shown.contains("type=plugins"));
      return;
    }
    Map<String, Object> plugin = new TreeMap<>(metrics.pluginsOfTask(name, 0, name));
    assertThat(plugin.keySet()).containsExactlyInAnyOrderElementsOf(attributes(Scope.TASK));
    Map<String, Object> bean = metrics.task(name, 0, name);
    for (String still : List.of("changeEventsProcessed", "changeEventsProcessingErrors")) {
      assertThat(plugin).containsEntry(still, bean.get(still));
    }
    assertThat(metrics.pluginsOfConnector(name, name).keySet())
        .containsExactlyInAnyOrderElementsOf(attributes(Scope.CONNECTOR));
  }

  private static List<String> attributes(Scope scope) {
    return Stream.concat(
            Metric.of(scope).stream().map(Metric::attribute), Stream.of(PluginVersion.ATTRIBUTE))
        .toList();
  }

  private long monitor(String table, String attribute) {
    return number(metrics.monitor(table, table), attribute);
  }

  private void awaitMonitor(String table, String attribute, LongPredicate condition) {
    EndToEnd.worker()
        .rest()
        .await(
            table,
            "show " + attribute,
            Duration.ofSeconds(60),
            status -> condition.test(monitor(table, attribute)));
  }

  /** A task is away for a moment when it is restarted. */
  private void awaitTask(String table, String attribute, LongPredicate condition) {
    EndToEnd.worker()
        .rest()
        .await(
            table,
            "show " + attribute,
            Duration.ofSeconds(60),
            status ->
                metrics
                    .ofTask(table, 0, table)
                    .filter(shown -> condition.test(number(shown, attribute)))
                    .isPresent());
  }

  private static long number(Map<String, Object> attributes, String attribute) {
    return (Long) attributes.get(attribute);
  }
}
