package io.github.dynamokc.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A finished plan: one assignment a task. It stays in force until the work itself is another one;
 * progress never changes it, as a change restarts every task of the connector.
 */
public record Plan(List<TaskAssignment> tasks) {
  public Plan {
    tasks = List.copyOf(tasks);
  }

  /**
   * Whether the plan still gives out all the work there is: every table is in the phase it was
   * planned for, every unfinished file is assigned, and every unsettled shard descends from an
   * assigned one that is still listed. The last matters for a task that is restarted from this
   * plan: it finds its way from the shards it was given to those it has to read by the listing,
   * which forgets a shard after 24 hours. So a plan lasts about a day.
   */
  public boolean stands(List<ObservedTable> tables) {
    Set<String> planned = work(TableWork.class).map(TableWork::table).collect(Collectors.toSet());
    return planned.size() == tables.size() && tables.stream().allMatch(this::stands);
  }

  private boolean stands(ObservedTable table) {
    if (table instanceof ObservedTable.Preparing preparing) {
      return work(TableWork.Prepare.class)
          .anyMatch(
              work ->
                  work.table().equals(table.table())
                      && work.exportAttempt() == preparing.exportAttempt());
    }
    if (table instanceof ObservedTable.Loading loading) {
      return assignsAllFiles(loading);
    }
    if (table instanceof ObservedTable.Streaming streaming) {
      return reachesAllShards(streaming);
    }
    return work(TableWork.Complete.class).anyMatch(work -> work.table().equals(table.table()));
  }

  private boolean assignsAllFiles(ObservedTable.Loading loading) {
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

  private boolean reachesAllShards(ObservedTable.Streaming streaming) {
    Set<String> assigned = new HashSet<>();
    boolean planned = false;
    for (TableWork.ReadShards work : work(TableWork.ReadShards.class).toList()) {
      if (work.table().equals(streaming.table()) && work.stream().equals(streaming.stream())) {
        planned = true;
        work.shards().forEach(shard -> assigned.add(shard.id()));
      }
    }
    return planned && new Lineage(streaming.shards()).allReachedFrom(assigned);
  }

  private <T extends TableWork> Stream<T> work(Class<T> kind) {
    return tasks.stream()
        .flatMap(task -> task.work().stream())
        .filter(kind::isInstance)
        .map(kind::cast);
  }
}
