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
    heartbeat.polled(0);
    assertThat(queued()).isEmpty();
    clock.advance(Duration.ofNanos(1));
    heartbeat.polled(0);
    heartbeat.polled(0);
    List<SourceRecord> records = queued();
    assertThat(records).hasSize(1);
    assertThat(records.get(0).sourcePartition()).isEqualTo(GIVEN.partition().toConnect());
    assertThat(records.get(0).sourceOffset())
        .as("says nothing new")
        .isEqualTo(GIVEN.offset().toConnect());
    assertThat(records.get(0).value().toString()).contains("HEARTBEAT").doesNotContain("assigned");
    heartbeat.polled(1);
    clock.advance(INTERVAL);
    heartbeat.polled(0);
    assertThat(queued()).hasSize(1);
  }

  @Test
  void aTaskThatWritesNeedsNone() throws InterruptedException {
    Heartbeat heartbeat = heartbeat(INTERVAL, GIVEN);
    for (int i = 0; i < 10; i++) {
      clock.advance(INTERVAL.minusSeconds(1));
      heartbeat.polled(i % 2);
      clock.advance(Duration.ofMillis(1));
      heartbeat.polled(1);
    }
    assertThat(queued()).isEmpty();
  }

  @Test
  void thereIsNoneIfTheIntervalIsZeroOrNoOffsetIsKnown() throws InterruptedException {
    Heartbeat off = heartbeat(Duration.ZERO, GIVEN);
    Heartbeat unplanned = heartbeat(INTERVAL, null);
    clock.advance(Duration.ofDays(30));
    off.polled(0);
    unplanned.polled(0);
    assertThat(queued()).isEmpty();
  }
}
