package io.github.dynamokc.task;

import static io.github.dynamokc.testing.OrdersWorld.EXPORT;
import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.offset.CountsOffset;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.SourceOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.testing.OrdersWorld;
import io.github.dynamokc.testing.RecordForms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When what a task counts is committed, and that nothing of it is committed out of order. */
class KeptCountsTest {
  private static final SourcePartition FILE =
      new SourcePartition.OfFile(TABLE, EXPORT, "data/0.json.gz");
  private static final SourcePartition COUNTS = new SourcePartition.OfCounts(TABLE, "0");

  private final OrdersWorld world = new OrdersWorld();
  private final RecordQueue queue = new RecordQueue(Long.MAX_VALUE);
  private final StatusRecords status =
      new StatusRecords("status", RecordForms.status(), world.clock, queue::fail);
  private final List<TaskTables> opened = new ArrayList<>();
  private TaskTables tables = tables();
  private KeptCounts kept = new KeptCounts(tables, queue, status, world.clock);

  @AfterEach
  void close() {
    opened.forEach(TaskTables::close);
  }

  @Test
  void kindsOfCountsAreThoseThatOffsetsMayHave() {
    assertThat(Counter.kept())
        .extracting(Counter::attribute)
        .containsExactlyInAnyOrderElementsOf(CountsOffset.NAMES);
  }

  @Test
  void errorIsCommittedInTheBatchThatHasIt() throws InterruptedException {
    count(Counter.BYTES_RECEIVED, 100);
    kept.put(List.of(progress()));
    assertThat(taken()).hasSize(1);
    count(Counter.EXPORT_RECORD_PROCESSING_ERRORS, 1);
    kept.put(List.of(progress()));

    List<SourceRecord> taken = taken();
    assertThat(taken).hasSize(2);
    assertThat(counts(taken.get(1)))
        .isEqualTo(Map.of("bytesReceived", 100L, "exportRecordProcessingErrors", 1L));
    kept.put(List.of(progress()));
    assertThat(taken()).as("no error more").hasSize(1);
    count(Counter.CHANGE_EVENTS_PROCESSING_ERRORS, 2);
    kept.put(List.of(progress()));
    assertThat(counts(taken().get(1))).containsEntry("changeEventsProcessingErrors", 2L);
  }

  @Test
  void errorAfterTheLastBatchIsCommittedWithoutOne() throws InterruptedException {
    kept.put(List.of(progress()));
    taken();
    kept.polled(0);
    assertThat(taken()).as("no error").isEmpty();
    count(Counter.EXPORT_RECORD_PROCESSING_ERRORS, 1);
    kept.polled(1);
    assertThat(taken()).as("a batch may come").isEmpty();
    kept.polled(0);
    kept.polled(0);

    List<SourceRecord> taken = taken();
    assertThat(taken).hasSize(1);
    assertThat(counts(taken.get(0))).isEqualTo(Map.of("exportRecordProcessingErrors", 1L));
  }

  @Test
  void endOfADataFileCommitsWhatItTook() throws InterruptedException {
    count(Counter.BYTES_PROCESSED, 7);
    kept.put(
        List.of(
            progress(), status.record(StatusType.DATA_FILE_LOADED, FILE, new FileOffset(5, true))));

    List<SourceRecord> taken = taken();
    assertThat(taken).hasSize(3);
    assertThat(counts(taken.get(2))).isEqualTo(Map.of("bytesProcessed", 7L));
  }

  @Test
  void otherCountsAreCommittedEveryFewMinutesAndOnlyIfThereAreNew() throws InterruptedException {
    List<Long> committed = new ArrayList<>();
    for (int minute = 1; minute <= 20; minute++) {
      world.clock.advance(Duration.ofMinutes(1));
      if (minute <= 12) {
        count(Counter.CHANGE_EVENTS_PROCESSED, 1);
      }
      kept.put(List.of(progress()));
      taken().stream()
          .filter(KeptCountsTest::hasCounts)
          .forEach(record -> committed.add(counts(record).get("changeEventsProcessed")));
    }
    assertThat(committed).containsExactly(5L, 10L, 12L);
  }

