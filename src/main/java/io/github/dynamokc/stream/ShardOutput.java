package io.github.dynamokc.stream;

import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.MalformedJsonException;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.Delivery;
import io.github.dynamokc.offset.OutstandingRecords;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.record.RecordMaker;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TrackedRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * What one shard gives out, and how far that is: changes become records, each with the fact that it
 * is read. Steps come one at a time, so no lock is needed.
 */
final class ShardOutput {
  /** How often a shard of which everything is left out says how far it is. */
  private static final long PROGRESS_MS = 60_000;

  private final StreamSource source;
  private final String shardId;
  private final String lineage;
  private final OutstandingRecords outstanding = new OutstandingRecords();

  /** Whether an earlier run has given out everything already. */
  private final boolean silent;

  private @Nullable String lastRead;
  private @Nullable String lastEmitted;
  private long version;
  private ShardOffset fact;

  /** Whether the fact is that of a change that no record tells of. */
  private boolean untold;

  /** When a record said last how far the shard is. */
  private long toldAtMs;

  /**
   * @param lineage the shard that the task was given, from which this one descends
   */
  ShardOutput(StreamSource source, String shardId, String lineage, ShardProgress progress) {
    this.source = source;
    this.shardId = shardId;
    this.lineage = lineage;
    this.silent = progress.readBefore() != null;
    this.lastRead = progress.sequence();
    this.lastEmitted = progress.sequence();
    this.version = progress.version();
    this.fact = progress.fact(lineage);
    this.toldAtMs = source.clock().millis();
  }

  String shardId() {
    return shardId;
  }

  String lineage() {
    return lineage;
  }

  /** The sequence number of the last change that was read, null for none. */
  @Nullable String lastRead() {
    return lastRead;
  }

  /** The last document version of the lineage. */
  long version() {
    return version;
  }

  /** Raises the version of a shard whose last changes cannot be read any more. */
  void atLeast(long otherVersion) {
    version = Math.max(version, otherVersion);
  }

  /** Until a lineage has its first change that is new enough, changes are held against the time. */
  boolean skipping() {
    return source.skipUpToMs() >= 0 && version == DocumentVersion.NONE;
  }

  /**
   * Hands over changes, waiting for room.
   *
   * @throws ConnectException if one holds an item that cannot be converted, unless errors are
   *     tolerated
   */
  void emit(List<ItemChange> changes) throws InterruptedException {
    if (changes.isEmpty()) {
      return;
    }
    RecordMaker maker = source.records().maker();
    List<TrackedRecord> records = new ArrayList<>(changes.size());
    int told = 0;
    int beforeStart = 0;
    int byOperation = 0;
    for (ItemChange change : changes) {
      if (skipping() && change.createdAtMs() <= source.skipUpToMs()) {
        beforeStart++;
        continue;
      }
      version = DocumentVersion.next(version, change.createdAtMs());
      lastEmitted = change.sequenceNumber();
      if (silent) {
        continue;
      }
      ShardOffset before = fact;
      ShardOffset.Read read = new ShardOffset.Read(change.sequenceNumber(), version, lineage);
      fact = read;
      untold = source.records().skips(change);
      if (untold) {
        byOperation++;
      } else {
        records.addAll(records(maker, change, before, read));
        told++;
      }
    }
    source.metrics().add(Counter.EVENTS_SKIPPED_BEFORE_START, beforeStart);
    source.metrics().add(Counter.EVENTS_SKIPPED_BY_OPERATION, byOperation);
    if (!records.isEmpty()) {
      outstanding.add(records.size());
      source.output().queue().put(records);
      source.metrics().add(Counter.CHANGE_EVENTS_PROCESSED, told);
    }
    lastRead = changes.get(changes.size() - 1).sequenceNumber();
    announceProgress();
  }

  /** Keeps what is left out from being read again after a restart, all of it at least. */
  private void announceProgress() throws InterruptedException {
    long now = source.clock().millis();
    if (!untold) {
      toldAtMs = now;
    } else if (now - toldAtMs >= PROGRESS_MS) {
      untold = false;
      toldAtMs = now;
      put(
          source
              .output()
              .status()
              .record(StatusType.SHARD_PROGRESS, source.partition(shardId), fact, counted()));
    }
  }

  private List<TrackedRecord> records(
      RecordMaker maker, ItemChange change, ShardOffset before, ShardOffset.Read read)
      throws InterruptedException {
    if (source.records().lacksOldImage(change)) {
      source.metrics().add(Counter.REMOVALS_WITHOUT_OLD_IMAGE, 1);
    }
    try {
      return maker.change(change, source.partition(shardId), before, read, outstanding);
    } catch (MalformedJsonException e) {
      source.metrics().add(Counter.CHANGE_EVENTS_PROCESSING_ERRORS, 1);
      return List.of(
          source
              .output()
              .skipped(
                  source.partition(shardId),
                  read,
                  "sequence",
                  change.sequenceNumber(),
                  "%s, sequence number %s, holds an item that cannot be converted: %s"
                      .formatted(source.nameOf(shardId), change.sequenceNumber(), e.getMessage()),
                  outstanding));
    }
  }

  /**
   * Marks the shard as done.
   *
   * @param whenInKafka run when every record of the shard is acknowledged, this one included
   */
  void finish(long nowMs, Runnable whenInKafka) throws InterruptedException {
    fact = new ShardOffset.Finished(lastEmitted, version, nowMs, lineage);
    put(
        source
            .output()
            .status()
            .record(StatusType.SHARD_FINISHED, source.partition(shardId), fact, counted()));
    outstanding.whenNoneOutstanding(whenInKafka);
  }

  /**
   * Says that the changes after the last position are gone, and goes on at the shard's beginning.
   */
  void announceLossUpTo(long nowMs, String reason) throws InterruptedException {
    String before = lastRead;
    fact = new ShardOffset.Started(version, nowMs, lineage);
    lastRead = null;
    lastEmitted = null;
    announceLoss(reason, before);
  }

  /**
   * Says that the rest of the shard is gone; no error marks it as done.
   *
   * @param whenInKafka run when every record of the shard is acknowledged, this one included
   */
  void announceLossOfRest(String reason, Runnable whenInKafka) throws InterruptedException {
    announceLoss(reason, lastRead);
    outstanding.whenNoneOutstanding(whenInKafka);
  }

  private void announceLoss(String reason, @Nullable String before) throws InterruptedException {
    put(
        source
            .output()
            .status()
            .dataLoss(source.partition(shardId), fact, reason, before, counted()));
  }

  private Delivery counted() {
    outstanding.add(1);
    return outstanding;
  }

  private void put(TrackedRecord record) throws InterruptedException {
    source.output().queue().put(List.of(record));
  }
}
