package io.github.dynamokc.delivery;

import io.github.dynamokc.offset.SourcePartition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

  private final AtomicLong bytes = new AtomicLong();

  /** Whether the task thread waits for records to be settled; they are settled without the lock. */
  private volatile boolean awaited;

  /**
   * @param nanoTime as {@link System#nanoTime()}
   */
  public InFlightRecords(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Which records are counted together. */
  private record Source(Map<String, ?> partition, String topic) {}

  /**
   * Records of one source for one topic that were handed over at once.
   *
   * @see TrackedRecord#handOver
   */
  static final class InFlightBatch {
    private final Source source;
    private final long atNanos;
    private final AtomicInteger left = new AtomicInteger();

    /** Guarded by the lock. */
    private int all;

    private InFlightBatch(Source source, long atNanos) {
      this.source = source;
      this.atNanos = atNanos;
    }

    private boolean isOf(TrackedRecord record) {
      return source.partition == record.sourcePartition() && source.topic.equals(record.topic());
    }

    /** Whether the producer may not even have begun with it. */
    private boolean isUntouched() {
      return left.get() == all;
    }
  }

  /**
   * Records of one source that Kafka should have acknowledged by now.
   *
   * @param source the shard, data file, table or task that they are of
   * @param topic which they are for
   * @param records how many, for all topics
   * @param age how long Connect has had the oldest of them
   */
  public record Stuck(SourcePartition source, String topic, long records, Duration age) {}

  /** Counts records in, which Connect is about to get. */
  public void add(List<? extends SourceRecord> batch) {
    if (batch.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      Map<Source, InFlightBatch> sources = new LinkedHashMap<>();
      InFlightBatch last = null;
      long added = 0;
      for (SourceRecord record : batch) {
        TrackedRecord tracked = (TrackedRecord) record;
        if (last == null || !last.isOf(tracked)) {
          last =
              sources.computeIfAbsent(
                  new Source(tracked.partition(), tracked.topic()),
                  source -> new InFlightBatch(source, now));
        }
        last.left.incrementAndGet();
        last.all++;
        tracked.handOver(last);
        added += tracked.bytes();
      }
      bytes.addAndGet(added);
      forgetSettled();
      batches.addLast(sources.values());
    } finally {
      lock.unlock();
    }
  }

  /** Counts a record out: Kafka has it, or Connect has dropped it. */
  public void settled(TrackedRecord record) {
    InFlightBatch source = record.settle();
    if (source != null) {
      source.left.decrementAndGet();
      bytes.addAndGet(-record.bytes());
      if (awaited) {
        lock.lock();
        try {
          settled.signalAll();
        } finally {
          lock.unlock();
        }
      }
    }
  }

  /** How many records of a table there are. */
  public long count(String table) {
    lock.lock();
    try {
      return batches.stream()
          .flatMap(Collection::stream)
          .filter(batch -> table.equals(SourcePartition.tableOf(batch.source.partition)))
          .mapToLong(batch -> batch.left.get())
          .sum();
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
      awaited = true;
      long nanos = patience.toNanos();
      while (!isRoom(maxBytes, maxAge) && nanos > 0) {
        nanos = settled.awaitNanos(nanos);
      }
      return isRoom(maxBytes, maxAge) ? maxBytes - bytes.get() : 0;
    } finally {
      awaited = false;
      lock.unlock();
    }
  }

  private boolean isRoom(long maxBytes, Duration maxAge) {
    if (bytes.get() >= maxBytes) {
      return false;
    }
    forgetSettled();
    Collection<InFlightBatch> oldest = batches.peekFirst();
    return oldest == null || age(oldest.iterator().next()).compareTo(maxAge) < 0;
  }

  /**
   * The source whose oldest record has waited longest, of those that waited too long. Connect hands
   * records to its producer in order, and stops at one whose topic it cannot write to: so of those
   * that have waited equally long, one of which no record is settled.
   *
   * @param limit how long the records of a source may wait
   */
  public @Nullable Stuck stuck(Function<SourcePartition, Duration> limit) {
    lock.lock();
    try {
      for (Collection<InFlightBatch> sources : batches) {
        InFlightBatch found = null;
        for (InFlightBatch batch : sources) {
          if (batch.left.get() > 0
              && age(batch).compareTo(limit.apply(partition(batch))) >= 0
              && (found == null || (!found.isUntouched() && batch.isUntouched()))) {
            found = batch;
          }
        }
        if (found != null) {
          return new Stuck(partition(found), found.source.topic, left(found), age(found));
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private static SourcePartition partition(InFlightBatch batch) {
    return SourcePartition.fromConnect(batch.source.partition);
  }

  private long left(InFlightBatch of) {
    return batches.stream()
        .flatMap(Collection::stream)
        .filter(batch -> batch.source.partition.equals(of.source.partition))
        .mapToLong(batch -> batch.left.get())
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
    return sources.stream().allMatch(source -> source.left.get() == 0);
  }
}
