package io.github.dynamokc.monitor;

import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.stream.StreamStart;
import io.github.dynamokc.table.TableDescription;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What is left of a stream that was disabled and read to its end, for the one that takes its place:
 * up to when it was read, and the versions that it had. Pure.
 */
final class EndedStream {
  private EndedStream() {}

  /** Of all shards that have an offset: versions grow from a shard to its children. */
  static long highestVersion(ObservedTable.Streaming ended) {
    return offsets(ended).mapToLong(ShardOffset::version).max().orElse(DocumentVersion.NONE);
  }

  /** Up to when all of it was read, epoch ms. */
  static long readUpToMs(ObservedTable.Streaming ended, long least) {
    return ended.shards().stream()
        .filter(shard -> !ended.lineage().isSettled(shard))
        .map(ObservedShard::offset)
        .filter(Objects::nonNull)
        .mapToLong(ShardOffset::readUpTo)
        .min()
        .orElse(least);
  }

  /** All of it is in Kafka, and no shard of it has a later change than this, epoch ms. */
  static long lastReadUpToMs(
      ObservedTable.Streaming ended, LostLineages.Delivered delivered, StreamStart start) {
    return offsets(ended)
        .mapToLong(offset -> delivered.upToMs(offset.readUpTo(), start))
        .reduce(delivered.upToMs(start.neededFromMs(), start), Math::max);
  }

  private static Stream<ShardOffset> offsets(ObservedTable.Streaming ended) {
    return ended.shards().stream().map(ObservedShard::offset).filter(Objects::nonNull);
  }

  /**
   * Positions in a stream that has ended, none of them later than the next stream was enabled: a
   * shard that is read without changes counts as read up to then, also if nothing is written to it
   * any more. What was loaded before counts, whatever stream there was.
   *
   * @param next the ARN of the stream that has taken its place
   * @param positionsMs epoch ms
   */
  static List<Long> notAfter(
      String next, List<Long> positionsMs, LostLineages.Delivered delivered, StreamStart start) {
    Instant enabled = TableDescription.streamSince(next);
    if (enabled == null) {
      return positionsMs;
    }
    long latest = Math.max(enabled.toEpochMilli(), delivered.upToMs(start.neededFromMs(), start));
    return positionsMs.stream().map(time -> Math.min(time, latest)).toList();
  }

  /**
   * What versions of changes before a stream was enabled are below, should the offsets of the ended
   * stream not be seen, because the stream or its last shards are not listed any more.
   */
  static long versionBefore(String next) {
    Instant enabled = TableDescription.streamSince(next);
    return enabled == null ? DocumentVersion.NONE : DocumentVersion.lastOf(enabled.toEpochMilli());
  }
}
