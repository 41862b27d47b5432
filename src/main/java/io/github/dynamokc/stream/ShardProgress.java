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
   * @param fact what is committed, null for nothing
   * @param neededFromMs what counts as needed if there is no fact
   */
  static ShardProgress of(@Nullable ShardOffset fact, long neededFromMs) {
    if (fact instanceof ShardOffset.Finished finished) {
      return new ShardProgress(finished.sequence(), finished.version(), neededFromMs, true, true);
    }
    if (fact instanceof ShardOffset.Read read) {
      return new ShardProgress(read.sequence(), read.version(), neededFromMs, false, true);
    }
    if (fact instanceof ShardOffset.Started started) {
      return new ShardProgress(null, started.version(), started.at(), false, true);
    }
    return new ShardProgress(null, DocumentVersion.NONE, neededFromMs, false, true);
  }

  /** A child of a shard that this run has read to its end. */
  static ShardProgress ofNewChild(long inheritedVersion, long nowMs) {
    return new ShardProgress(null, inheritedVersion, nowMs, false, false);
  }
}
