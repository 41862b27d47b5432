package io.github.dynamokc.task;

import static io.github.dynamokc.testing.OrdersWorld.EXPORT;
import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.lineage.AssignedShard;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.MetricTags;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.plan.ExportFiles;
import io.github.dynamokc.plan.IndexRanges;
import io.github.dynamokc.plan.PlannedTask;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.FakeDynamoDb;
import io.github.dynamokc.testing.FakeS3;
import io.github.dynamokc.testing.Latches;
import io.github.dynamokc.testing.LogContextProbe;
import io.github.dynamokc.testing.OrdersWorld;
import io.github.dynamokc.testing.aws.ScriptedChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** A task does what its assignment says, counts what is on the way, and leaves nothing behind. */
class RunningTaskTest {
  private final OrdersWorld world = new OrdersWorld();
  private final Map<MetricTags, TableMetrics> shown = new HashMap<>();
  private @Nullable RunningTask task;

  @AfterEach
  void close() {
    if (task != null) {
      task.close();
    }
    // A thread is there for a moment after its pool has ended.
    Eventually.within(Duration.ofSeconds(10), "the end of all threads")
        .every(Duration.ofMillis(1))
        .until(RunningTaskTest::threads, List::isEmpty);
    assertThat(world.aws.isClosed()).isTrue();
    assertThat(shown).as("metrics that are left").isEmpty();
  }

  @Test
  void aTableIsRegisteredAndItsExportSubmitted() throws InterruptedException {
    RunningTask started = start(new TableWork.Prepare(TABLE, 1));
    List<SourceRecord> records = poll(started, 2);

    assertThat(records)
        .extracting(OrdersTask::type)
        .containsExactly("TABLE_REGISTERED", "EXPORT_SUBMITTED");
    assertThat(world.dynamoDb.exports()).isEqualTo(1);
  }

  @Test
  void assignedFilesAreLoadedAndNoOthers() throws InterruptedException {
    world.commit(world.submitted(1));
    world.exportCompleted(2, 3, 1);
    RunningTask started =
        start(
            new TableWork.LoadFiles(
                TABLE,
                new ExportFiles(
                    EXPORT,
                    FakeDynamoDb.EXPORT_TIME.toEpochMilli(),
                    FakeS3.BUCKET,
                    OrdersWorld.MANIFEST_FILES),
                IndexRanges.of(List.of(0, 2))));
    List<SourceRecord> records = poll(started, 5);

    assertThat(records)
        .filteredOn(record -> record.topic().equals(TABLE))
        .extracting(SourceRecord::key)
        .containsExactlyInAnyOrder(
            "{\"PK\":\"p\",\"SK\":0}", "{\"PK\":\"p\",\"SK\":1}", "{\"PK\":\"p\",\"SK\":5}");
    assertThat(records)
        .filteredOn(record -> !record.topic().equals(TABLE))
        .extracting(OrdersTask::type)
        .containsExactly("DATA_FILE_LOADED", "DATA_FILE_LOADED");
  }

  @Test
  void filesOfAllTablesTogetherAreNoMoreThanAllowed() throws InterruptedException {
    world.set("export.file.concurrency", "2").commit(world.submitted(1));
    int[] oneItemEach = new int[12];
    Arrays.fill(oneItemEach, 1);
    world.exportCompleted(oneItemEach);
    AtomicInteger open = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    world.s3.onRead(
        () -> {
          most.accumulateAndGet(open.incrementAndGet(), Math::max);
          pauseBriefly();
          open.decrementAndGet();
        });
    RunningTask started = start(loadFiles(0, 1, 2, 3), loadFiles(4, 5, 6, 7), loadFiles(8, 9, 10));

    assertThat(poll(started, 22)).hasSize(22);
    assertThat(most.get()).isEqualTo(2);
  }

