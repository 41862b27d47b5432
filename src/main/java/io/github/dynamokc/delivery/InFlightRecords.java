package io.github.dynamokc.delivery;

import io.github.dynamokc.offset.SourcePartition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of a task that Connect has and Kafka has not acknowledged, oldest first. Thread-safe:
 * the task thread adds, Connect's threads settle, a watching thread asks.
 */
public final class InFlightRecords {
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();

  /** Of each hand-over its sources, at least one. */
  private final ArrayDeque<Collection<InFlightBatch>> batches = new ArrayDeque<>();

  private long bytes;

  /**
   * @param nanoTime as {@link System#nanoTime()}
   */
  public InFlightRecords(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Records of one source that were handed over at once.
   *
   * @see TrackedRecord#inFlightBatch
   */
  static final class InFlightBatch {
    private final Map<String, ?> partition;
    private final long atNanos;
    private int left;

    private InFlightBatch(Map<String, ?> partition, long atNanos) {
      this.partition = partition;
      this.atNanos = atNanos;
    }
  }

  /**
   * Records of one source that Kafka should have acknowledged by now.
   *
   * @param source the shard, data file or table that they are of
   * @param records how many
   * @param age how long Connect has had the oldest of them
   */
  public record Stuck(SourcePartition source, long records, Duration age) {}

  /** Counts records in, which Connect is about to get. */
  public void add(List<? extends SourceRecord> batch) {
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      Map<Map<String, ?>, InFlightBatch> sources = new HashMap<>();
      for (SourceRecord record : batch) {
        TrackedRecord tracked = (TrackedRecord) record;
        InFlightBatch source =
            sources.computeIfAbsent(
                partition(tracked), partition -> new InFlightBatch(partition, now));
        source.left++;
        tracked.inFlightBatch = source;
        bytes += tracked.bytes();
      }
      forgetSettled();
      if (!sources.isEmpty()) {
        batches.addLast(sources.values());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Counts a record out: Kafka has it, or Connect has dropped it. */
  public void settled(TrackedRecord record) {
    lock.lock();
    try {
      InFlightBatch source = record.inFlightBatch;
      if (source != null) {
        record.inFlightBatch = null;
        source.left--;
        bytes -= record.bytes();
        settled.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until fewer than {@code maxBytes} are unacknowledged, none of them for {@code maxAge}.
   *
   * @return by how many bytes they are fewer; 0 if {@code patience} ended before
   */
  public long awaitRoom(long maxBytes, Duration maxAge, Duration patience)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = patience.toNanos();
      while (!isRoom(maxBytes, maxAge) && nanos > 0) {
        nanos = settled.awaitNanos(nanos);
      }
      return isRoom(maxBytes, maxAge) ? maxBytes - bytes : 0;
    } finally {
      lock.unlock();
    }
  }

  private boolean isRoom(long maxBytes, Duration maxAge) {
    if (bytes >= maxBytes) {
      return false;
    }
    forgetSettled();
    Collection<InFlightBatch> oldest = batches.peekFirst();
    return oldest == null || age(oldest.iterator().next()).compareTo(maxAge) < 0;
  }

  /**
   * The source whose oldest record has waited longest, of those that waited too long.
   *
   * @param limit how long the records of a source may wait
   */
  public @Nullable Stuck stuck(Function<SourcePartition, Duration> limit) {
    lock.lock();
    try {
      for (Collection<InFlightBatch> sources : batches) {
        for (InFlightBatch source : sources) {
          if (source.left > 0) {
            SourcePartition partition = SourcePartition.fromConnect(source.partition);
            Duration age = age(source);
            if (age.compareTo(limit.apply(partition)) >= 0) {
              return new Stuck(partition, left(source.partition), age);
            }
          }
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private long left(Map<String, ?> partition) {
    return batches.stream()
        .flatMap(Collection::stream)
        .filter(source -> source.partition.equals(partition))
        .mapToLong(source -> source.left)
        .sum();
  }

  private Duration age(InFlightBatch source) {
    return Duration.ofNanos(nanoTime.getAsLong() - source.atNanos);
  }

  private void forgetSettled() {
    while (!batches.isEmpty() && isSettled(batches.getFirst())) {
      batches.removeFirst();
    }
  }

  private static boolean isSettled(Collection<InFlightBatch> sources) {
    return sources.stream().allMatch(source -> source.left == 0);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, ?> partition(TrackedRecord record) {
    return (Map<String, ?>) record.sourcePartition();
  }
}
