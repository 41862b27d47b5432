package io.github.dynamokc.plan;

import io.github.dynamokc.lineage.AssignedShard;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What a plan has for one table: the shares of it, each with its task's place in the plan. */
record PlannedTable(List<Share> shares) {
  static final PlannedTable NOTHING = new PlannedTable(List.of());

  record Share(int task, TableWork work) {}

  PlannedTable {
    shares = List.copyOf(shares);
  }

  boolean prepares(TableWork.Prepare preparation) {
    return work(TableWork.Prepare.class).anyMatch(preparation::equals);
  }

  boolean awaitsListing() {
    return work(TableWork.AwaitListing.class).findAny().isPresent();
  }

  boolean readsStream() {
    return work(TableWork.ReadShards.class).findAny().isPresent();
  }

  boolean holds(TableWork.HoldStream hold) {
    return work(TableWork.HoldStream.class)
        .anyMatch(
            work ->
                work.stream().equals(hold.stream())
                    && Objects.equals(work.repairedUpTo(), hold.repairedUpTo())
                    && (work.announceLoaded() || !hold.announceLoaded())
                    && (work.announceRepaired() != null || hold.announceRepaired() == null));
  }

  boolean exports(TableWork.ExportGap export) {
    return work(TableWork.ExportGap.class).anyMatch(export::equals);
  }

  /** Whatever for: the reason of a failure may have other words each time. */
  boolean parks() {
    return work(TableWork.Park.class).findAny().isPresent();
  }

  boolean removes(TableWork.Remove remove) {
    return work(TableWork.Remove.class).anyMatch(work -> work.tableId().equals(remove.tableId()));
  }

  /**
   * Whether the plan has nothing left for a table that is not followed any more: its offsets are
   * taken away by then, which is done once.
   */
  boolean isOver() {
    return work(TableWork.class).allMatch(TableWork.Remove.class::isInstance);
  }

  boolean completes(ObservedTable.Completed completed) {
    return work(TableWork.Complete.class)
        .anyMatch(work -> work.announceLoaded() || !completed.announceLoaded());
  }

  boolean assignsAllFiles(ObservedTable.Loading loading) {
    Set<Integer> assigned = new HashSet<>();
    work(TableWork.LoadFiles.class)
        .filter(work -> work.export().equals(loading.export()))
        .forEach(work -> assigned.addAll(work.files().indexes()));
    for (int index = 0; index < loading.files().size(); index++) {
      if (loading.files().get(index).unfinished() && !assigned.contains(index)) {
        return false;
      }
    }
    return true;
  }

  boolean reachesAllShards(ObservedTable.Streaming streaming) {
    return announcesAllOf(streaming)
        && streaming.lineage().allReachedFrom(taskOfShard(streaming.stream()).keySet());
  }

  /**
   * A plan that lacks what is to be committed of the table itself would never have it committed;
   * nor would one that may lack lineages say that it does not, when that is clear.
   */
  private boolean announcesAllOf(ObservedTable.Streaming streaming) {
    List<TableWork.ReadShards> reads =
        work(TableWork.ReadShards.class)
            .filter(read -> read.stream().equals(streaming.stream()))
            .filter(read -> Objects.equals(read.repairedUpTo(), streaming.repairedUpTo()))
            .toList();
    ObservedTable.Streaming.Due due = streaming.due();
    boolean isClearByNow = streaming.lineage().heldBack().isEmpty();
    return !reads.isEmpty()
        && !(isClearByNow && reads.stream().anyMatch(read -> read.lacksLineages() != null))
        && (!due.loaded() || reads.stream().anyMatch(TableWork.ReadShards::announceLoaded))
        && (due.repaired() == null
            || reads.stream().anyMatch(read -> read.announceRepaired() != null))
        && (due.replaces() == null
            || reads.stream()
                .map(TableWork.ReadShards::replaces)
                .filter(Objects::nonNull)
                .anyMatch(TableWork.Replacement::announce));
  }

  /** Of each shard of a stream that was given out, to which task. */
  Map<String, Integer> taskOfShard(String stream) {
    Map<String, Integer> taskOf = new HashMap<>();
    for (Share share : shares) {
      if (share.work() instanceof TableWork.ReadShards read && read.stream().equals(stream)) {
        for (AssignedShard shard : read.shards()) {
          taskOf.put(shard.id(), share.task());
        }
      }
    }
    return taskOf;
  }

  private <T extends TableWork> Stream<T> work(Class<T> kind) {
    return shares.stream().map(Share::work).filter(kind::isInstance).map(kind::cast);
  }
}
