package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Inheritance;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.offset.ShardOffset;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader takes a shard up.
 *
 * @param sequence the last change that is in Kafka, null for none
 * @param version the last document version of the lineage
 * @param readUpToMs changes since then (epoch ms) are unread
 * @param finishedAt when the shard's end was reached (epoch ms), if nothing is left to do but to
 *     find the children; null otherwise
 * @param skipped if the shard was set by hand to be skipped; null if not
 * @param readBefore what an earlier run left below the shard, if that had read it to its end; null
 *     if it had not
 */
record ShardProgress(
    @Nullable String sequence,
    long version,
    long readUpToMs,
    @Nullable Long finishedAt,
    ShardOffset.@Nullable Skipped skipped,
    @Nullable Lineage readBefore) {

  static ShardProgress of(ShardOffset offset, @Nullable Lineage readBefore) {
    if (offset instanceof ShardOffset.Finished finished) {
      return new ShardProgress(
          finished.sequence(),
          finished.version(),
          finished.readUpTo(),
          finished.at(),
          null,
          readBefore);
    }
    if (offset instanceof ShardOffset.Read read) {
      return new ShardProgress(
          read.sequence(), read.version(), read.readUpTo(), null, null, readBefore);
    }
    if (offset instanceof ShardOffset.Started started) {
      return new ShardProgress(null, started.version(), started.readUpTo(), null, null, readBefore);
    }
    if (offset instanceof ShardOffset.Skipped skipped) {
      return new ShardProgress(
          skipped.sequence(),
          skipped.version(),
          skipped.readUpTo(),
          skipped.skippedAt(),
          skipped,
          readBefore);
    }
    throw new IllegalStateException("Unknown kind of offset " + offset);
  }

  /** A shard of which nothing is committed but its parent's end. */
  static ShardProgress ofChild(Inheritance inherited, @Nullable Lineage readBefore) {
    return new ShardProgress(
        null, inherited.version(), inherited.readUpTo(), null, null, readBefore);
  }

  /** A root of which nothing is committed. */
  static ShardProgress ofRoot(StreamStart start, @Nullable Lineage readBefore) {
    return new ShardProgress(
        null, start.versionFloor(), start.neededFromMs(), null, null, readBefore);
  }

  /**
   * As an offset.
   *
   * @param lineage the shard that the task was given, from which this one descends
   */
  ShardOffset offset(String lineage) {
    if (skipped != null) {
      return skipped.ofLineage(lineage);
    }
    if (finishedAt != null) {
      return new ShardOffset.Finished(sequence, version, readUpToMs, finishedAt, lineage);
    }
    return sequence == null
        ? new ShardOffset.Started(version, readUpToMs, lineage)
        : new ShardOffset.Read(sequence, version, readUpToMs, lineage);
  }
}