  @Test
  void nextRunOfATaskCountsOnWhereverItRuns() throws InterruptedException {
    count(Counter.CHANGE_EVENTS_PROCESSING_ERRORS, 2);
    kept.put(List.of(progress()));
    commit(taken());
    restart();
    count(Counter.CHANGE_EVENTS_PROCESSING_ERRORS, 1);
    kept.put(List.of(progress()));
    commit(taken());

    assertThat(world.offsets.get(COUNTS))
        .isEqualTo(CountsOffset.of(Map.of("changeEventsProcessingErrors", 3L)));
    restart();
    kept.put(List.of(status.record(StatusType.DATA_FILE_LOADED, FILE, new FileOffset(5, true))));
    assertThat(taken()).as("nothing new was counted").hasSize(1);
  }

  @Test
  void countsThatAreNotUnderstoodDoNotStopTheTask() throws InterruptedException {
    world.offsets.commit(COUNTS.toConnect(), Map.of("ofALaterVersion", 5L));
    restart();
    count(Counter.CHANGE_EVENTS_PROCESSING_ERRORS, 1);
    kept.put(List.of(progress()));

    assertThat(counts(taken().get(1))).isEqualTo(Map.of("changeEventsProcessingErrors", 1L));
  }

  @Test
  void batchOfNoTableOfTheTaskIsLeftAsItIs() throws InterruptedException {
    count(Counter.CHANGE_EVENTS_PROCESSING_ERRORS, 1);
    kept.put(
        List.of(status.record(StatusType.TASK_REMOVED, SourcePartition.OfAssignment.of(3), null)));
    kept.put(List.of());

    assertThat(taken()).hasSize(1);
  }

  @Test
  void countsOfManyThreadsNeverGoBack() throws InterruptedException {
    int threads = 8;
    int each = 200;
    List<Thread> loaders = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      loaders.add(new Thread(() -> countAndPut(each)));
    }
    loaders.forEach(Thread::start);
    for (Thread loader : loaders) {
      loader.join();
    }
    List<Long> committed =
        taken().stream()
            .filter(KeptCountsTest::hasCounts)
            .map(record -> requireNonNull(counts(record).get("exportRecordProcessingErrors")))
            .collect(Collectors.toList());

    assertThat(committed).isSorted().doesNotHaveDuplicates().endsWith((long) threads * each);
    assertThat(LongStream.of(committed.get(0))).allMatch(first -> first >= 1);
  }

  private void countAndPut(int times) {
    try {
      for (int i = 0; i < times; i++) {
        count(Counter.EXPORT_RECORD_PROCESSING_ERRORS, 1);
        kept.put(List.of(progress()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void restart() {
    tables = tables();
    kept = new KeptCounts(tables, queue, status, world.clock);
  }

  private TaskTables tables() {
    TaskTables made =
        OrdersTask.tables(
            world, new TaskAssignment(List.of(new TableWork.Prepare(TABLE, 1))), MetricsSink.NONE);
    opened.add(made);
    return made;
  }

  private void count(Counter counter, long count) {
    tables.metrics(TABLE).add(counter, count);
  }

  private TrackedRecord progress() {
    return status.record(StatusType.SNAPSHOT_PROGRESS, FILE, new FileOffset(1, false));
  }

  private List<SourceRecord> taken() throws InterruptedException {
    return queue.poll(Integer.MAX_VALUE, Duration.ZERO);
  }

  private void commit(List<SourceRecord> records) {
    records.forEach(r -> world.offsets.commit(r.sourcePartition(), r.sourceOffset()));
  }

  private static boolean hasCounts(SourceRecord record) {
    return record.sourcePartition().equals(COUNTS.toConnect());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Long> counts(SourceRecord record) {
    assertThat(hasCounts(record)).isTrue();
    assertThat(OrdersTask.type(record)).isEqualTo("TASK_COUNTS");
    SourceOffset offset =
        SourceOffset.fromConnect(COUNTS, (Map<String, Object>) record.sourceOffset());
    return ((CountsOffset) offset).counts();
  }
}
