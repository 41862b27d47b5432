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
  private static final long LONG = Duration.ofHours(1).toNanos();

  private final ReentrantLock lock = new ReentrantLock();

  /** What the task thread waits for. */
  private final Condition filled = lock.newCondition();

  /** What reading threads wait for; one is woken at a time, and wakes the next. */
  private final Condition room = lock.newCondition();

  private final ArrayDeque<TrackedRecord> records = new ArrayDeque<>();
  private long bytes;

  /** Only grows. */
  private volatile long maxBytes;

  private @Nullable ConnectException failure;
  private long taken;
  private long nanosWithoutRecords;
  private long nanosWithoutRoom;

  /**
   * What has gone through a queue so far.
   *
   * @param taken records that were taken out
   * @param nanosWithoutRecords how long the task thread has waited for a record
   * @param nanosWithoutRoom how long reading threads have waited for room, all together
   */
  public record Use(long taken, long nanosWithoutRecords, long nanosWithoutRoom) {}

  /**
   * @param maxBytes no batch is taken in while this many bytes or more are held
   */
  public RecordQueue(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Has the queue hold more from now on, if it holds less.
   *
   * @param atLeast no batch is taken in while this many bytes or more are held
   */
  public void hold(long atLeast) {
    lock.lock();
    try {
      maxBytes = Math.max(maxBytes, atLeast);
      letIn();
    } finally {
      lock.unlock();
    }
  }

  /** From how many bytes on no batch is taken in. */
  public long maxBytes() {
    return maxBytes;
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

  /** What has gone through it; a wait counts when it is over. */
  public Use use() {
    lock.lock();
    try {
      return new Use(taken, nanosWithoutRecords, nanosWithoutRoom);
    } finally {
      lock.unlock();
    }
  }

  /** Adds a batch, waiting for room as long as it takes. */
  public void put(List<TrackedRecord> batch) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (bytes >= maxBytes) {
        awaitRoom();
      }
      for (TrackedRecord record : batch) {
        records.add(record);
        bytes += record.bytes();
      }
      filled.signal();
      letIn();
    } finally {
      lock.unlock();
    }
  }

  private void awaitRoom() throws InterruptedException {
    while (bytes >= maxBytes) {
      nanosWithoutRoom += LONG - room.awaitNanos(LONG);
    }
  }

  private void letIn() {
    if (bytes < maxBytes) {
      room.signal();
    }
  }

  /** Adds a record that must not wait for room, as whoever adds it may be who takes records out. */
  public void putNow(TrackedRecord record) {
    lock.lock();
    try {
      records.add(record);
      bytes += record.bytes();
      filled.signal();
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
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes up to {@code maxRecords}, or one more so that the records of a change stay together: with
   * exactly-once, what is taken at once is one transaction. Waits at most {@code patience} for the
   * first. For one thread.
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
      if (records.isEmpty() && failure == null) {
        awaitRecords(patience);
      }
      if (failure != null) {
        throw failure;
      }
      List<SourceRecord> batch = take(maxRecords, aboutBytes);
      letIn();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void awaitRecords(Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    while (records.isEmpty() && failure == null && nanos > 0) {
      long left = filled.awaitNanos(nanos);
      nanosWithoutRecords += nanos - left;
      nanos = left;
    }
  }

  private List<SourceRecord> take(int maxRecords, long aboutBytes) {
    List<SourceRecord> batch = new ArrayList<>(Math.min(maxRecords, records.size()));
    long batchBytes = 0;
    boolean continued = false;
    while (continued || (batch.size() < maxRecords && batchBytes < aboutBytes)) {
      TrackedRecord record = records.poll();
      if (record == null) {
        break;
      }
      continued = record.hasContinuation();
      batchBytes += record.bytes();
      bytes -= record.bytes();
      batch.add(record);
    }
    taken += batch.size();
    return batch;
  }
}
