package io.github.dynamokc.stream;

import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.RecordBatch;
import io.github.dynamokc.delivery.ShardDeliveryBarrier;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.lineage.Inheritance;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.offset.OffsetsRequest;
import io.github.dynamokc.offset.Repaired;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.ChangeRecordConverter;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.record.Loss;
import io.github.dynamokc.record.OversizedRecordException;
import io.github.dynamokc.record.StatusType;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * What one shard emits, and how far that is: changes become records, each with the offset that it
 * is read. Steps come one at a time, so no lock is needed.
 */
final class ShardOutput {
  /** How often a shard whose changes are all skipped commits how far it is. */
  private static final long PROGRESS_MS = 60_000;

  private final StreamContext context;
  private final String shardId;
  private final SourcePartition.OfShard partition;
  private final String lineage;
  private final ShardDeliveryBarrier outstanding = new ShardDeliveryBarrier();

  /** Whether an earlier run has emitted all of the shard already. */
  private final boolean suppressed;

  /**
   * Changes up to then are told by a repair, epoch ms; negative if none was for this shard. Until a
   * later one is read, the shard counts as read no further than it was when the gap was found: so
   * it is known after a restart as well that the repair is for it.
   */
  private final long repairedUpToMs;

  /** What of {@link #readUpToMs} an offset has been sent of. */
  private long saidUpToMs;

  private long readUpToMs;

  private @Nullable String lastRead;
  private @Nullable String lastEmitted;
  private long version;
  private ShardOffset offset;

  /** Whether the current offset has not been sent with any record: its change was skipped. */
  private boolean offsetPending;

  /** When an offset was last sent with a record, epoch ms. */
  private long lastOffsetRecordAtMs;

