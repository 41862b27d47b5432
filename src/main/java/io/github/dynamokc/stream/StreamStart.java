package io.github.dynamokc.stream;

import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.Repaired;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.table.TableDescription;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The first change to deliver. With a snapshot: {@code stream.handover.overlap.ms} before the
 * export's point in time, as DynamoDB promises its contents only to within a minute of it. Without
 * one: the time of registration, or TRIM_HORIZON. After a stream was replaced: the new stream's
 * beginning. A later snapshot changes nothing about it; the repair of a gap does: what happened
 * before its end is told by incremental exports.
 *
 * @param skipUpToMs changes up to this time are skipped of a lineage that has emitted none, epoch
 *     ms; negative to skip none
 * @param neededFromMs changes since then must still be in the stream, epoch ms, but for what was
 *     repaired
 * @param inSnapshotUpToMs what is lost of the stream up to this time is in the latest snapshot, but
 *     for deletions; epoch ms, negative if no snapshot was taken since the stream is followed
 * @param versionFloor the highest document version of the streams before this one: the version of a
 *     shard without a parent; {@code DocumentVersion.NONE} for the table's first stream
 * @param repaired what is told by incremental exports: of a lineage that it is for, changes up to
 *     its end are skipped, and are no loss if they are gone
 */
public record StreamStart(
    long skipUpToMs,
    long neededFromMs,
    long inSnapshotUpToMs,
    long versionFloor,
    Repaired repaired) {
  /** What to say of changes that are lost from the stream, but are in a later snapshot. */
  public static final String IN_SNAPSHOT =
      "The snapshot that was taken since has the items as they were then. Items that were deleted in"
          + " between are not in it, and no deletion of them is in Kafka: whoever keeps a copy of the table"
          + " should build it anew from the snapshot";

  private static final long SKIP_NOTHING = -1;

  /** Of a table of which no gap was repaired. */
  public StreamStart(long skipUpToMs, long neededFromMs, long inSnapshotUpToMs, long versionFloor) {
    this(skipUpToMs, neededFromMs, inSnapshotUpToMs, versionFloor, Repaired.NOTHING);
  }

  /** Of a table's first stream. */
  public StreamStart(long skipUpToMs, long neededFromMs, long inSnapshotUpToMs) {
    this(skipUpToMs, neededFromMs, inSnapshotUpToMs, DocumentVersion.NONE);
  }

  public static StreamStart of(TableOffset offset, TableConfig config) {
    Registration.Start start = offset.registration().start();
    TableOffset.Export export = offset.export();
    long exportedUpTo = export == null ? -1 : config.stream().exportedUpToMs(export.timeMs());
    Registration registration = offset.registration();
    Repaired repaired = Objects.requireNonNullElse(registration.repaired(), Repaired.NOTHING);
    Long since = registration.streamSince();
    if (since != null) {
      return ofAll(
              String.valueOf(registration.streamArn()),
              since,
              exportedUpTo,
              registration.versionFloor())
          .after(repaired);
    }
    if (export != null && !start.followed()) {
      return new StreamStart(exportedUpTo, exportedUpTo, -1).after(repaired);
    }
    long skipUpTo = start.fromTrimHorizon() ? SKIP_NOTHING : start.timeMs();
    return new StreamStart(skipUpTo, start.timeMs(), exportedUpTo).after(repaired);
  }

  /** The same after the repair of a gap. */
  StreamStart after(Repaired gap) {
    return new StreamStart(skipUpToMs, neededFromMs, inSnapshotUpToMs, versionFloor, gap);
  }

  /** Up to when the changes of a shard are in Kafka that is read up to some time, both epoch ms. */
  public long toldUpToMs(long readUpToMs) {
    return repaired.toldUpToMs(readUpToMs);
  }

  /**
   * Whether changes of a shard may be gone that neither were read nor are told by a repair.
   *
   * @param readUpToMs up to when the shard is read, epoch ms
   */
  public boolean mayHaveLost(long readUpToMs, long nowMs) {
    return Retention.mayHaveTrimmed(toldUpToMs(readUpToMs), nowMs);
  }

  /**
   * All of a stream that took the place of an ended one: what was changed since it was enabled, but
   * for what a snapshot has. When the connector went over to it, which can be a day later, does not
   * count.
   *
   * @param wentOverMs when the connector did, epoch ms: for a stream that does not show since when
   *     it is enabled
   */
  private static StreamStart ofAll(
      String streamArn, long wentOverMs, long inSnapshotUpToMs, long versionFloor) {
    Instant enabled = TableDescription.streamSince(streamArn);
    long firstChangeMs = enabled == null ? wentOverMs : enabled.toEpochMilli();
    return new StreamStart(
        SKIP_NOTHING, Math.max(firstChangeMs, inSnapshotUpToMs), inSnapshotUpToMs, versionFloor);
  }

  /**
   * Whether a shard had ended before the start, as its last change shows.
   *
   * @param last what there is at its ending sequence number, which need not be that of a change:
   *     nothing proves nothing
   */
  boolean isAfterEndWith(List<ItemChange> last) {
    return !last.isEmpty() && last.get(last.size() - 1).createdAtMs() <= skipUpToMs;
  }

  /**
   * Whether nothing but the start tells up to when a shard is read, and not a change or an answer.
   * Then a closed one can have ended long before, and be gone with its children, and nothing that
   * is wanted with them, though the stream keeps what was changed since the start.
   */
  boolean isAllThatTells(long readUpToMs) {
    return readUpToMs <= neededFromMs;
  }

  /**
   * Whether what happened before a stream was enabled is in the latest snapshot, but for deletions.
   * False also if the ARN does not show when that was.
   */
  public boolean isInSnapshotBefore(String streamArn) {
    Instant enabled = TableDescription.streamSince(streamArn);
    return enabled != null && inSnapshotUpToMs > enabled.toEpochMilli();
  }

  /**
   * The same, for the stream that takes the place of the one that this is the start of.
   *
   * @param streamArn the next stream
   * @param endedVersion the highest document version of the one that has ended
   */
  public StreamStart ofNext(String streamArn, long nowMs, long endedVersion) {
    return ofAll(streamArn, nowMs, inSnapshotUpToMs, Math.max(versionFloor, endedVersion))
        .after(repaired);
  }
}
