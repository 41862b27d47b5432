package io.github.dynamokc.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.event.Operation;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TestRecords;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.ManualClock;
import io.github.dynamokc.testing.RecordForms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is stuck is known by its source and its age, whatever order Kafka acknowledges in. */
@Timeout(30)
class InFlightRecordsTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration LONG = Duration.ofHours(1);
  private static final String TOPIC = "orders-topic";

  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final InFlightRecords records = new InFlightRecords(clock::nanoTime);

  private static TrackedRecord ofFile() {
    return TestRecords.item(
        TestRecords.table(), "{\"PK\":{\"S\":\"a\"},\"SK\":{\"S\":\"b\"},\"v\":{\"N\":\"1\"}}");
  }

  private static TrackedRecord ofShard() {
    String keys = "{\"PK\":{\"S\":\"a\"},\"SK\":{\"S\":\"b\"}}";
    return TestRecords.change(
        TestRecords.table(), TestRecords.change(Operation.INSERT, keys, keys, null, null));
  }

  private InFlightRecords.Stuck stuck() {
    return records.stuck(source -> LIMIT, false);
  }

  @Test
  void noRecordIsStuckBeforeItsTime() {
    records.add(List.of(ofFile()));
    clock.advance(LIMIT.minusNanos(1));
    assertThat(stuck()).isNull();
    clock.advance(Duration.ofNanos(1));
    assertThat(stuck()).isEqualTo(new InFlightRecords.Stuck(TestRecords.FILE, TOPIC, 1, LIMIT));
  }

  @Test
  void allRecordsAreCountedAndTheOldestGivesTheAge() {
    records.add(List.of(ofShard(), ofShard(), ofFile()));
    clock.advance(Duration.ofMinutes(4));
    records.add(List.of(ofShard()));
    clock.advance(Duration.ofMinutes(2));
    assertThat(records.stuck(source -> isShard(source) ? LIMIT : LONG, false))
        .isEqualTo(new InFlightRecords.Stuck(TestRecords.SHARD, TOPIC, 3, Duration.ofMinutes(6)));
  }

  @Test
  void eachSourceHasALimitOfItsOwn() {
    records.add(List.of(ofShard(), ofFile()));
    clock.advance(LIMIT);
    assertThat(records.stuck(source -> isShard(source) ? LONG : LIMIT, false))
        .isEqualTo(new InFlightRecords.Stuck(TestRecords.FILE, TOPIC, 1, LIMIT));
  }

  @Test
  void aRecordIsStuckThoughLaterOnesAreInKafka() {
    TrackedRecord first = ofShard();
    records.add(List.of(first, ofShard()));
    TrackedRecord later = ofShard();
    clock.advance(LIMIT.minusSeconds(1));
    records.add(List.of(later));
    records.settled(first);
    records.settled(later);
    clock.advance(Duration.ofSeconds(1));
    assertThat(stuck()).isEqualTo(new InFlightRecords.Stuck(TestRecords.SHARD, TOPIC, 1, LIMIT));
  }

  @Test
  void settledRecordsAreNeverStuckAndLeaveRoom() throws InterruptedException {
    List<TrackedRecord> batch = List.of(ofShard(), ofFile(), ofShard());
    long bytes = batch.stream().mapToLong(TrackedRecord::bytes).sum();
    records.add(batch);
    assertThat(records.awaitRoom(bytes + 10, LONG, Duration.ZERO)).isEqualTo(10);
    assertThat(records.awaitRoom(bytes, LONG, Duration.ZERO)).isZero();
    batch.forEach(records::settled);
    batch.forEach(records::settled);
    assertThat(records.awaitRoom(bytes, LONG, Duration.ZERO))
        .as("room, after each was told of twice")
        .isEqualTo(bytes);
    clock.advance(LONG);
    assertThat(stuck()).isNull();
    records.add(List.of(ofFile()));
    assertThat(stuck()).isNull();
  }

  @Test
  void thereIsNoRoomBehindARecordThatIsTooOld() throws InterruptedException {
    TrackedRecord first = ofShard();
    records.add(List.of(first));
    clock.advance(Duration.ofSeconds(1));
    TrackedRecord second = ofShard();
    records.add(List.of(second));
    assertThat(records.awaitRoom(Long.MAX_VALUE, Duration.ofMillis(1001), Duration.ZERO))
        .isPositive();
    assertThat(records.awaitRoom(Long.MAX_VALUE, Duration.ofSeconds(1), Duration.ZERO)).isZero();
    records.settled(first);
    assertThat(records.awaitRoom(Long.MAX_VALUE, Duration.ofSeconds(1), Duration.ZERO))
        .isPositive();
  }

  @Test
  void aWaitForRoomEndsAsSoonAsThereIsSome() throws Exception {
    TrackedRecord record = ofFile();
    records.add(List.of(record));
    CompletableFuture<Long> room = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                room.complete(records.awaitRoom(1, LONG, LONG));
              } catch (InterruptedException e) {
                room.completeExceptionally(e);
              }
            });
    waiting.setDaemon(true);
    waiting.start();
    Eventually.within(Duration.ofSeconds(20), "a wait for room")
        .every(Duration.ZERO)
        .until(waiting::getState, state -> state == Thread.State.TIMED_WAITING);
    assertThat(room).isNotDone();
    records.settled(record);
    assertThat(room.get(20, TimeUnit.SECONDS)).isEqualTo(1);
  }

  private static boolean isShard(SourcePartition source) {
    return source instanceof SourcePartition.OfShard;
  }

  @Test
  void theTopicIsNamedThatHoldsUpTheOthers() {
    TrackedRecord first = ofShard();
    TrackedRecord status =
        new StatusRecords("status", RecordForms.status(), clock, cause -> {})
            .record(StatusType.SHARD_PROGRESS, TestRecords.SHARD, TestRecords.BEFORE);
    records.add(List.of(first, status, ofShard()));
    records.settled(first);
    clock.advance(LIMIT);
    assertThat(stuck()).isEqualTo(new InFlightRecords.Stuck(TestRecords.SHARD, "status", 2, LIMIT));
  }

  @Test
  void aSlowHandOverMayTakeAsLongAsItGetsOn() {
    List<TrackedRecord> slow = List.of(ofShard(), ofShard(), ofShard(), ofFile());
    records.add(slow);
    records.add(List.of(ofFile()));
    for (TrackedRecord record : slow.subList(0, 3)) {
      clock.advance(LIMIT.minusSeconds(1));
      assertThat(records.stuck(source -> LIMIT, true)).as("the first hand-over").isNull();
      records.settled(record);
      records.add(List.of());
    }
    clock.advance(LIMIT);
    assertThat(records.stuck(source -> LIMIT, true))
        .isEqualTo(new InFlightRecords.Stuck(TestRecords.FILE, TOPIC, 2, LIMIT));
  }
}
