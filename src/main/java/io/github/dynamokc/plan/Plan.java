package io.github.dynamokc.plan;

import io.github.dynamokc.lineage.AssignedShard;
import io.github.dynamokc.lineage.ObservedShard;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A finished plan: one assignment for each task. Progress never changes a plan, because a change
 * restarts every task of the connector; another plan takes its place only when there is other work.
 */
public record Plan(List<TaskAssignment> tasks) {
  public Plan {
    tasks = List.copyOf(tasks);
  }

  /**
   * Whether the plan still assigns all the work there is: every table is in the phase it was
   * planned for, every unfinished file is assigned, and every unsettled shard belongs to the
   * lineage of an assigned one. The assigned shard itself may be long forgotten: the offsets of
   * those that descend from it name it. So a plan lasts as long as the table's phase does.
   */
  public boolean isStillValid(List<ObservedTable> tables) {
    Set<String> planned = work(TableWork.class).map(TableWork::table).collect(Collectors.toSet());
    return planned.size() == tables.size()
        && tables.stream().allMatch(table -> table.isCoveredBy(this));
  }

  boolean assigns(TableWork.Prepare preparation) {
    return work(TableWork.Prepare.class).anyMatch(preparation::equals);
  }

  boolean completes(String table) {
    return work(TableWork.Complete.class).anyMatch(work -> work.table().equals(table));
  }

  boolean assignsAllFiles(ObservedTable.Loading loading) {
    Set<Integer> assigned = new HashSet<>();
    work(TableWork.LoadFiles.class)
        .filter(
            work -> work.table().equals(loading.table()) && work.export().equals(loading.export()))
        .forEach(work -> assigned.addAll(work.files().indexes()));
    for (int index = 0; index < loading.files().size(); index++) {
      if (loading.files().get(index).unfinished() && !assigned.contains(index)) {
        return false;
      }
    }
    return true;
  }

  boolean reachesAllShards(ObservedTable.Streaming streaming) {
    boolean planned =
        work(TableWork.ReadShards.class)
            .anyMatch(
                work ->
                    work.table().equals(streaming.table())
                        && work.stream().equals(streaming.stream()));
    return planned && streaming.lineage().allReachedFrom(taskOfShard(streaming).keySet());
  }

  /**
   * How many open shards each task of this plan reads by now. Starts out even and may become uneven
   * when some lineages split and others do not.
   */
  public List<Integer> openShards(List<ObservedTable> tables) {
    int[] open = new int[tasks.size()];
    for (ObservedTable table : tables) {
      if (table instanceof ObservedTable.Streaming streaming) {
        Map<String, Integer> taskOf = taskOfShard(streaming);
        Map<String, String> owners = streaming.lineage().owners(taskOf.keySet());
        for (ObservedShard shard : streaming.shards()) {
          String owner = owners.get(shard.id());
          if (shard.endingSequence() == null && owner != null) {
            open[Objects.requireNonNull(taskOf.get(owner))]++;
          }
        }
      }
    }
    return Arrays.stream(open).boxed().toList();
  }

  private Map<String, Integer> taskOfShard(ObservedTable.Streaming streaming) {
    Map<String, Integer> taskOf = new HashMap<>();
    for (int task = 0; task < tasks.size(); task++) {
      for (TableWork work : tasks.get(task).work()) {
        if (work instanceof TableWork.ReadShards read
            && read.table().equals(streaming.table())
            && read.stream().equals(streaming.stream())) {
          for (AssignedShard shard : read.shards()) {
            taskOf.put(shard.id(), task);
          }
        }
      }
    }
    return taskOf;
  }

  private <T extends TableWork> Stream<T> work(Class<T> kind) {
    return tasks.stream()
        .flatMap(task -> task.work().stream())
        .filter(kind::isInstance)
        .map(kind::cast);
  }
}
