package io.github.dynamokc.task;

import static io.github.dynamokc.testing.OrdersWorld.EXPORT;
import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.MetricTags;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TablesOffset;
import io.github.dynamokc.offset.TroubleOffset;
import io.github.dynamokc.plan.ExportFiles;
import io.github.dynamokc.plan.IndexRanges;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.stream.Timing;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.FakeDynamoDb;
import io.github.dynamokc.testing.FakeS3;
import io.github.dynamokc.testing.OrdersWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table that fails is stopped and tried again; the others of the task do not notice. */
class IsolatedTablesTest {
  private static final List<String> TABLES = List.of(TABLE, "orders-2", "orders-3");
  private static final TableRetries SOON =
      new TableRetries(Duration.ofMillis(2), Duration.ofMillis(8), Duration.ofMillis(60));
  private static final TableRetries NEVER =
      new TableRetries(Duration.ofDays(1), Duration.ofDays(1), Duration.ofMinutes(1));

  private final OrdersWorld world = new OrdersWorld();
  private final Map<MetricTags, TableMetrics> shown = new ConcurrentHashMap<>();
  private final Map<String, List<Long>> items = new TreeMap<>();
  private final List<String> told = new ArrayList<>();

  /** What Connect has and Kafka has not. */
  private final List<SourceRecord> inFlight = new ArrayList<>();

  private @Nullable RunningTask task;

  @AfterEach
  void close() {
    if (task != null) {
      task.close();
    }
  }

  @Test
  void theOthersGoOnWhenATableFails() throws InterruptedException {
    begin(List.of(List.of(line(0), "broken"), List.of(line(1)), List.of(line(2), line(3))), NEVER);
    commitUntil(() -> count("DATA_FILE_LOADED") == 2 && count("TABLE_FAILED") == 1);

    assertThat(items).containsOnlyKeys("orders-2", "orders-3");
    assertThat(told)
        .filteredOn(each -> each.startsWith("TABLE_"))
        .containsExactly("TABLE_FAILED orders");
    assertThat(world.offsets.get(new SourcePartition.OfTrouble(TABLE)))
        .isInstanceOfSatisfying(
            TroubleOffset.class,
            trouble -> {
              assertThat(trouble.failed()).isTrue();
              assertThat(trouble.reason()).contains("data/0.json.gz of table orders, line 2");
            });
    assertThat(failed(TABLE)).isEqualTo(1);
    assertThat(failed("orders-2")).isZero();
  }

  @Test
  void withoutIsolationTheTaskFails() {
    world.set("table.on.failure", "fail");
    start(List.of(List.of("broken"), List.of(line(1)), List.of(line(2))), NEVER);

    assertThatThrownBy(() -> commitUntil(() -> false))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("data/0.json.gz of table orders, line 1");
  }

  @Test
  void aTableThatIsMendedGoesOnByItself() throws InterruptedException {
    begin(List.of(List.of(line(0), "broken"), List.of(line(1)), List.of(line(2))), SOON);
    commitUntil(() -> count("TABLE_FAILED") == 1);
    world.exportCompleted(List.of(List.of(line(0), line(9)), List.of(line(1)), List.of(line(2))));
    commitUntil(() -> count("DATA_FILE_LOADED") == 3 && count("TABLE_RESUMED") > 0);

    assertThat(items.get(TABLE)).containsExactly(0L, 9L);
    assertThat(count("TABLE_FAILED")).as("told once for the same reason").isEqualTo(1);
    assertThat(world.offsets.get(new SourcePartition.OfTrouble(TABLE))).isNull();
    Eventually.within(Duration.ofSeconds(10), "a sound table")
        .every(Duration.ofMillis(5))
        .until(() -> failed(TABLE), value -> value == 0);
  }

  /** What is told is an offset: a restart does not tell it again. */
  @Test
  void aRestartDoesNotTellTheSameAgain() throws InterruptedException {
    begin(List.of(List.of("broken"), List.of(line(1)), List.of(line(2))), NEVER);
    commitUntil(() -> count("TABLE_FAILED") == 1 && count("DATA_FILE_LOADED") == 2);
    close();
    inFlight.clear();
    told.clear();
    start(List.of(List.of("broken"), List.of(line(1)), List.of(line(2))), NEVER);
    commitUntil(() -> failed(TABLE) == 1);
    for (int i = 0; i < 3; i++) {
      commit(requireNonNull(task).poll(), new Random(1));
    }

    assertThat(told).filteredOn(each -> each.startsWith("TABLE_")).isEmpty();
  }

  /** Nothing of it is tried: it goes on when it is planned again. */
  @Test
  void aParkedTableIsNotTakenForOneThatGoesOn() throws InterruptedException {
    world.set("tables", TABLE).set("table.on.failure", "isolate");
    world.offsets.commit(new SourcePartition.OfTrouble(TABLE), TroubleOffset.failed("denied", 1));
    run(List.of(new TableWork.Park(TABLE, 1, "denied")), SOON);
    Eventually.within(Duration.ofSeconds(10), "a parked table")
        .every(Duration.ofMillis(5))
        .until(() -> failed(TABLE), value -> value == 1);
    commitUntil(new Polls(3)::areOver);

    assertThat(told).filteredOn(each -> each.startsWith("TABLE_")).isEmpty();
    assertThat(failed(TABLE)).isEqualTo(1);
  }

