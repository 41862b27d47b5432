package io.github.dynamokc.plan;

import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is to be done for a table, from its offsets and from what AWS says of it. */
public sealed interface ObservedTable {
  /** The table's name. */
  String table();

  /** Into how many pieces the work can be shared out, at least 1. */
  int pieces();

  /** Shares the work out to the tasks of a plan. */
  void assign(TaskShares shares);

  /** Whether a plan assigns all the work of the table. */
  boolean isCoveredBy(PlannedTable planned);

  /**
   * How many open shards of the table the tasks of a plan read by now; those that read none lack.
   */
  default Map<Integer, Integer> openShards(PlannedTable planned) {
    return Map.of();
  }

  /** Whether the next thing to happen is another phase, which is due sooner than a new shard. */
  boolean awaitsNextPhase();

  /** The name of the phase, for the log. */
  default String phase() {
    return getClass().getSimpleName();
  }

  /**
   * The table is to be registered, and if a snapshot is wanted, its export to be submitted or
   * waited for.
   *
   * @param exportAttempt the attempt that is due: 1, or one more than the attempt that failed
   */
  record Preparing(String table, long exportAttempt) implements ObservedTable {
    @Override
    public int pieces() {
      return 1;
    }

    @Override
    public void assign(TaskShares shares) {
      shares.add(new TableWork.Prepare(table, exportAttempt));
    }

    @Override
    public boolean isCoveredBy(PlannedTable planned) {
      return planned.prepares(new TableWork.Prepare(table, exportAttempt));
    }

    @Override
    public boolean awaitsNextPhase() {
      return true;
    }
  }

  /**
   * The export is there; its data files are to be loaded.
   *
   * @param files in the manifest's order: their place in the list is their index
   */
  record Loading(String table, ExportFiles export, List<ObservedFile> files)
      implements ObservedTable {
    public Loading {
      files = List.copyOf(files);
    }

    /** Whether every file with items is committed as done: invariant B asks for no less. */
    public boolean done() {
      return files.stream().noneMatch(ObservedFile::unfinished);
    }

    @Override
    public int pieces() {
      return (int) files.stream().filter(ObservedFile::unfinished).count();
    }

    @Override
    public void assign(TaskShares shares) {
      Planner.assignFiles(this, shares);
    }

    @Override
    public boolean isCoveredBy(PlannedTable planned) {
      return planned.assignsAllFiles(this);
    }

    @Override
    public boolean awaitsNextPhase() {
      return true;
    }
  }

  /**
   * The stream is to be followed, and it takes long to list it. Tasks that read it by an earlier
   * plan go on; without one, a task waits until it is known what there is to do.
   */
  record Listing(String table) implements ObservedTable {
    @Override
    public int pieces() {
      return 1;
    }

    @Override
    public void assign(TaskShares shares) {
      shares.add(new TableWork.AwaitListing(table));
    }

    @Override
    public boolean isCoveredBy(PlannedTable planned) {
      return planned.awaitsListing() || planned.readsStream();
    }

    @Override
    public boolean awaitsNextPhase() {
      return false;
    }
  }

  /**
   * The stream is to be followed.
   *
   * @param stream the stream's ARN
   * @param lineage its listing with what is committed of it
   * @param due what is still to be committed of the table itself
   * @param repairedUpTo up to when the table's last gap is repaired, epoch ms; null without one
   * @param leftBehind shards that have offsets and are neither listed nor the parent of a listed
   *     one
   * @param listAfter the shard up to which there is nothing to do in the stream's listing; null if
   *     that is not worth to be known
   */
  record Streaming(
      String table,
      String stream,
      Lineage lineage,
      Due due,
      @Nullable Long repairedUpTo,
      List<String> leftBehind,
      @Nullable String listAfter)
      implements ObservedTable {
    public Streaming {
      leftBehind = List.copyOf(leftBehind);
    }

    /**
     * What is still to be committed of the table itself, in this order.
     *
     * @param loaded whether {@code EXPORT_LOADED} is
     * @param repaired what {@code GAP_REPAIRED} tells, null if it is not due
     * @param replaces the ended stream that the table's offset still names, null if the offset
     *     names the one that is followed
     */
    public record Due(
        boolean loaded, TableWork.@Nullable LoadedChanges repaired, @Nullable Ended replaces) {
      public static final Due NOTHING = new Due(false, null, null);

      /** Only that an export is loaded, if that. */
      public static Due loaded(boolean loaded) {
        return new Due(loaded, null, null);
      }

      /** The same with a stream that was replaced. */
      public Due replacing(Ended ended) {
        return new Due(loaded, repaired, ended);
      }
    }

    /**
     * A stream that was disabled and read to its end.
     *
     * @param stream its ARN
     * @param version its highest document version, 0 if none is known
     * @param readUpTo up to when all of it was read, epoch ms
     */
    public record Ended(String stream, long version, long readUpTo) {}

    public Streaming(
        String table,
        String stream,
        Collection<ObservedShard> shards,
        boolean announceLoaded,
        @Nullable Ended replaces) {
      this(
          table,
          stream,
          new Lineage(shards),
          new Due(announceLoaded, null, replaces),
          null,
          List.of(),
          null);
    }

    /** Whether {@code EXPORT_LOADED} is still to be committed. */
    public boolean announceLoaded() {
      return due.loaded();
    }

    /** The ended stream that the table's offset still names, null for none. */
    public @Nullable Ended replaces() {
      return due.replaces();
    }

    /** The listing. */
    public List<ObservedShard> shards() {
      return lineage.listing();
    }

    @Override
    public int pieces() {
      return Math.max(1, lineage.frontier().size());
    }

    @Override
    public void assign(TaskShares shares) {
      Planner.assignShards(this, shares);
    }

    @Override
    public boolean isCoveredBy(PlannedTable planned) {
      return planned.reachesAllShards(this);
    }

    @Override
    public Map<Integer, Integer> openShards(PlannedTable planned) {
      Map<String, Integer> taskOf = planned.taskOfShard(stream);
      Map<String, String> owners = lineage.owners(taskOf.keySet());
      Map<Integer, Integer> open = new HashMap<>();
      for (ObservedShard shard : shards()) {
        String owner = owners.get(shard.id());
        Integer task = owner == null ? null : taskOf.get(owner);
        if (shard.endingSequence() == null && task != null) {
          open.merge(task, 1, Integer::sum);
        }
      }
      return open;
    }

    @Override
    public boolean awaitsNextPhase() {
      return false;
    }
  }

