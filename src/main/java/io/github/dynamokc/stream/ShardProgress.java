package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Inheritance;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.record.DocumentVersion;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader takes a shard up.
 *
 * @param sequence the last change that is in Kafka, null for none
 * @param version the last document version of the lineage
 * @param neededFromMs changes since then (epoch ms) are unread; judged against what the stream
 *     still holds as long as there is no {@code sequence}
 * @param finishedAt when the shard's end was reached (epoch ms), if nothing is left to do but to
 *     find the children; null otherwise
 * @param readBefore what an earlier run left below the shard, if that had read it to its end; null
 *     if it had not
 */
record ShardProgress(
    @Nullable String sequence,
    long version,
    long neededFromMs,
    @Nullable Long finishedAt,
    @Nullable Lineage readBefore) {

  static ShardProgress of(ShardOffset offset, @Nullable Lineage readBefore) {
    if (offset instanceof ShardOffset.Finished finished) {
      return new ShardProgress(
          finished.sequence(), finished.version(), finished.at(), finished.at(), readBefore);
    }
    if (offset instanceof ShardOffset.Read read) {
      return new ShardProgress(read.sequence(), read.version(), Long.MAX_VALUE, null, readBefore);
    }
    if (offset instanceof ShardOffset.Started started) {
      return new ShardProgress(null, started.version(), started.at(), null, readBefore);
    }
    throw new IllegalStateException("Unknown kind of offset " + offset);
  }

  /** A shard of which nothing is committed but its parent's end. */
  static ShardProgress ofChild(Inheritance inherited, @Nullable Lineage readBefore) {
    return new ShardProgress(
        null, inherited.version(), inherited.parentFinishedAt(), null, readBefore);
  }

  /** A root of which nothing is committed. */
  static ShardProgress ofRoot(long neededFromMs, @Nullable Lineage readBefore) {
    return new ShardProgress(null, DocumentVersion.NONE, neededFromMs, null, readBefore);
  }

  /** Up to what time the shard is read, epoch ms. */
  long readUpToMs() {
    if (finishedAt != null) {
      return finishedAt;
    }
    return sequence == null ? neededFromMs : DocumentVersion.timeMs(version);
  }

  /**
   * As an offset.
   *
   * @param lineage the shard that the task was given, from which this one descends
   */
  ShardOffset offset(String lineage) {
    if (finishedAt != null) {
      return new ShardOffset.Finished(sequence, version, finishedAt, lineage);
    }
    return sequence == null
        ? new ShardOffset.Started(version, neededFromMs, lineage)
        : new ShardOffset.Read(sequence, version, lineage);
  }
}
