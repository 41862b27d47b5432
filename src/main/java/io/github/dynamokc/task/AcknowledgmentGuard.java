package io.github.dynamokc.task;

import io.github.dynamokc.config.DeliveryConfig;
import io.github.dynamokc.config.DeliveryConfig.AcknowledgmentTimeouts;
import io.github.dynamokc.delivery.InFlightRecords;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.offset.SourcePartition;
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
 * The rule of {@code acknowledgments=true}: a task fails if Kafka takes too long to acknowledge a
 * record, with a message that names what is stuck and since when.
 *
 * <p>A task can only fail itself when Connect polls it, and Connect does not poll while its
 * producer has no room or waits for Kafka: it waits for ever ({@code max.block.ms}). So less is
 * handed over than the producer has room for, and a task thread that does not come back all the
 * same is interrupted, which makes the producer give up.
 */
final class AcknowledgmentGuard {
  private static final Logger LOG = LoggerFactory.getLogger(AcknowledgmentGuard.class);

  /** A quarter of what a producer holds by default ({@code buffer.memory}). */
  private static final long MAX_UNACKNOWLEDGED_BYTES = 8L * 1024 * 1024;

  /** Acknowledgments come in milliseconds; those that do not may not come for long. */
  private static final Duration MAX_UNACKNOWLEDGED_AGE = Duration.ofSeconds(1);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** Several polls long: a task that is polled fails by itself, and says more. */
  private static final Duration UNTIL_INTERRUPT = Duration.ofSeconds(5);

  private static final String PRODUCER = "org.apache.kafka.clients.producer.";

  private final AcknowledgmentTimeouts timeouts;
  private final boolean holds;
  private final InFlightRecords unacknowledged;
  private final RecordQueue queue;
  private final InstantSource clock;

  /** The task thread while it is in Connect's code. Guarded by this. */
  private @Nullable Thread away;

  /** Guarded by this. */
  private boolean failed;

  /**
   * @param holds whether nothing is handed over while much is unacknowledged, or for long; not to
   *     be where a transaction has the records of many polls, all acknowledged at its end
   */
  AcknowledgmentGuard(
      AcknowledgmentTimeouts timeouts,
      boolean holds,
      InFlightRecords unacknowledged,
      RecordQueue queue,
      InstantSource clock) {
    this.timeouts = timeouts;
    this.holds = holds;
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
          holds
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
                LONGEST_PAUSE, timeouts.shard().dividedBy(4), timeouts.dataFile().dividedBy(4)));
    InFlightRecords.Stuck stuck = null;
    while (stuck == null) {
      if (stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      stuck = unacknowledged.stuck(this::timeout);
    }
    fail(stuck);
    while (!stopped.await(UNTIL_INTERRUPT.toMillis(), TimeUnit.MILLISECONDS)) {
      interruptProducer();
    }
  }

  /** The task thread goes about stopping the task: it is not interrupted any more. */
  synchronized void stopping() {
    away = null;
    failed = true;
  }

  private Duration timeout(SourcePartition source) {
    return source instanceof SourcePartition.OfFile ? timeouts.dataFile() : timeouts.shard();
  }

  private void fail(InFlightRecords.Stuck stuck) {
    ConnectException failure =
        new ConnectException(
            "%s: Kafka has not acknowledged %d records since %s, which is longer than %s. See whether Kafka can be reached, and whether the partitions of the topic have a leader and enough replicas in sync; then restart the task, which goes on after the last acknowledged record"
                .formatted(
                    stuck.source().description(),
                    stuck.records(),
                    clock.instant().minus(stuck.age()).truncatedTo(ChronoUnit.SECONDS),
                    setting(stuck.source())));
    LOG.error("{}", failure.getMessage());
    synchronized (this) {
      failed = true;
    }
    queue.fail(failure);
  }

  private String setting(SourcePartition source) {
    String key =
        source instanceof SourcePartition.OfFile
            ? DeliveryConfig.DATA_FILE_TIMEOUT_MS
            : DeliveryConfig.SHARD_TIMEOUT_MS;
    return key + "=" + timeout(source).toMillis();
  }

  /** Elsewhere in Connect's code, an interrupt would end the task as if it had been stopped. */
  private synchronized void interruptProducer() {
    if (away != null
        && Arrays.stream(away.getStackTrace())
            .anyMatch(frame -> frame.getClassName().startsWith(PRODUCER))) {
      LOG.error(
          "Connect's producer does not let the task go on, so that it cannot fail by itself. Its thread is interrupted");
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
