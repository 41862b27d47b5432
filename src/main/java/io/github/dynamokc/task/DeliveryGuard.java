package io.github.dynamokc.task;

import io.github.dynamokc.delivery.InFlightRecords;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.delivery.TrackedRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that runs works towards Kafka: it fails if Kafka takes too long to acknowledge a record,
 * with a message that names what is stuck, for which topic and since when.
 *
 * <p>A task can only fail itself when Connect polls it, and Connect does not poll while its
 * producer has no room, or waits for Kafka or for a topic to be made: it waits for ever ({@code
 * max.block.ms}). So with {@code acknowledgments=true} less is handed over than the producer has
 * room for, and a task thread that does not come back is interrupted, which makes the producer give
 * up. Connect shows that as the cause of the failure; the log says what it was for.
 */
final class DeliveryGuard {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryGuard.class);

  /** A quarter of what a producer holds by default ({@code buffer.memory}). */
  private static final long MAX_UNACKNOWLEDGED_BYTES = 8L * 1024 * 1024;

  /** Acknowledgments come in milliseconds; those that do not may not come for long. */
  private static final Duration MAX_UNACKNOWLEDGED_AGE = Duration.ofSeconds(1);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** Several polls long: a task that is polled fails by itself, and says more. */
  private static final Duration UNTIL_INTERRUPT = Duration.ofSeconds(5);

  private static final String PRODUCER = "org.apache.kafka.clients.producer.";

  private final DeliveryLimits limits;
  private final InFlightRecords unacknowledged;
  private final RecordQueue queue;
  private final InstantSource clock;

  /** The task thread while it is in Connect's code. Guarded by this. */
  private @Nullable Thread away;

  /** Guarded by this. */
  private boolean failed;

  DeliveryGuard(
      DeliveryLimits limits,
      InFlightRecords unacknowledged,
      RecordQueue queue,
      InstantSource clock) {
    this.limits = limits;
    this.unacknowledged = unacknowledged;
    this.queue = queue;
    this.clock = clock;
  }

  /**
   * Takes records from the queue to hand them over, on the task thread.
   *
   * @return an empty list if none came in time, or too many are unacknowledged
   * @throws ConnectException if something is stuck, or what else made the task fail
   */
  List<SourceRecord> poll(int maxRecords, Duration patience) throws InterruptedException {
    back();
    try {
      long bytes =
          limits.holds()
              ? unacknowledged.awaitRoom(MAX_UNACKNOWLEDGED_BYTES, MAX_UNACKNOWLEDGED_AGE, patience)
              : Long.MAX_VALUE;
      List<SourceRecord> records =
          queue.poll(maxRecords, bytes, bytes == 0 ? Duration.ZERO : patience);
      unacknowledged.add(records);
      return records;
    } finally {
      away();
    }
  }

  void settled(TrackedRecord record) {
    unacknowledged.settled(record);
  }

  /**
   * Watches until something is stuck, which it has then made the task fail with.
   *
   * @param stopped opened when the task stops
   */
  void run(CountDownLatch stopped) throws InterruptedException {
    Duration pause =
        Collections.min(
            List.of(
                LONGEST_PAUSE,
                limits.shard().patience().dividedBy(4),
                limits.dataFile().patience().dividedBy(4)));
    InFlightRecords.Stuck stuck = null;
    while (stuck == null) {
      if (stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      stuck = unacknowledged.stuck(source -> limits.of(source).patience(), limits.fromProgress());
    }
    fail(stuck);
    while (!stopped.await(UNTIL_INTERRUPT.toMillis(), TimeUnit.MILLISECONDS)) {
      interruptProducer(stuck.topic());
    }
  }

  /** The task thread goes about stopping the task: it is not interrupted any more. */
  synchronized void stopping() {
    away = null;
    failed = true;
  }

  private void fail(InFlightRecords.Stuck stuck) {
    ConnectException failure =
        new ConnectException(
            "%s: Kafka has not acknowledged %d records since %s, which is longer than %s. They wait for topic '%s': see that it exists and may be written to, whether Kafka can be reached, and whether the partitions of the topic have a leader and enough replicas in sync; then restart the task, which goes on after the last acknowledged record"
                .formatted(
                    stuck.source().description(),
                    stuck.records(),
                    clock.instant().minus(stuck.age()).truncatedTo(ChronoUnit.SECONDS),
                    limits.of(stuck.source()).setting(),
                    stuck.topic()));
    LOG.error("{}", failure.getMessage());
    synchronized (this) {
      failed = true;
    }
    queue.fail(failure);
  }

  /** Elsewhere in Connect's code, an interrupt would end the task as if it had been stopped. */
  private synchronized void interruptProducer(String topic) {
    if (away != null
        && Arrays.stream(away.getStackTrace())
            .anyMatch(frame -> frame.getClassName().startsWith(PRODUCER))) {
      LOG.error(
          "Connect's producer waits for topic '{}' and does not let the task go on, so that it cannot fail by itself. Its thread is interrupted, which Connect shows as an InterruptException",
          topic);
      away.interrupt();
    }
  }

  /** An interrupt that comes late must not hide the failure that it is for. */
  private synchronized void back() {
    away = null;
    if (failed) {
      Thread.interrupted();
    }
  }

  private synchronized void away() {
    away = Thread.currentThread();
  }
}
