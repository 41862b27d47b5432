package io.github.dynamokc.task;

import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.CountsOffset;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.MalformedOffsetException;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TaskOutput;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what a task counts of its tables, so that the connector can show it when the task is
 * gone. It goes the way of all offsets, in the batch that it is about: at once if that has errors
 * in it, or the end of a data file, after which the task may have no more to do; else every few
 * minutes. Thread-safe.
 */
final class KeptCounts implements TaskOutput.Way {
  private static final Logger LOG = LoggerFactory.getLogger(KeptCounts.class);
  private static final Duration BETWEEN = Duration.ofMinutes(5);

  private final TaskTables tables;
  private final RecordQueue queue;
  private final StatusRecords status;
  private final InstantSource clock;
  private final Map<String, OfTable> counts = new HashMap<>();

  KeptCounts(TaskTables tables, RecordQueue queue, StatusRecords status, InstantSource clock) {
    this.tables = tables;
    this.queue = queue;
    this.status = status;
    this.clock = clock;
    for (String table : tables.names()) {
      counts.put(table, new OfTable(table));
    }
  }

  @Override
  public void put(List<TrackedRecord> batch) throws InterruptedException {
    String table = batch.isEmpty() ? null : SourcePartition.tableOf(batch.get(0).sourcePartition());
    OfTable counted = table == null ? null : counts.get(table);
    if (counted == null) {
      queue.put(batch);
    } else {
      counted.put(batch);
    }
  }

  /**
   * After each poll, on the task thread. What Connect has refused is counted when no batch may come
   * any more.
   *
   * @param records how many it gave
   */
  void polled(int records) {
    if (records == 0) {
      counts.values().forEach(OfTable::putErrors);
    }
  }

  private final class OfTable {
    private final SourcePartition.OfCounts partition;
    private final TableMetrics metrics;

    /** One after the other, or an older count could be committed last. */
    private final ReentrantLock lock = new ReentrantLock();

    /** What earlier runs have counted; null before it is known. Guarded by the lock. */
    private @Nullable CountsOffset before;

    private volatile long errorsPut;
    private volatile long putAtMs = clock.millis();

    /** Guarded by the lock. */
    private CountsOffset lastPut = CountsOffset.of(Map.of());

    private OfTable(String table) {
      this.partition = new SourcePartition.OfCounts(table, tables.task());
      this.metrics = tables.metrics(table);
    }

    private void put(List<TrackedRecord> batch) throws InterruptedException {
      if (!isDue(batch)) {
        queue.put(batch);
        return;
      }
      lock.lockInterruptibly();
      try {
        long errors = errors();
        CountsOffset now = now();
        if (now.equals(lastPut)) {
          queue.put(batch);
        } else {
          List<TrackedRecord> more = new ArrayList<>(batch);
          more.add(status.record(StatusType.TASK_COUNTS, partition, now));
          queue.put(more);
        }
        lastPut = now;
        errorsPut = errors;
        putAtMs = clock.millis();
      } finally {
        lock.unlock();
      }
    }

    /** Does not wait: who has the lock puts them. */
    private void putErrors() {
      if (errors() > errorsPut && lock.tryLock()) {
        try {
          errorsPut = errors();
          lastPut = now();
          queue.putNow(status.record(StatusType.TASK_COUNTS, partition, lastPut));
        } finally {
          lock.unlock();
        }
      }
    }

    private boolean isDue(List<TrackedRecord> batch) {
      return errors() > errorsPut
          || clock.millis() - putAtMs >= BETWEEN.toMillis()
          || endsFile(batch.get(batch.size() - 1));
    }

    private long errors() {
      return metrics.count(Counter.EXPORT_RECORD_PROCESSING_ERRORS)
          + metrics.count(Counter.CHANGE_EVENTS_PROCESSING_ERRORS);
    }

    private CountsOffset now() {
      Map<String, Long> counted = new HashMap<>();
      Counter.kept().forEach(each -> counted.put(each.attribute(), metrics.count(each)));
      return before().plus(CountsOffset.of(counted));
    }

    private CountsOffset before() {
      CountsOffset known = before;
      if (known == null) {
        known = read();
        before = known;
        lastPut = known;
      }
      return known;
    }

    private CountsOffset read() {
      try {
        List<CountsOffset> committed =
            tables.offsets().counts(partition.table(), List.of(partition.task()));
        return committed.isEmpty() ? CountsOffset.of(Map.of()) : committed.get(0);
      } catch (MalformedOffsetException e) {
        LOG.warn("What was counted before is not understood. Counting from 0", e);
        return CountsOffset.of(Map.of());
      }
    }
  }

  private static boolean endsFile(TrackedRecord record) {
    Map<String, ?> offset = record.sourceOffset();
    return offset != null
        && SourcePartition.isFile(record.sourcePartition())
        && FileOffset.isDone(offset);
  }
}
