package io.github.dynamokc.task;

import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.record.StatusRecords;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record now and then for a task that has none to write. With exactly-once, a broker
 * forgets a producer that is at rest for {@code transactional.id.expiration.ms}, seven days unless
 * it is set, and refuses its next record. On the task thread.
 */
final class Heartbeat {
  private final Duration interval;
  private final LongSupplier nanoTime;
  private final @Nullable GivenAssignment given;
  private final StatusRecords status;
  private final RecordQueue queue;
  private long lastRecordNanos;

  /**
   * @param interval how long no record may be written; zero for as long as there is none
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
    this.lastRecordNanos = nanoTime.getAsLong();
  }

  /**
   * After each poll.
   *
   * @param records how many it gave
   */
  void polled(int records) {
    long now = nanoTime.getAsLong();
    if (records > 0) {
      lastRecordNanos = now;
    } else if (given != null && !interval.isZero() && now - lastRecordNanos >= interval.toNanos()) {
      lastRecordNanos = now;
      queue.putNow(status.heartbeat(given.partition(), given.offset()));
    }
  }
}