  @Test
  void anotherFileIsLoadedWhileTheFirstKeepsConnectWaiting() throws InterruptedException {
    world.commit(world.submitted(1));
    world.exportCompleted(1, 1, 1);
    CountDownLatch two = new CountDownLatch(2);
    List<Long> left = new CopyOnWriteArrayList<>();
    world.s3.onRead(
        () -> {
          if (world.s3.requests().stream().anyMatch(each -> each.key().startsWith("data/"))) {
            left.add(two.getCount());
            two.countDown();
            Latches.await(two);
          }
        });
    assertThat(poll(start(loadFiles(0, 1, 2)), 6)).hasSize(6);
    assertThat(left).as("which were still to come, at each read").startsWith(2L, 1L);
  }

  @Test
  void tablesTakeTurnsWithTheirFiles() throws InterruptedException {
    world.set("export.file.concurrency", "1").commit(world.submitted(1));
    world.exportCompleted(1, 1, 1, 1);
    poll(start(loadFiles(0, 1), loadFiles(2, 3)), 8);

    assertThat(world.s3.requests())
        .extracting(GetObjectRequest::key)
        .filteredOn(key -> key.startsWith("data/"))
        .containsExactly("data/0.json.gz", "data/2.json.gz", "data/1.json.gz", "data/3.json.gz");
  }

  private static TableWork loadFiles(Integer... indexes) {
    return new TableWork.LoadFiles(
        TABLE,
        new ExportFiles(
            EXPORT,
            FakeDynamoDb.EXPORT_TIME.toEpochMilli(),
            FakeS3.BUCKET,
            OrdersWorld.MANIFEST_FILES),
        IndexRanges.of(List.of(indexes)));
  }

