package io.github.dynamokc.stream;

import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.table.TableDescription;
import java.time.Instant;

/**
 * The first change to deliver. With a snapshot: {@code stream.handover.overlap.ms} before the
 * export's point in time, as DynamoDB promises its contents only to within a minute of it. Without
 * one: the time of registration, or TRIM_HORIZON. After a stream was replaced: the new stream's
 * beginning. A later snapshot changes nothing about it.
 *
 * @param skipUpToMs changes up to this time are skipped, epoch ms; negative to skip none
 * @param neededFromMs changes since then must still be in the stream, epoch ms
 * @param inSnapshotUpToMs what is lost of the stream up to this time is in the latest snapshot, but
 *     for deletions; epoch ms, negative if no snapshot was taken since the stream is followed
 */
public record StreamStart(long skipUpToMs, long neededFromMs, long inSnapshotUpToMs) {
  /** What to say of changes that are lost from the stream, but are in a later snapshot. */
  public static final String IN_SNAPSHOT =
      "The snapshot that was taken since has the items as they were then. Items that were deleted in"
          + " between are not in it, and no deletion of them is in Kafka: whoever keeps a copy of the table"
          + " should build it anew from the snapshot";

  private static final long SKIP_NOTHING = -1;

  public static StreamStart of(TableOffset offset, TableConfig config) {
    TableOffset.Start start = offset.registration().start();
    TableOffset.Export export = offset.export();
    long exportedUpTo = export == null ? -1 : config.stream().exportedUpToMs(export.timeMs());
    Long since = offset.registration().streamSince();
    if (since != null) {
      return ofAll(since, exportedUpTo);
    }
    if (export != null && !start.followed()) {
      return new StreamStart(exportedUpTo, exportedUpTo, -1);
    }
    long skipUpTo = start.fromTrimHorizon() ? SKIP_NOTHING : start.timeMs();
    return new StreamStart(skipUpTo, start.timeMs(), exportedUpTo);
  }

  /**
   * All of a stream that took the place of an ended one.
   *
   * @param sinceMs when it did, epoch ms
   */
  private static StreamStart ofAll(long sinceMs, long inSnapshotUpToMs) {
    return new StreamStart(SKIP_NOTHING, sinceMs, inSnapshotUpToMs);
  }

  /**
   * Whether what happened before a stream was enabled is in the latest snapshot, but for deletions.
   * False also if the ARN does not show when that was.
   */
  public boolean isInSnapshotBefore(String streamArn) {
    Instant enabled = TableDescription.streamSince(streamArn);
    return enabled != null && inSnapshotUpToMs > enabled.toEpochMilli();
  }

  /** The same, for the stream that takes the place of the one that this is the start of. */
  public StreamStart ofNext(long nowMs) {
    return ofAll(nowMs, inSnapshotUpToMs);
  }
}
