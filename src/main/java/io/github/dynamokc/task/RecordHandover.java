package io.github.dynamokc.task;

import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.delivery.InFlightRecords;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.metrics.SkippedByConnect;
import io.github.dynamokc.record.MessageKeys;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.TaskOutput;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records go from the queue to Connect, and Connect tells what became of them. What is to be done
 * when it takes too long, refuses or drops one, or gets none, is here.
 */
final class RecordHandover {
  /** Connect stops a task only between polls. */
  private static final Duration POLL_PATIENCE = Duration.ofMillis(500);

  /**
   * With exactly-once each poll is a transaction, which takes its time however few records it has:
   * so many bytes are ready for one then.
   */
  private static final long TRANSACTION_BYTES = 8L * 1024 * 1024;

  private final int maxBatchSize;
  private final InFlightRecords inFlight;
  private final RecordQueue queue;
  private final DeliveryGuard guard;
  private final Heartbeat heartbeat;
  private final KeptCounts counts;
  private final DroppedRecords drops;
  private final RefusedRecords refusals;
  private final LargeRecords large;

  /**
   * The thread that polls; null before it does, and when it is known whether it makes transactions.
   */
  private volatile @Nullable Thread polling;

  private boolean polled;

  /**
   * @param given what the task was given; null for a task of an earlier version
   * @param failures told the table whose work cannot go on, and why
   */
  RecordHandover(
      ConnectorConfig config,
      TaskResources resources,
      TaskTables tables,
      TaskOutput output,
      KeptCounts counts,
      @Nullable GivenAssignment given,
      BiConsumer<String, ConnectException> failures) {
    this.queue = output.queue();
    StatusRecords status = output.status();
    MessageKeys keys = new MessageKeys(config.connect().showsKeys());
    this.maxBatchSize = config.delivery().maxBatchSize();
    this.counts = counts;
    this.inFlight = new InFlightRecords(resources.nanoTime());
    tables.show(queue, inFlight);
    this.guard =
        new DeliveryGuard(DeliveryLimits.of(config), inFlight, queue, resources.timing().clock());
    this.heartbeat =
        new Heartbeat(config.delivery().heartbeat(), resources.nanoTime(), given, status, queue);
    this.drops =
        new DroppedRecords(
            config.connect().toleratesErrors(),
            config.connect().hasTransforms(),
            new SkippedByConnect(config.connectorName(), tables.task()));
    this.refusals = new RefusedRecords(tables, status, queue, given, keys, failures);
    this.large = new LargeRecords(keys);
  }

  /**
   * On the task thread; returns within about half a second.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException what made the task fail
   */
  List<SourceRecord> poll() throws InterruptedException {
    if (!polled) {
      polled = true;
      polling = Thread.currentThread();
    }
    List<SourceRecord> records = guard.poll(maxBatchSize, POLL_PATIENCE);
    heartbeat.polled();
    counts.polled(records.size());
    large.polled(records);
    return records;
  }

  /**
   * Called for every record that {@link #poll} gave, once, from Connect's threads.
   *
   * @param acknowledged false for a record that was dropped
   */
  void settled(TrackedRecord record, boolean acknowledged) {
    if (acknowledged) {
      lookForTransactions();
      heartbeat.acknowledged();
      refusals.acknowledged(record);
      record.delivery().acknowledged();
    } else {
      dropped(record);
    }
    guard.settled(record);
    large.settled(record);
  }

  /**
   * Connect does not say whether it is exactly-once. But only then the thread that polls tells of
   * acknowledged records, after their transaction; else a thread of the producer does.
   */
  private void lookForTransactions() {
    Thread thread = polling;
    if (thread != null) {
      polling = null;
      if (thread == Thread.currentThread()) {
        queue.hold(TRANSACTION_BYTES);
      }
    }
  }

  private void dropped(TrackedRecord record) {
    DroppedRecords.Cause cause = drops.cause();
    if (cause != DroppedRecords.Cause.FILTERED) {
      refusals.refused(record, cause);
    }
    record.delivery().dropped();
  }

  /** How many records of a table Connect has, of which it has not told what became of them. */
  long unsettled(String table) {
    return inFlight.count(table);
  }

  /**
   * Watches that records are acknowledged in time, until they are not.
   *
   * @param stopped opened when the task stops
   */
  void watch(CountDownLatch stopped) throws InterruptedException {
    guard.run(stopped);
  }

  /** The task is about to stop, or has failed. */
  void stopping() {
    guard.stopping();
    large.ended();
  }
}