  /**
   * @param lineage the shard that the task was given, from which this one descends
   */
  ShardOutput(StreamContext context, String shardId, String lineage, ShardProgress progress) {
    this.context = context;
    this.shardId = shardId;
    this.partition = context.partition(shardId);
    this.lineage = lineage;
    this.suppressed = progress.readBefore() != null;
    this.lastRead = progress.sequence();
    this.lastEmitted = progress.sequence();
    this.version = progress.version();
    this.readUpToMs = progress.readUpToMs();
    this.saidUpToMs = progress.readUpToMs();
    Repaired repaired = context.start().repaired();
    this.repairedUpToMs = repaired.isOf(readUpToMs) ? repaired.upToMs() : -1;
    this.offset = progress.offset(lineage);
    this.lastOffsetRecordAtMs = context.clock().millis();
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

  /** Up to when the shard is read, epoch ms of AWS's clock. */
  long readUpToMs() {
    return readUpToMs;
  }

  /** What the shard leaves to its children. */
  Inheritance inheritance() {
    return new Inheritance(version, readUpToMs);
  }

  /** Raises the version of a shard whose last changes cannot be read any more. */
  void atLeast(long otherVersion) {
    version = Math.max(version, otherVersion);
  }

  /** Changes are compared with the start time until the lineage emits its first one. */
  boolean skipping() {
    return context.start().skipUpToMs() >= 0 && version == DocumentVersion.NONE;
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
    ChangeRecordConverter maker = context.records().ofShard(partition);
    RecordBatch batch = new RecordBatch();
    int inBatch = 0;
    int beforeStart = 0;
    int byOperation = 0;
    for (ItemChange change : changes) {
      if (skipping() && change.createdAtMs() <= context.start().skipUpToMs()) {
        beforeStart++;
        readUpToMs = Math.max(readUpToMs, change.createdAtMs());
        continue;
      }
      version = DocumentVersion.next(version, change.createdAtMs());
      boolean repaired = change.createdAtMs() <= repairedUpToMs;
      if (!repaired) {
        readUpToMs = Math.max(readUpToMs, change.createdAtMs());
      }
      lastEmitted = change.sequenceNumber();
      if (suppressed) {
        continue;
      }
      ShardOffset before = offset;
      ShardOffset.Read read =
          new ShardOffset.Read(change.sequenceNumber(), version, readUpToMs, lineage);
      offset = read;
      offsetPending = repaired || context.records().skips(change);
      if (repaired) {
        beforeStart++;
      } else if (offsetPending) {
        byOperation++;
      } else {
        records(maker, change, before, read).forEach(batch::add);
        inBatch++;
        if (batch.isFull()) {
          put(batch.take(), inBatch);
          inBatch = 0;
        }
      }
    }
    context.metrics().happened(Gauge.MILLIS_SINCE_LAST_EVENT, context.clock());
    context.metrics().add(Counter.EVENTS_SKIPPED_BEFORE_START, beforeStart);
    context.metrics().add(Counter.EVENTS_SKIPPED_BY_OPERATION, byOperation);
    put(batch.take(), inBatch);
    lastRead = changes.get(changes.size() - 1).sequenceNumber();
    long now = context.clock().millis();
    if (!offsetPending) {
      lastOffsetRecordAtMs = now;
      saidUpToMs = readUpToMs;
    } else if (isProgressDue()) {
      announceProgress(now);
    }
  }

  /**
   * @param changes of how many changes the records are
   */
  private void put(List<TrackedRecord> records, int changes) throws InterruptedException {
    if (!records.isEmpty()) {
      outstanding.add(records.size());
      context.output().put(records);
      context.metrics().add(Counter.CHANGE_EVENTS_PROCESSED, changes);
    }
  }

  /**
   * The shard is open and has no more changes. Now and then that is committed, or an idle shard
   * would be taken for an unread one after a restart.
   *
   * @param upToMs when that was asked, epoch ms
   */
  void caughtUp(long upToMs) throws InterruptedException {
    readUpToMs = Math.max(readUpToMs, upToMs);
    boolean due = readUpToMs - saidUpToMs >= context.config().progressInterval().toMillis();
    if (suppressed || !(due || (offsetPending && isProgressDue()))) {
      return;
    }
    String sequence = offset instanceof ShardOffset.Read read ? read.sequence() : null;
    offset =
        sequence == null
            ? new ShardOffset.Started(version, readUpToMs, lineage)
            : new ShardOffset.Read(sequence, version, readUpToMs, lineage);
    announceProgress(context.clock().millis());
  }

  private boolean isProgressDue() {
    return context.clock().millis() - lastOffsetRecordAtMs >= PROGRESS_MS;
  }

  /**
   * Commits now and then how far skipped changes are read, or a restart would read them all again.
   */
  private void announceProgress(long nowMs) throws InterruptedException {
    offsetPending = false;
    lastOffsetRecordAtMs = nowMs;
    saidUpToMs = readUpToMs;
    context.output().announce(StatusType.SHARD_PROGRESS, partition, offset, counted());
  }

  private List<TrackedRecord> records(
      ChangeRecordConverter maker, ItemChange change, ShardOffset before, ShardOffset.Read read)
      throws InterruptedException {
    if (context.records().lacksOldImage(change)) {
      context.metrics().add(Counter.REMOVALS_WITHOUT_OLD_IMAGE, 1);
    }
    try {
      return maker.change(change, before, read, outstanding);
    } catch (MalformedJsonException | OversizedRecordException e) {
      context.metrics().add(Counter.CHANGE_EVENTS_PROCESSING_ERRORS, 1);
      return List.of(
          context
              .output()
              .skipped(
                  partition,
                  read,
                  "sequence",
                  change.sequenceNumber(),
                  "%s, sequence number %s, holds an item that cannot be converted: %s"
                      .formatted(context.nameOf(shardId), change.sequenceNumber(), e.getMessage()),
                  outstanding));
    }
  }

  /**
   * Marks the shard as done.
   *
   * @param whenInKafka run when every record of the shard is acknowledged, this one included
   */
  void finish(long nowMs, Runnable whenInKafka) throws InterruptedException {
    offset = new ShardOffset.Finished(lastEmitted, version, readUpToMs, nowMs, lineage);
    context.output().announce(StatusType.SHARD_FINISHED, partition, offset, counted());
    outstanding.whenNoneOutstanding(whenInKafka);
  }

  /**
   * Says that changes after the last position are gone, and goes on with the oldest that are left.
   */
  void announceLossUpTo(Retention.Gap gap, String reason) throws InterruptedException {
    String before = lastRead;
    readUpToMs = gap.toMs();
    saidUpToMs = readUpToMs;
    offset = new ShardOffset.Started(version, readUpToMs, lineage);
    beginAnew();
    announceLoss(gap, reason, before);
  }

  /** The last position is trimmed, and nothing after it is lost: to go on with what is left. */
  void beginAnew() {
    lastRead = null;
    lastEmitted = null;
  }

  /**
   * @param whenInKafka run when every record of the shard is acknowledged
   */
  void whenInKafka(Runnable whenInKafka) {
    outstanding.whenNoneOutstanding(whenInKafka);
  }

  /**
   * Says that the rest of the shard is gone; no error marks it as done.
   *
   * @param whenInKafka run when every record of the shard is acknowledged, this one included
   */
  void announceLossOfRest(Retention.Gap gap, String reason, Runnable whenInKafka)
      throws InterruptedException {
    announceLoss(gap, reason, lastRead);
    outstanding.whenNoneOutstanding(whenInKafka);
  }

  /**
   * Says that the rest of the shard, or what came after it, is skipped as somebody wanted it.
   *
   * @param told the offset from then on
   * @param whenInKafka run when the record is acknowledged
   */
  void announceSkipped(
      ShardOffset.Skipped told, Retention.Gap gap, String reason, Runnable whenInKafka)
      throws InterruptedException {
    readUpToMs = told.readUpTo();
    saidUpToMs = readUpToMs;
    offset = told.ofLineage(lineage);
    announceLossOfRest(gap, reason, whenInKafka);
  }

  /** Whether somebody has set the shard to be skipped. */
  boolean isSkipped() {
    return offset instanceof ShardOffset.Skipped;
  }

  /**
   * The shard was skipped and is gone by now. Its lineage is marked as skipped instead, so that a
   * task that is given it once more does not look for what it was.
   */
  void passSkipToLineage() throws InterruptedException {
    if (!shardId.equals(lineage)) {
      context.output().announce(StatusType.SHARD_FINISHED, context.partition(lineage), offset);
      context.output().announce(StatusType.SHARD_RETIRED, partition, null);
    }
  }

  /**
   * What to set by hand to have the shard skipped, as a request of Connect's REST API.
   *
   * @param finishedAtMs when its end was reached, epoch ms
   */
  String requestToSkip(long finishedAtMs) {
    return OffsetsRequest.setting(
        partition,
        new ShardOffset.Skipped(lastEmitted, version, readUpToMs, finishedAtMs, null, lineage));
  }

  private void announceLoss(Retention.Gap gap, String reason, @Nullable String before)
      throws InterruptedException {
    context
        .output()
        .announceLoss(
            partition, offset, new Loss(reason, gap.fromMs(), gap.toMs(), before), counted());
  }

  private DeliveryCallback counted() {
    outstanding.add(1);
    return outstanding;
  }
}
