package io.github.dynamokc.monitor;

import io.github.dynamokc.config.StreamConfig;
import io.github.dynamokc.lineage.Inheritance;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.stream.StreamStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Of which lineages of a stream changes are gone that nobody has read, as the offsets and one
 * listing show it: what the tasks that read them would declare lost, by the same rule ({@link
 * StreamStart#mayHaveLost}), before they are started. Pure; to be asked when no shard of the
 * listing is held back any more. Whether nothing is committed of some lineage, it cannot tell: see
 * {@link PlannedLineages}.
 */
public final class LostLineages {
  private LostLineages() {}

  /**
   * What of a table is in Kafka whatever was read of its stream.
   *
   * @param upToMs items as they were then, epoch ms: the snapshot's time, or that of the start if
   *     there is none
   * @param isExact false if that is a snapshot, whose time is not exact
   * @param overlap how far before the end of a repair the stream goes on
   */
  public record Delivered(long upToMs, boolean isExact, Duration overlap) {

    /** DynamoDB promises what an export has only to within a minute of its time. */
    private static final Duration INEXACT = Duration.ofMinutes(1);

    static Delivered of(TableOffset offset, StreamConfig config) {
      TableOffset.Export export = offset.export();
      Registration.Start start = offset.registration().start();
      long upToMs;
      if (export == null) {
        upToMs = start.timeMs();
      } else if (start.followed()) {
        upToMs = Math.max(start.timeMs(), export.timeMs());
      } else {
        upToMs = export.timeMs();
      }
      return new Delivered(
          upToMs, export == null || upToMs != export.timeMs(), config.handoverOverlap());
    }

    /**
     * Where windows begin for a lineage that is read up to some time, both epoch ms: up to then it
     * is in Kafka, and if that is a snapshot, also where it may have been taken.
     */
    Stream<Long> positionsMs(long readUpToMs, StreamStart start) {
      long position = upToMs(readUpToMs, start);
      return isExact || position != upToMs
          ? Stream.of(position)
          : Stream.of(position - INEXACT.toMillis(), position);
    }

    /** Up to when a lineage is in Kafka that is read up to some time, both epoch ms. */
    long upToMs(long readUpToMs, StreamStart start) {
      long told = start.toldUpToMs(readUpToMs);
      long repaired = told > readUpToMs ? told + overlap.toMillis() : told;
      return Math.max(upToMs, repaired);
    }
  }

  /**
   * Up to when Kafka has what happened in the lineages that have lost something.
   *
   * @param leftBehind the offsets of shards that are not listed, and are not the parents of listed
   *     ones either. What descends from them is listed without a parent; which is below which
   *     cannot be seen
   * @param nowMs epoch ms of AWS's clock
   * @return epoch ms, one for each lineage, in no order; empty if nothing is lost
   */
  public static List<Long> readUpToMs(
      Lineage lineage,
      Collection<ShardOffset> leftBehind,
      StreamStart start,
      Delivered delivered,
      long nowMs) {
    return standings(lineage, leftBehind, start, nowMs).stream()
        .filter(standing -> standing.mayLose() && start.mayHaveLost(standing.readUpToMs(), nowMs))
        .map(standing -> delivered.upToMs(standing.readUpToMs(), start))
        .toList();
  }

  /**
   * The same of all lineages, lost or not: what is not read of one for some time is to be repaired
   * as well.
   *
   * @return at least one
   */
  static List<Long> allReadUpToMs(
      Lineage lineage,
      Collection<ShardOffset> leftBehind,
      StreamStart start,
      Delivered delivered,
      long nowMs) {
    List<Long> all =
        standings(lineage, leftBehind, start, nowMs).stream()
            .flatMap(standing -> delivered.positionsMs(standing.readUpToMs(), start))
            .toList();
    return all.isEmpty() ? delivered.positionsMs(start.neededFromMs(), start).toList() : all;
  }

  /**
   * Where a lineage stands.
   *
   * @param readUpToMs up to when it is read, epoch ms
   * @param mayLose whether what comes next may be gone by its age alone
   */
  private record Standing(long readUpToMs, boolean mayLose) {
    private static Standing of(ShardOffset offset, boolean mayLose) {
      return new Standing(offset.readUpTo(), mayLose);
    }
  }

  private static List<Standing> standings(
      Lineage lineage, Collection<ShardOffset> leftBehind, StreamStart start, long nowMs) {
    List<Standing> standings = new ArrayList<>();
    List<ShardOffset> unlisted = unlisted(lineage, leftBehind);
    boolean ancestorsAreKnown = false;
    for (ShardOffset offset : unlisted) {
      // A younger one is there, though the listing lacks it.
      ancestorsAreKnown |= start.mayHaveLost(offset.readUpTo(), nowMs);
    }
    boolean fromAncestors = false;
    for (ObservedShard shard : lineage.frontier()) {
      ShardOffset offset = shard.offset();
      Inheritance inherited = lineage.inheritance(shard);
      if (offset != null) {
        add(standings, offset, lineage, shard);
      } else if (lineage.isRead(shard)) {
        addBelow(standings, lineage, shard);
      } else if (inherited != null) {
        standings.add(new Standing(inherited.readUpTo(), true));
      } else if (shard.parent() != null && ancestorsAreKnown) {
        fromAncestors = true;
      } else {
        standings.add(new Standing(start.neededFromMs(), true));
      }
    }
    for (ShardOffset offset : fromAncestors ? unlisted : leftBehind) {
      if (!isSkipped(offset)) {
        standings.add(Standing.of(offset, true));
      }
    }
    return standings;
  }

  private static List<ShardOffset> unlisted(Lineage lineage, Collection<ShardOffset> leftBehind) {
    List<ShardOffset> unlisted = new ArrayList<>();
    for (ShardOffset offset : leftBehind) {
      if (!isSkipped(offset)) {
        unlisted.add(offset);
      }
    }
    for (ObservedShard shard : lineage.forgotten()) {
      ShardOffset offset = shard.offset();
      if (offset != null && !isSkipped(offset)) {
        unlisted.add(offset);
      }
    }
    return unlisted;
  }

  /** Of a shard to start at that has an offset. */
  private static void add(
      List<Standing> standings, ShardOffset offset, Lineage lineage, ObservedShard shard) {
    if (isSkipped(offset)) {
      return;
    }
    if (offset.endedAt() != null) {
      // Its children are to come, unless it is gone with them.
      standings.add(Standing.of(offset, lineage.forgotten().contains(shard)));
    } else if (lineage.isRead(shard)) {
      addBelow(standings, lineage, shard);
    } else {
      standings.add(Standing.of(offset, true));
    }
  }

  /** What is left of a shard that is read tells its version, and those below it go on. */
  private static void addBelow(List<Standing> standings, Lineage lineage, ObservedShard shard) {
    for (ShardOffset below : lineage.offsetsBelow(shard.id())) {
      if (!isSkipped(below)) {
        standings.add(Standing.of(below, below.endedAt() == null));
      }
    }
  }

  /** By hand: what that leaves out is told, and is no loss. */
  private static boolean isSkipped(ShardOffset offset) {
    return offset instanceof ShardOffset.Skipped;
  }
}
