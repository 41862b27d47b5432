package io.github.dynamokc.delivery;

import io.github.dynamokc.offset.SourcePartition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
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

  private final ArrayDeque<HandOver> handOvers = new ArrayDeque<>();

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

  /** What Connect got at once. */
  private static final class HandOver {
    private final long atNanos;

    /** When a record of it was settled last; before the first one, when it was handed over. */
    private volatile long progressNanos;

    /** Of each source one, and at least one. Guarded by the lock. */
    private final Map<Source, InFlightBatch> batches = new LinkedHashMap<>();

    private HandOver(long atNanos) {
      this.atNanos = atNanos;
      this.progressNanos = atNanos;
    }

    private boolean isSettled() {
      return batches.values().stream().allMatch(batch -> batch.left.get() == 0);
    }
  }

  /**
   * Records of one source for one topic that were handed over at once.
   *
   * @see TrackedRecord#handOver
   */
  static final class InFlightBatch {
    private final Source source;
    private final HandOver handOver;
    private final AtomicInteger left = new AtomicInteger();

    /** Guarded by the lock. */
    private int all;

    private InFlightBatch(Source source, HandOver handOver) {
      this.source = source;
      this.handOver = handOver;
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
   * @param age how long Connect has had the oldest of them, or has made no progress with it
   */
  public record Stuck(SourcePartition source, String topic, long records, Duration age) {}

  /** Counts records in, which Connect is about to get. */
  public void add(List<? extends SourceRecord> batch) {
    if (batch.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      HandOver handOver = new HandOver(nanoTime.getAsLong());
      InFlightBatch last = null;
      long added = 0;
      for (SourceRecord record : batch) {
        TrackedRecord tracked = (TrackedRecord) record;
        if (last == null || !last.isOf(tracked)) {
          last =
              handOver.batches.computeIfAbsent(
                  new Source(tracked.partition(), tracked.topic()),
                  source -> new InFlightBatch(source, handOver));
        }
        last.left.incrementAndGet();
        last.all++;
        tracked.handOver(last);
        added += tracked.bytes();
      }
      bytes.addAndGet(added);
      forgetSettled();
      handOvers.addLast(handOver);
    } finally {
      lock.unlock();
    }
  }

  /** Counts a record out: Kafka has it, or Connect has dropped it. */
  public void settled(TrackedRecord record) {
    InFlightBatch batch = record.settle();
    if (batch != null) {
      batch.handOver.progressNanos = nanoTime.getAsLong();
      batch.left.decrementAndGet();
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
      return batches()
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
    HandOver oldest = handOvers.peekFirst();
    return oldest == null || since(oldest.atNanos).compareTo(maxAge) < 0;
  }

  /**
   * The source whose oldest record has waited longest, of those that waited too long. Connect hands
   * records to its producer in order, and stops at one whose topic it cannot write to: so of those
   * that have waited equally long, one of which no record is settled.
   *
   * @param limit how long the records of a source may wait
   * @param fromProgress whether they wait from when another record of the same hand-over, or of one
   *     before it, was settled last: Connect handles one after the other, and a transform may take
   *     its time
   */
  public @Nullable Stuck stuck(Function<SourcePartition, Duration> limit, boolean fromProgress) {
    lock.lock();
    try {
      Duration sinceProgress = null;
      for (HandOver handOver : handOvers) {
        sinceProgress = shorter(sinceProgress, since(handOver.progressNanos));
        Duration age = fromProgress ? sinceProgress : since(handOver.atNanos);
        InFlightBatch found = null;
        for (InFlightBatch batch : handOver.batches.values()) {
          if (batch.left.get() > 0
              && age.compareTo(limit.apply(partition(batch))) >= 0
              && (found == null || (!found.isUntouched() && batch.isUntouched()))) {
            found = batch;
          }
        }
        if (found != null) {
          return new Stuck(partition(found), found.source.topic, left(found), age);
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
    return batches()
        .filter(batch -> batch.source.partition.equals(of.source.partition))
        .mapToLong(batch -> batch.left.get())
        .sum();
  }

  private static Duration shorter(@Nullable Duration one, Duration other) {
    return one == null || one.compareTo(other) > 0 ? other : one;
  }

  private Stream<InFlightBatch> batches() {
    return handOvers.stream().flatMap(handOver -> handOver.batches.values().stream());
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(nanoTime.getAsLong() - nanos);
  }

  private void forgetSettled() {
    while (!handOvers.isEmpty() && handOvers.getFirst().isSettled()) {
      handOvers.removeFirst();
    }
  }
}