  /**
   * Changes are lost from the stream, which is held or to be held until it is known what is to be
   * exported in their place.
   */
  record Holding(TableWork.HoldStream hold) implements ObservedTable {
    @Override
    public String table() {
      return hold.table();
    }

    @Override
    public int pieces() {
      return 1;
    }

    @Override
    public void assign(TaskShares shares) {
      shares.add(hold);
    }

    /** What is lost grows while it is looked at, and is found out when the stream is held. */
    @Override
    public boolean isCoveredBy(PlannedTable planned) {
      return planned.holds(hold);
    }

    @Override
    public boolean awaitsNextPhase() {
      return true;
    }
  }

  /** The windows of a gap are to be exported, or their exports to be waited for. */
  record ExportingGap(TableWork.ExportGap export) implements ObservedTable {
    @Override
    public String table() {
      return export.table();
    }

    @Override
    public int pieces() {
      return 1;
    }

    @Override
    public void assign(TaskShares shares) {
      shares.add(export);
    }

    @Override
    public boolean isCoveredBy(PlannedTable planned) {
      return planned.exports(export);
    }

    @Override
    public boolean awaitsNextPhase() {
      return true;
    }
  }

  /**
   * Windows of a gap that end together are to be loaded, in any order: they tell the same of every
   * item that they have.
   */
  record LoadingGap(String table, List<Loading> windows) implements ObservedTable {
    public LoadingGap {
      windows = List.copyOf(windows);
    }

    @Override
    public int pieces() {
      return windows.stream().mapToInt(Loading::pieces).sum();
    }

    @Override
    public void assign(TaskShares shares) {
      windows.forEach(window -> window.assign(shares));
    }

    @Override
    public boolean isCoveredBy(PlannedTable planned) {
      return windows.stream().allMatch(planned::assignsAllFiles);
    }

    @Override
    public boolean awaitsNextPhase() {
      return true;
    }
  }

  /** The snapshot is loaded and nothing else is wanted. */
  record Completed(String table, boolean announceLoaded) implements ObservedTable {
    @Override
    public int pieces() {
      return 1;
    }

    @Override
    public void assign(TaskShares shares) {
      shares.add(new TableWork.Complete(table, announceLoaded));
    }

    @Override
    public boolean isCoveredBy(PlannedTable planned) {
      return planned.completes(this);
    }

    @Override
    public boolean awaitsNextPhase() {
      return false;
    }
  }

  /** The table has failed, and is looked at again later: until then no work is done on it. */
  record Parked(TableWork.Park park) implements ObservedTable {
    @Override
    public String table() {
      return park.table();
    }

    @Override
    public int pieces() {
      return 1;
    }

    @Override
    public void assign(TaskShares shares) {
      shares.add(park);
    }

    @Override
    public boolean isCoveredBy(PlannedTable planned) {
      return planned.parks();
    }

    @Override
    public boolean awaitsNextPhase() {
      return false;
    }
  }

  /** The table is deleted, and all is done that it left to do but to take its offsets away. */
  record Removing(TableWork.Remove remove) implements ObservedTable {
    @Override
    public String table() {
      return remove.table();
    }

    @Override
    public int pieces() {
      return 1;
    }

    @Override
    public void assign(TaskShares shares) {
      shares.add(remove);
    }

    @Override
    public boolean isCoveredBy(PlannedTable planned) {
      return planned.removes(remove);
    }

    @Override
    public boolean awaitsNextPhase() {
      return true;
    }
  }
}
