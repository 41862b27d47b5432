package io.github.dynamokc.stream;

import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.record.DocumentVersion;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader takes a shard up.
 *
 * @param sequence the last change that is in Kafka, null for none
 * @param version the last document version of the lineage
 * @param neededFromMs changes since then (epoch ms) have been seen by nobody yet; judged against
 *     what the stream still holds as long as there is no {@code sequence}
 * @param finished whether nothing is left to read but the children
 * @param fromEarlierRun whether this is what an earlier run left, so that its facts may lag behind
 *     those of its children
 */
record ShardProgress(
    @Nullable String sequence,
    long version,
    long neededFromMs,
    boolean finished,
    boolean fromEarlierRun) {

  /**
   * @param neededFromMs what counts as needed of a shard that is read from its beginning
   */
  static ShardProgress of(ShardOffset fact, long neededFromMs) {
    if (fact instanceof ShardOffset.Finished finished) {
      return new ShardProgress(finished.sequence(), finished.version(), neededFromMs, true, true);
    }
    if (fact instanceof ShardOffset.Read read) {
      return new ShardProgress(read.sequence(), read.version(), neededFromMs, false, true);
    }
    ShardOffset.Started started = (ShardOffset.Started) fact;
    return new ShardProgress(null, started.version(), started.at(), false, true);
  }

  /** A root of which nothing is committed. */
  static ShardProgress ofNewRoot(long neededFromMs) {
    return new ShardProgress(null, DocumentVersion.NONE, neededFromMs, false, true);
  }

  /** A child of which nothing is committed, of a parent that an earlier run has read. */
  static ShardProgress ofNewChildOfEarlierRun(long inheritedVersion, long parentFinishedAt) {
    return new ShardProgress(null, inheritedVersion, parentFinishedAt, false, true);
  }

  /**
   * A child that gets its first fact now.
   *
   * @param fromEarlierRun whether an earlier run may have read it all the same
   */
  static ShardProgress ofNewChild(long inheritedVersion, long nowMs, boolean fromEarlierRun) {
    return new ShardProgress(null, inheritedVersion, nowMs, false, fromEarlierRun);
  }
}