  /** What cannot be followed yet has not failed, and goes on only when it is prepared. */
  @Test
  void aSkippedTableIsNotTakenForOneThatGoesOn() throws InterruptedException {
    world.set("tables", null).set("tables.include", "orders.*").set("table.on.failure", "isolate");
    world.dynamoDb.streamDisabled();
    world.offsets.commit(new SourcePartition.OfTables(), new TablesOffset(List.of(TABLE)));
    world.offsets.commit(
        new SourcePartition.OfTrouble(TABLE),
        TroubleOffset.skipped("its stream is not enabled", 1));
    run(List.of(new TableWork.Prepare(TABLE, 1)), SOON);
    commitUntil(new Polls(3)::areOver);

    assertThat(told).filteredOn(each -> each.startsWith("TABLE_")).isEmpty();
  }

  /** Each of them takes half a second if there is nothing. */
  private static final class Polls {
    private int left;

    private Polls(int count) {
      left = count;
    }

    private boolean areOver() {
      return left-- == 0;
    }
  }

  /**
   * Where offsets are committed with the records, as with exactly-once, each item comes once and in
   * order, whatever fails and whenever: a table begins again behind all that was put of it.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void eachItemComesOnceWhateverFails(int seed) throws InterruptedException {
    Random random = new Random(seed);
    int lines = 2_500;
    List<List<String>> files = new ArrayList<>();
    for (int file = 0; file < TABLES.size(); file++) {
      files.add(IntStream.range(0, lines).mapToObj(IsolatedTablesTest::line).toList());
    }
    AtomicInteger failures = new AtomicInteger(10);
    for (int i = 0; i < 15; i++) {
      world.s3.bodyOnce(FakeS3.throwsAfter(random.nextInt(20_000)));
    }
    Random ofReads = new Random(seed + 1_000L);
    world.s3.onRead(
        () -> {
          if (failures.get() > 0 && ofReads.nextInt(3) == 0) {
            failures.decrementAndGet();
            throw new IllegalStateException("as the test wants it");
          }
        });
    world.set("max.queue.bytes", "300000").set("max.batch.size", "200");
    begin(files, SOON);
    commitUntil(() -> count("DATA_FILE_LOADED") == 3, random);

    List<Long> all = IntStream.range(0, lines).mapToObj(Long::valueOf).toList();
    assertThat(items.keySet()).containsExactlyElementsOf(TABLES);
    assertThat(items.values()).allSatisfy(each -> assertThat(each).isEqualTo(all));
    assertThat(count("TABLE_FAILED")).isPositive();
  }

  private void begin(List<List<String>> files, TableRetries retries) {
    world.set("table.on.failure", "isolate");
    start(files, retries);
  }

  /** A file for each table. */
  private void start(List<List<String>> files, TableRetries retries) {
    world.set("tables", String.join(",", TABLES)).set("export.file.concurrency", "1");
    world.exportCompleted(files);
    List<TableWork> work = new ArrayList<>();
    for (int place = 0; place < TABLES.size(); place++) {
      world.offsets.commit(new SourcePartition.OfTable(TABLES.get(place)), world.submitted(1));
      work.add(
          new TableWork.LoadFiles(
              TABLES.get(place),
              new ExportFiles(
                  EXPORT,
                  FakeDynamoDb.EXPORT_TIME.toEpochMilli(),
                  FakeS3.BUCKET,
                  OrdersWorld.MANIFEST_FILES),
              IndexRanges.of(List.of(place))));
    }
    run(work, retries);
  }

  private void run(List<TableWork> work, TableRetries retries) {
    TaskAssignment assignment = new TaskAssignment(work);
    task =
        RunningTask.start(
            "1.2.3",
            world.connector(),
            assignment,
            null,
            OrdersTask.tables(
                world,
                assignment,
                (tags, metrics) -> {
                  shown.put(tags, metrics);
                  return () -> shown.remove(tags);
                }),
            new TaskResources(
                world.aws,
                metrics -> world.streamApi,
                new Timing(world.clock, () -> 0L),
                System::nanoTime,
                retries));
  }

  private void commitUntil(BooleanSupplier end) throws InterruptedException {
    commitUntil(end, new Random(0));
  }

  /** Kafka takes what is handed over, in the order of each partition, and commits its offset. */
  private void commitUntil(BooleanSupplier end, Random random) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!end.getAsBoolean()) {
      assertThat(System.nanoTime()).as("told so far: %s", told).isLessThan(deadline);
      if (random.nextInt(6) == 0) {
        // As while Connect is paused: what is put stays in the queue, and Kafka has the rest.
        commit(null, random);
        assertThat(new CountDownLatch(1).await(250, TimeUnit.MILLISECONDS)).isFalse();
      }
      commit(requireNonNull(task).poll(), random);
    }
  }

  private void commit(@Nullable List<SourceRecord> polled, Random random) {
    if (polled != null) {
      inFlight.addAll(polled);
    }
    int settled = polled == null ? inFlight.size() : random.nextInt(inFlight.size() + 1);
    for (SourceRecord record : inFlight.subList(0, settled)) {
      world.offsets.commit(record.sourcePartition(), record.sourceOffset());
      requireNonNull(task).settled(record, true);
      note(record);
    }
    inFlight.subList(0, settled).clear();
  }

  private void note(SourceRecord record) {
    if (TABLES.contains(record.topic())) {
      String number = String.valueOf(record.key()).replaceAll(".*\"SK\":(\\d+).*", "$1");
      items.computeIfAbsent(record.topic(), table -> new ArrayList<>()).add(Long.valueOf(number));
    } else {
      told.add(OrdersTask.type(record) + " " + SourcePartition.tableOf(record.sourcePartition()));
    }
  }

  private long count(String type) {
    return told.stream().filter(each -> each.startsWith(type + " ")).count();
  }

  private long failed(String table) {
    return requireNonNull(shown.get(MetricTags.ofTask("orders-source", "0", table)))
        .value(Gauge.TABLE_FAILED);
  }

  private static String line(int number) {
    return "{\"Item\":{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"%d\"}}}".formatted(number);
  }
}
