package io.github.dynamokc.task;

import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.record.StatusRecords;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record now and then for a task of which none gets to Kafka: it has none to write, or a
 * transform drops them. With exactly-once, a broker forgets a producer that is at rest for {@code
 * transactional.id.expiration.ms}, seven days unless it is set, and refuses its next record.
 */
final class Heartbeat {
  private final Duration interval;
  private final LongSupplier nanoTime;
  private final @Nullable GivenAssignment given;
  private final StatusRecords status;
  private final RecordQueue queue;

  /** When the last heartbeat was written, or Kafka acknowledged a record, what was later. */
  private volatile long lastNanos;

  /**
   * @param interval how long no record may be acknowledged; zero for as long as there is none
   * @param nanoTime as {@link System#nanoTime()}
   * @param given whose offset the record carries, as it must not move any other; null for a task of
   *     an earlier version, which writes none
   */
  Heartbeat(
      Duration interval,
      LongSupplier nanoTime,
      @Nullable GivenAssignment given,
      StatusRecords status,
      RecordQueue queue) {
    this.interval = interval;
    this.nanoTime = nanoTime;
    this.given = given;
    this.status = status;
    this.queue = queue;
    this.lastNanos = nanoTime.getAsLong();
  }

  /** Kafka has a record of the task. From any thread. */
  void acknowledged() {
    lastNanos = nanoTime.getAsLong();
  }

  /** After each poll, on the task thread. */
  void polled() {
    long now = nanoTime.getAsLong();
    if (given != null && !interval.isZero() && now - lastNanos >= interval.toNanos()) {
      lastNanos = now;
      queue.putNow(status.heartbeat(given.partition(), given.offset()));
    }
  }
}
