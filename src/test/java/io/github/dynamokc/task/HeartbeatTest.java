package io.github.dynamokc.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.plan.PlannedTask;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.testing.ManualClock;
import io.github.dynamokc.testing.RecordForms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private static final Duration INTERVAL = Duration.ofHours(1);
  private static final GivenAssignment GIVEN =
      GivenAssignment.of(new PlannedTask(3, "plan-1", 4, "assigned"));

  private final ManualClock clock = new ManualClock(Instant.EPOCH);

  /** No room at all: who writes a heartbeat is the one who makes room. */
  private final RecordQueue queue = new RecordQueue(0);

  private Heartbeat heartbeat(Duration interval, @Nullable GivenAssignment given) {
    StatusRecords status = new StatusRecords("status", RecordForms.status(), clock, cause -> {});
    return new Heartbeat(interval, clock::nanoTime, given, status, queue);
  }

  private List<SourceRecord> queued() throws InterruptedException {
    return queue.poll(10, Duration.ZERO);
  }

  @Test
  void aTaskAtRestWritesOneRecordAnInterval() throws InterruptedException {
    Heartbeat heartbeat = heartbeat(INTERVAL, GIVEN);
    clock.advance(INTERVAL.minusNanos(1));
    heartbeat.polled();
    assertThat(queued()).isEmpty();
    clock.advance(Duration.ofNanos(1));
    heartbeat.polled();
    heartbeat.polled();
    List<SourceRecord> records = queued();
    assertThat(records).hasSize(1);
    assertThat(records.get(0).sourcePartition()).isEqualTo(GIVEN.partition().toConnect());
    assertThat(records.get(0).sourceOffset())
        .as("says nothing new")
        .isEqualTo(GIVEN.offset().toConnect());
    assertThat(records.get(0).value().toString()).contains("HEARTBEAT").doesNotContain("assigned");
    heartbeat.acknowledged();
    clock.advance(INTERVAL);
    heartbeat.polled();
    assertThat(queued()).hasSize(1);
  }

  @Test
  void aTaskWhoseRecordsAreAcknowledgedNeedsNone() throws InterruptedException {
    Heartbeat heartbeat = heartbeat(INTERVAL, GIVEN);
    for (int i = 0; i < 10; i++) {
      clock.advance(INTERVAL.minusSeconds(1));
      heartbeat.acknowledged();
      heartbeat.polled();
    }
    assertThat(queued()).isEmpty();
  }

  /** A transform that drops all records keeps a producer at rest, however many there are. */
  @Test
  void recordsThatAreNotAcknowledgedDoNotCount() throws InterruptedException {
    Heartbeat heartbeat = heartbeat(INTERVAL, GIVEN);
    for (int minute = 0; minute < 150; minute++) {
      clock.advance(Duration.ofMinutes(1));
      heartbeat.polled();
    }
    assertThat(queued()).hasSize(2);
  }

  @Test
  void thereIsNoneIfTheIntervalIsZeroOrNoOffsetIsKnown() throws InterruptedException {
    Heartbeat off = heartbeat(Duration.ZERO, GIVEN);
    Heartbeat unplanned = heartbeat(INTERVAL, null);
    clock.advance(Duration.ofDays(30));
    off.polled();
    unplanned.polled();
    assertThat(queued()).isEmpty();
  }
}
