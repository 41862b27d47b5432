package io.github.dynamokc;

import io.github.dynamokc.config.SnapshotMode;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.offset.TableOffset;

/**
 * Where the changes of a table begin to count: after a snapshot, shortly before the export's point
 * in time, since DynamoDB promises its contents only to within a minute of it; without one, at the
 * time of registration, or at whatever the stream still holds; of a stream that took the place of
 * an ended one, with its beginning.
 *
 * @param skipUpToMs changes up to this time are left out, epoch ms; negative to leave out nothing
 * @param neededFromMs changes since then must still be in the stream, epoch ms
 */
record StreamStart(long skipUpToMs, long neededFromMs) {
  private static final long SKIP_NOTHING = -1;

  static StreamStart of(TableOffset fact, TableConfig config) {
    Long since = fact.registration().streamSince();
    if (since != null) {
      return ofAll(since);
    }
    if (config.snapshot().mode() != SnapshotMode.NO_DATA) {
      if (fact instanceof TableOffset.ExportSubmitted submitted) {
        return afterExport(submitted.export(), config);
      }
      if (fact instanceof TableOffset.ExportLoaded loaded) {
        return afterExport(loaded.export(), config);
      }
    }
    TableOffset.Start start = fact.registration().start();
    return new StreamStart(start.fromTrimHorizon() ? SKIP_NOTHING : start.timeMs(), start.timeMs());
  }

  /**
   * All of a stream that took the place of an ended one.
   *
   * @param sinceMs when it did, epoch ms
   */
  static StreamStart ofAll(long sinceMs) {
    return new StreamStart(SKIP_NOTHING, sinceMs);
  }

  private static StreamStart afterExport(TableOffset.Export export, TableConfig config) {
    long keptAfter = keptAfterMs(export.timeMs(), config);
    return new StreamStart(keptAfter, keptAfter);
  }

  /** Changes up to this time are in the snapshot and left out of the stream, epoch ms. */
  static long keptAfterMs(long exportTimeMs, TableConfig config) {
    return exportTimeMs - config.stream().handoverOverlap().toMillis();
  }
}