  private static void pauseBriefly() {
    try {
      new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void assignedShardsAreRead() throws InterruptedException {
    String shard = world.stream.addShard("shard-1", null);
    String keys = "{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"1\"}}";
    world.stream.append(shard, ScriptedChange.insert(keys, keys));
    world.commit(world.followed());

    assertThat(poll(start(readShards(TABLE)), 2))
        .extracting(SourceRecord::topic)
        .containsExactly("orders-source-status", TABLE);
  }

  @Test
  void aCompletedTableIsAnnouncedIfThatIsDue() throws InterruptedException {
    world.commit(world.submitted(1));
    List<SourceRecord> records = poll(start(new TableWork.Complete(TABLE, true)), 1);

    assertThat(records).extracting(OrdersTask::type).containsExactly("EXPORT_LOADED");
    assertThat(records).extracting(OrdersTask::tableOffset).containsExactly(world.loaded());
  }

  @Test
  void aCompletedTableAloneStartsNoWork() {
    world.commit(world.submitted(1));
    start(new TableWork.Complete(TABLE, false));

    assertThat(threads()).as("what watches for acknowledgments").hasSize(1);
    assertThat(world.offsets.reads()).isEmpty();
  }

  @Test
  void whatATaskWasGivenIsCommittedOnce() throws InterruptedException {
    world.commit(world.submitted(1));
    TaskAssignment assignment = new TaskAssignment(List.of(new TableWork.Complete(TABLE, false)));
    PlannedTask planned = new PlannedTask(0, "0a1b", 1, assignment.toConfig());
    List<SourceRecord> records = poll(start(assignment, planned), 1);
    assertThat(records).extracting(OrdersTask::type).containsExactly("TASK_ASSIGNED");
    requireNonNull(task).settled(records.get(0), true);
    assertThat(shown.values())
        .allSatisfy(metrics -> assertThat(metrics.value(Gauge.UNACKNOWLEDGED_RECORDS)).isZero());
    world.offsets.commit(records.get(0).sourcePartition(), records.get(0).sourceOffset());
    close();

    assertThat(requireNonNull(start(assignment, planned)).poll()).isNull();
  }

  @Test
  void allWorkOfAnAssignmentIsStarted() throws InterruptedException {
    world.set("tables", "orders,orders-2");
    world.commit(world.submitted(1));
    RunningTask started =
        start(new TableWork.Complete(TABLE, true), new TableWork.Prepare("orders-2", 1));

    assertThat(poll(started, 3))
        .extracting(OrdersTask::type)
        .containsExactlyInAnyOrder("EXPORT_LOADED", "TABLE_REGISTERED", "EXPORT_SUBMITTED");
    assertThat(shown.keySet())
        .containsExactlyInAnyOrder(
            MetricTags.ofTask("orders-source", "0", TABLE),
            MetricTags.ofTask("orders-source", "0", "orders-2"));
  }

  @Test
  void workWhoseOffsetIsGoneFailsTheTaskByName() {
    RunningTask started = start(readShards(TABLE));

    assertThatThrownBy(() -> poll(started, 1))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Table orders has no offset although its work was planned");
  }

  @Test
  void anUnexpectedFailureFailsTheTaskNamingItsWork() {
    world.commit(world.submitted(1));
    RunningTask started =
        start(
            new TableWork.LoadFiles(
                TABLE,
                new ExportFiles("no arn", 1, FakeS3.BUCKET, OrdersWorld.MANIFEST_FILES),
                IndexRanges.of(List.of(0))));

    assertThatThrownBy(() -> poll(started, 1))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Loading table orders failed");
  }

  @Test
  void aTaskWhoseStartFailsLeavesNothingBehind() {
    assertThatThrownBy(() -> start(new TableWork.Complete(TABLE, true), readShards("unknown")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown");

    close();
  }

  @Test
  void aTaskConfigWithoutAnAssignmentIsRefused() {
    world.set("aws.region", "eu-central-1");

    assertThatThrownBy(
            () -> RunningTask.start("1.2.3", world.props(), world.offsets, MetricsSink.NONE))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(TaskAssignment.CONFIG_KEY);
    world.aws.close();
  }

  @Test
  void anUnusableTaskConfigIsRefused() {
    assertThatThrownBy(() -> RunningTask.start("1.2.3", Map.of(), world.offsets, MetricsSink.NONE))
        .isInstanceOf(ConfigException.class);
    world.aws.close();
  }

  @Test
  void recordsCountFromTheirPollUntilTheyAreSettled() throws InterruptedException {
    RunningTask started = start(new TableWork.Prepare(TABLE, 1));
    List<SourceRecord> records = poll(started, 2);
    TableMetrics metrics = shown.get(MetricTags.ofTask("orders-source", "0", TABLE));
    assertThat(metrics.value(Gauge.UNACKNOWLEDGED_RECORDS)).isEqualTo(2);
    started.settled(records.get(0), true);
    assertThat(metrics.value(Gauge.UNACKNOWLEDGED_RECORDS)).isEqualTo(1);
    started.settled(records.get(1), true);

    assertThat(metrics.value(Gauge.UNACKNOWLEDGED_RECORDS)).isZero();
  }

  @Test
  void aDeliveryHearsWhatBecameOfItsRecord() {
    RunningTask started = start(new TableWork.Complete(TABLE, false));
    List<String> heard = new ArrayList<>();
    started.settled(record(heard), true);
    started.settled(record(heard), false);

    assertThat(heard).containsExactly("acknowledged", "dropped");
  }

  @Test
  void aRecordOfAnotherConnectorIsLeftAlone() {
    RunningTask started = start(new TableWork.Complete(TABLE, false));
    started.settled(
        new SourceRecord(
            OrdersWorld.PARTITION.toConnect(), null, TABLE, null, null, null, null, null),
        true);

    assertThat(
            shown
                .get(MetricTags.ofTask("orders-source", "0", TABLE))
                .value(Gauge.UNACKNOWLEDGED_RECORDS))
        .isZero();
  }

  @Test
  void queueIsShownUntilItsRecordsAreTaken() throws InterruptedException {
    world.set("max.queue.bytes", "2000000");
    RunningTask started = start(new TableWork.Prepare(TABLE, 1));
    TableMetrics metrics = shown.get(MetricTags.ofTask("orders-source", "0", TABLE));
    assertThat(metrics.value(Gauge.QUEUE_BYTES_MAX)).isEqualTo(2_000_000);
    Eventually.within(Duration.ofSeconds(20), "two records in the queue")
        .every(Duration.ofMillis(1))
        .until(() -> metrics.value(Gauge.QUEUE_BYTES) > 1_900);
    poll(started, 2);
    assertThat(metrics.value(Gauge.QUEUE_BYTES)).isZero();
  }

  /** With exactly-once the thread that polls tells of a transaction's records when it is over. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void moreIsReadAheadWhereEachPollIsATransaction(boolean exactlyOnce) throws Exception {
    RunningTask started = start(new TableWork.Prepare(TABLE, 1));
    TableMetrics metrics = shown.get(MetricTags.ofTask("orders-source", "0", TABLE));
    List<SourceRecord> records = poll(started, 2);
    if (exactlyOnce) {
      records.forEach(record -> started.settled(record, true));
    } else {
      Thread producer = new Thread(() -> records.forEach(record -> started.settled(record, true)));
      producer.start();
      producer.join();
      started.settled(records.get(0), true);
    }
    assertThat(metrics.value(Gauge.QUEUE_BYTES_MAX)).isEqualTo(exactlyOnce ? 8 << 20 : 1 << 20);
  }

  @Test
  void everyThreadOfATaskLogsAsTheTask() throws InterruptedException {
    world.set("acknowledgments", "true").commit(world.submitted(1));
    world.exportCompleted(1, 1);
    CountDownLatch looked = new CountDownLatch(1);
    world.s3.onRead(() -> awaitQuietly(looked));
    TaskAssignment assignment =
        new TaskAssignment(
            List.of(new TableWork.Prepare("orders-2", 1), loadFiles(0, 1), readShards("orders-3")));
    world.set("tables", "orders,orders-2,orders-3");
    Set<Thread> others = LogContextProbe.threads();
    LogContextProbe.as("[orders-source|task-0] ", () -> start(assignment, null));
    Set<String> names = new TreeSet<>();
    Eventually.within(Duration.ofSeconds(20), "the mark of every thread")
        .every(Duration.ofMillis(1))
        .until(
            () -> {
              threads().forEach(name -> names.add(name.replaceFirst("-\\d+$", "")));
              return LogContextProbe.unmarkedThreads(others, "[orders-source|task-0] ");
            },
            unmarked ->
                unmarked.isEmpty()
                    && names.containsAll(
                        List.of(
                            "orders-source-task-0-acknowledgments",
                            "orders-source-task-0-file",
                            "orders-source-task-0-stream")));
    looked.countDown();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static TableWork readShards(String table) {
    return new TableWork.ReadShards(
        table,
        new OrdersWorld().stream.arn(),
        List.of(new AssignedShard("shard-1", null, null)),
        List.of(),
        false,
        null,
        null);
  }

  /** A status record that a transform may drop. */
  private static SourceRecord record(List<String> heard) {
    return new TrackedRecord(
        OrdersWorld.PARTITION.toConnect(),
        null,
        "status",
        Payload.of("key"),
        Payload.of("value"),
        0,
        null,
        new DeliveryCallback() {
          @Override
          public void acknowledged() {
            heard.add("acknowledged");
          }

          @Override
          public void dropped() {
            heard.add("dropped");
          }
        },
        false);
  }

  private RunningTask start(TableWork... work) {
    return start(new TaskAssignment(List.of(work)), null);
  }

  private RunningTask start(TaskAssignment assignment, @Nullable PlannedTask planned) {
    RunningTask started =
        RunningTask.start(
            "1.2.3",
            world.connector(),
            assignment,
            planned,
            OrdersTask.tables(
                world,
                assignment,
                (tags, metrics) -> {
                  shown.put(tags, metrics);
                  return () -> shown.remove(tags);
                }),
            OrdersTask.resources(world));
    task = started;
    return started;
  }

  private static List<SourceRecord> poll(RunningTask task, int count) throws InterruptedException {
    List<SourceRecord> records = new ArrayList<>();
    for (int polls = 0; records.size() < count && polls < 40; polls++) {
      List<SourceRecord> polled = task.poll();
      if (polled != null) {
        polled.stream()
            .filter(r -> !OrdersTask.type(r).equals("TASK_COUNTS"))
            .forEach(records::add);
      }
    }
    return records;
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("orders-source-task"))
        .toList();
  }
}
