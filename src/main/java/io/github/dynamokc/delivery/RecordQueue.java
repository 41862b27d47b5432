package io.github.dynamokc.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Between the threads that read from AWS and the task thread: records in the order in which they
 * were put, bounded in bytes. Batches are never dropped; a failure reaches the task thread at its
 * next poll.
 */
public final class RecordQueue {
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<TrackedRecord> records = new ArrayDeque<>();
  private long bytes;
  private @Nullable ConnectException failure;

  /**
   * @param maxBytes no batch is taken in while this many bytes or more are held
   */
  public RecordQueue(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** About how many bytes of heap the records take that wait here. */
  public long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Adds a batch, waiting for room as long as it takes. */
  public void put(List<TrackedRecord> batch) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (bytes >= maxBytes) {
        changed.await();
      }
      for (TrackedRecord record : batch) {
        records.add(record);
        bytes += record.bytes();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Adds a record that must not wait for room, as whoever adds it may be who takes records out. */
  public void putNow(TrackedRecord record) {
    lock.lock();
    try {
      records.add(record);
      bytes += record.bytes();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Makes the task fail with {@code cause}; the first failure counts. Does not wait. */
  public void fail(ConnectException cause) {
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes up to {@code maxRecords}, or one more so that the records of a change stay together: with
   * exactly-once, what is taken at once is one transaction. Waits at most {@code patience} for the
   * first.
   *
   * @return an empty list if none came in time
   * @throws ConnectException what {@link #fail} was given
   */
  public List<SourceRecord> poll(int maxRecords, Duration patience) throws InterruptedException {
    return poll(maxRecords, Long.MAX_VALUE, patience);
  }

  /**
   * The same, but no more than {@code aboutBytes} and what the last record is above it; 0 takes
   * none.
   */
  public List<SourceRecord> poll(int maxRecords, long aboutBytes, Duration patience)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = patience.toNanos();
      while (records.isEmpty() && failure == null && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      if (failure != null) {
        throw failure;
      }
      List<SourceRecord> taken = new ArrayList<>(Math.min(maxRecords, records.size()));
      long takenBytes = 0;
      boolean continued = false;
      while (continued || (taken.size() < maxRecords && takenBytes < aboutBytes)) {
        TrackedRecord record = records.poll();
        if (record == null) {
          break;
        }
        continued = record.hasContinuation();
        takenBytes += record.bytes();
        bytes -= record.bytes();
        taken.add(record);
      }
      changed.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }
}
