package io.github.dynamokc.export;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.bench.ExportItems;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.testing.CommittedOffsets;
import io.github.dynamokc.testing.HeardRequests;
import io.github.dynamokc.testing.RecordForms;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The load of one data file by a task that is started again and again. What Connect has polled is
 * committed when a task stops, as in a restart that nobody had to force; what waits in the queue is
 * lost.
 */
public final class RestartedLoad {
  private static final String TABLE = "orders";
  private static final String EXPORT = "arn:export";
  private static final int POLL = 2000;

  /** The default of max.queue.bytes. */
  private static final long QUEUE_BYTES = 1024 * 1024;

  private final CountedObjects s3;
  private final boolean positions;
  private final CommittedOffsets offsets = new CommittedOffsets();
  private long committed;

  /**
   * @param s3 has the file and its manifest
   * @param positions whether offsets keep the position in the file
   */
  public RestartedLoad(CountedObjects s3, boolean positions) {
    this.s3 = s3;
    this.positions = positions;
  }

  /**
   * Loads the file, with a restart whenever so many bytes more of it were reached.
   *
   * @return how often the task was started
   * @throws IllegalStateException if an item comes twice, or is missing
   */
  public int run(long restartEvery) throws InterruptedException {
    int starts = 0;
    boolean done = false;
    while (!done) {
      starts++;
      done = runUntil(starts * restartEvery);
    }
    if (committed != s3.items()) {
      throw new IllegalStateException(committed + " items of " + s3.items() + " were loaded");
    }
    return starts;
  }

  /** One run of the task, until it is at that place of the file; whether it has loaded it all. */
  private boolean runUntil(long place) throws InterruptedException {
    RecordQueue queue = new RecordQueue(QUEUE_BYTES);
    CountDownLatch stopped = new CountDownLatch(1);
    SnapshotLoad load = open(queue, stopped);
    TaskOutput.Work work =
        () -> {
          while (load.loadNext()) {
            // The next file.
          }
        };
    Thread loader = new Thread(() -> output(queue).run("The load", work));
    s3.begin();
    loader.start();
    boolean done = false;
    while (!done && s3.place() < place) {
      done = commit(queue.poll(POLL, Duration.ofMillis(10)));
    }
    stopped.countDown();
    loader.interrupt();
    loader.join();
    return done;
  }

  private boolean commit(List<SourceRecord> records) {
    boolean done = false;
    for (SourceRecord record : records) {
      Map<String, Object> offset = new HashMap<>(record.sourceOffset());
      done = offset.containsKey("done");
      if (!done && record.topic().equals(TABLE)) {
        long items = (Long) offset.get("items");
        if (items != committed + 1) {
          throw new IllegalStateException("Item " + items + " came behind item " + committed);
        }
        committed = items;
      }
    }
    if (!records.isEmpty()) {
      Map<String, Object> offset = new HashMap<>(records.get(records.size() - 1).sourceOffset());
      if (!positions) {
        offset.remove("position");
      }
      offsets.commit(
          new SourcePartition.OfFile(TABLE, EXPORT, CountedObjects.FILE).toConnect(), offset);
    }
    return done;
  }

  private SnapshotLoad open(RecordQueue queue, CountDownLatch stopped) throws InterruptedException {
    InstantSource clock = InstantSource.system();
    return SnapshotLoad.open(
        new SnapshotContext(
            new LoadedExport(TABLE, EXPORT, 1_700_020_441_123L, 1L),
            new ExportBucket(s3, "exports", null, new HeardRequests()),
            RecordForms.table(TABLE, TABLE, ExportItems.PARTITION_KEY, ExportItems.SORT_KEY),
            TableMetrics.unregistered(),
            clock),
        new RetryingCalls(new Retrier(stopped, clock, () -> 0L, Duration.ofMinutes(10))),
        output(queue),
        new OffsetReader(offsets),
        CountedObjects.MANIFEST,
        List.of(0));
  }

  private static TaskOutput output(RecordQueue queue) {
    return new TaskOutput(
        queue,
        new StatusRecords(
            TABLE + "-status", RecordForms.status(), InstantSource.system(), queue::fail),
        false);
  }
}
