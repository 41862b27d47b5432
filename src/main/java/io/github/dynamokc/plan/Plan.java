package io.github.dynamokc.plan;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A finished plan: one assignment a task. It stays in force until the work itself is another one;
 * progress never changes it, as a change restarts every task of the connector.
 */
public final class Plan {
  private final List<TaskAssignment> tasks;
  private final Map<String, Coverage> coverage = new HashMap<>();

  Plan(List<TaskAssignment> tasks) {
    this.tasks = List.copyOf(tasks);
    work(TableWork.ReadShards.class)
        .forEach(
            work ->
                coverage.merge(
                    work.table(),
                    new Coverage(work.shards().stream().map(TableWork.AssignedShard::id).toList()),
                    Coverage::plus));
  }

  public List<TaskAssignment> tasks() {
    return tasks;
  }

  /**
   * Whether the plan still gives out all the work there is: every table is in the phase it was
   * planned for, every unfinished file is assigned, and every unfinished shard descends from an
   * assigned one. Called with each new observation, which is how the plan learns of children.
   */
  public boolean stands(List<ObservedTable> tables) {
    Set<String> planned = new HashSet<>();
    work(TableWork.class).forEach(work -> planned.add(work.table()));
    boolean stands = planned.size() == tables.size();
    for (ObservedTable table : tables) {
      stands &= stands(table);
    }
    return stands;
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
    @Nullable Coverage reached = coverage.get(streaming.table());
    boolean sameStream =
        work(TableWork.ReadShards.class)
            .filter(work -> work.table().equals(streaming.table()))
            .allMatch(work -> work.stream().equals(streaming.stream()));
    if (reached == null || !sameStream) {
      return false;
    }
    reached.observe(streaming.shards());
    Lineage lineage = new Lineage(streaming.shards());
    return streaming.shards().stream()
        .allMatch(shard -> lineage.isSettled(shard) || reached.covers(shard));
  }

  private <T extends TableWork> Stream<T> work(Class<T> kind) {
    return tasks.stream()
        .flatMap(task -> task.work().stream())
        .filter(kind::isInstance)
        .map(kind::cast);
  }
}
