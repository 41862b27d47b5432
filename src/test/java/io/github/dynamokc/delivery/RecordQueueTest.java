package io.github.dynamokc.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.event.Operation;
import io.github.dynamokc.record.TestRecords;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.RecordForms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Order is kept, memory is bounded, nothing is dropped, and whoever waits is woken in time. */
@Timeout(30)
class RecordQueueTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Set<Thread.State> WAITS =
      Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

  /** Work on a thread of its own. */
  private static final class Waiting {
    private final CompletableFuture<List<SourceRecord>> result = new CompletableFuture<>();
    private final Thread thread;

    private Waiting(Work work) {
      thread =
          new Thread(
              () -> {
                try {
                  result.complete(work.run());
                } catch (InterruptedException | RuntimeException e) {
                  result.completeExceptionally(e);
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    /** Returns when the thread waits for something. */
    private Waiting untilItWaits() {
      Eventually.within(Duration.ofSeconds(20), "a thread that waits")
          .every(Duration.ZERO)
          .until(thread::getState, WAITS::contains);
      assertThat(result).isNotDone();
      return this;
    }

    private List<SourceRecord> result() throws Exception {
      return result.get(20, TimeUnit.SECONDS);
    }
  }

  private interface Work {
    List<SourceRecord> run() throws InterruptedException;
  }

  private static TrackedRecord record(int number) {
    return TestRecords.item(
        TestRecords.table(), "{\"PK\":{\"N\":\"" + number + "\"},\"SK\":{\"S\":\"s\"}}");
  }

  private static List<TrackedRecord> records(int from, int to) {
    List<TrackedRecord> records = new ArrayList<>();
    for (int number = from; number < to; number++) {
      records.add(record(number));
    }
    return records;
  }

  private static Waiting putting(RecordQueue queue, List<TrackedRecord> batch) {
    return new Waiting(
        () -> {
          queue.put(batch);
          return List.of();
        });
  }

  @Test
  void recordsComeOutInTheOrderInWhichTheyWentIn() throws Exception {
    RecordQueue queue = new RecordQueue(Long.MAX_VALUE);
    List<TrackedRecord> records = records(0, 10);
    queue.put(records.subList(0, 3));
    queue.put(List.of());
    queue.put(records.subList(3, 10));
    List<SourceRecord> polled = new ArrayList<>();
    polled.addAll(queue.poll(4, Duration.ZERO));
    assertThat(polled).hasSize(4);
    polled.addAll(queue.poll(100, Duration.ZERO));
    assertThat(polled).containsExactlyElementsOf(records);
    assertThat(queue.poll(1, Duration.ZERO)).isEmpty();
  }

  @Test
  void theRecordsOfOneChangeAreTakenAtOnce() throws Exception {
    List<TrackedRecord> pair =
        TestRecords.changes(
            RecordForms.table(
                "orders", "orders", "PK", null, "delete.mode", "document_and_tombstone"),
            TestRecords.change(Operation.REMOVE, "{\"PK\":{\"S\":\"a\"}}", null, null, null));
    RecordQueue queue = new RecordQueue(Long.MAX_VALUE);
    queue.put(List.of(record(1), pair.get(0), pair.get(1), record(2)));
    assertThat(queue.poll(2, Duration.ZERO)).hasSize(3).endsWith(pair.get(0), pair.get(1));
    assertThat(queue.poll(2, Duration.ZERO)).hasSize(1);
    queue.put(pair);
    assertThat(queue.poll(100, 1, Duration.ZERO)).hasSize(2);
  }

  @Test
  void aBatchIsTakenWholeWhileThereIsAnyRoomAndTheNextWaits() throws Exception {
    TrackedRecord small = record(1);
    RecordQueue queue = new RecordQueue(small.bytes() + 100);
    queue.put(List.of(small));
    List<TrackedRecord> large = records(2, 50);
    queue.put(large);
    Waiting blocked = putting(queue, records(50, 51)).untilItWaits();
    assertThat(queue.poll(48, Duration.ZERO)).hasSize(48);
    blocked.result();
    assertThat(queue.poll(100, Duration.ZERO)).hasSize(2);
  }

  @Test
  void thereIsNoRoomAtExactlyTheLimit() throws Exception {
    TrackedRecord first = record(1);
    RecordQueue queue = new RecordQueue(first.bytes());
    queue.put(List.of(first));
    Waiting blocked = putting(queue, records(2, 3)).untilItWaits();
    assertThat(queue.poll(10, Duration.ZERO)).containsExactly(first);
    blocked.result();
    assertThat(queue.poll(10, Duration.ZERO)).hasSize(1);
  }

  @Test
  void onePollLetsEveryProducerGoOnThatHasRoom() throws Exception {
    TrackedRecord first = record(1);
    RecordQueue queue = new RecordQueue(first.bytes());
    queue.put(List.of(first));
    List<Waiting> blocked = new ArrayList<>();
    for (int i = 2; i < 6; i++) {
      blocked.add(putting(queue, records(i, i + 1)).untilItWaits());
    }
    List<SourceRecord> polled = new ArrayList<>();
    while (polled.size() < 5) {
      polled.addAll(queue.poll(1, LONG));
    }
    for (Waiting each : blocked) {
      each.result();
    }
    assertThat(polled).doesNotHaveDuplicates();
  }

  @Test
  void aQueueThatHoldsMoreLetsInWhoWaits() throws Exception {
    TrackedRecord first = record(1);
    RecordQueue queue = new RecordQueue(first.bytes());
    queue.put(List.of(first));
    Waiting blocked = putting(queue, records(2, 3)).untilItWaits();
    queue.hold(first.bytes() - 1);
    blocked.untilItWaits();
    queue.hold(2 * first.bytes());
    blocked.result();
    assertThat(queue.maxBytes()).isEqualTo(2 * first.bytes());
    assertThat(queue.poll(10, Duration.ZERO)).hasSize(2);
  }

  @Test
  void waitsOfBothSidesAreCounted() throws Exception {
    TrackedRecord first = record(1);
    RecordQueue queue = new RecordQueue(first.bytes());
    queue.put(List.of(first));
    assertThat(queue.use()).isEqualTo(new RecordQueue.Use(0, 0, 0));
    Waiting blocked = putting(queue, records(2, 3)).untilItWaits();
    queue.poll(10, Duration.ZERO);
    blocked.result();
    RecordQueue.Use use = queue.use();
    assertThat(use.taken()).isEqualTo(1);
    assertThat(use.nanosWithoutRoom()).isPositive();
    assertThat(use.nanosWithoutRecords()).isZero();
    queue.poll(10, Duration.ZERO);
    queue.poll(10, Duration.ofMillis(10));
    assertThat(queue.use().nanosWithoutRecords()).isGreaterThanOrEqualTo(10_000_000);
  }

  @Test
  void aPutWakesAPollThatWaits() throws Exception {
    RecordQueue queue = new RecordQueue(1000);
    Waiting polling = new Waiting(() -> queue.poll(10, LONG)).untilItWaits();
    TrackedRecord record = record(1);
    queue.put(List.of(record));
    assertThat(polling.result()).containsExactly(record);
  }

  @Test
  void anEmptyPutDoesNotEndAPoll() throws Exception {
    RecordQueue queue = new RecordQueue(1000);
    Waiting polling = new Waiting(() -> queue.poll(10, LONG)).untilItWaits();
    queue.put(List.of());
    polling.untilItWaits();
    TrackedRecord record = record(1);
    queue.put(List.of(record));
    assertThat(polling.result()).containsExactly(record);
  }

  @Test
  void aFailureWakesAPollThatWaits() {
    RecordQueue queue = new RecordQueue(1000);
    Waiting polling = new Waiting(() -> queue.poll(10, LONG)).untilItWaits();
    ConnectException failure = new ConnectException("broken");
    queue.fail(failure);
    assertThatThrownBy(polling::result).isInstanceOf(ExecutionException.class).hasCause(failure);
  }

  @Test
  void theFirstFailureReachesEveryPollBeforeAnyRecord() throws Exception {
    RecordQueue queue = new RecordQueue(Long.MAX_VALUE);
    queue.put(records(0, 3));
    ConnectException first = new ConnectException("first");
    queue.fail(first);
    queue.fail(new ConnectException("second"));
    assertThatThrownBy(() -> queue.poll(10, Duration.ZERO)).isSameAs(first);
    assertThatThrownBy(() -> queue.poll(10, LONG)).isSameAs(first);
  }

  @Test
  void anEmptyPollReturnsWhenItsPatienceIsOver() throws Exception {
    RecordQueue queue = new RecordQueue(1000);
    long before = System.nanoTime();
    assertThat(queue.poll(10, Duration.ofMillis(40))).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofMillis(39), Duration.ofSeconds(10));
  }

  @Test
  void waitingEndsWithAnInterrupt() throws Exception {
    RecordQueue queue = new RecordQueue(1);
    Waiting polling = new Waiting(() -> queue.poll(10, LONG)).untilItWaits();
    polling.thread.interrupt();
    assertThatThrownBy(polling::result).hasCauseInstanceOf(InterruptedException.class);
    queue.put(records(0, 1));
    Waiting producing = putting(queue, records(1, 2)).untilItWaits();
    producing.thread.interrupt();
    assertThatThrownBy(producing::result).hasCauseInstanceOf(InterruptedException.class);
    assertThat(queue.poll(10, Duration.ZERO)).hasSize(1);
  }
}
