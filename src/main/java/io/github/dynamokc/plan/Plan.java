package io.github.dynamokc.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
   * planned for, what is due of its own offset is somebody's to commit, every unfinished file is
   * assigned, and every unsettled shard belongs to the lineage of an assigned one. The assigned
   * shard itself may be long forgotten: the offsets of those that descend from it name it. So a
   * plan lasts as long as the table's phase does.
   */
  public boolean isStillValid(List<ObservedTable> tables) {
    Map<String, PlannedTable> planned = byTable();
    return hasNoMoreThan(tables, planned)
        && tables.stream()
            .allMatch(
                table ->
                    table.isCoveredBy(planned.getOrDefault(table.table(), PlannedTable.NOTHING)));
  }

  /** Whether a plan does nothing for tables that there are no more. */
  static boolean hasNoMoreThan(List<ObservedTable> tables, Map<String, PlannedTable> planned) {
    Set<String> names = tables.stream().map(ObservedTable::table).collect(Collectors.toSet());
    return planned.entrySet().stream()
        .allMatch(each -> names.contains(each.getKey()) || each.getValue().isOver());
  }

  /** The tables that there is work on, sorted by name. */
  public List<String> tables() {
    return tasks.stream()
        .flatMap(task -> task.work().stream())
        .map(TableWork::table)
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * How many open shards each task of this plan reads by now. Starts out even and may become uneven
   * when some lineages split and others do not.
   */
  public List<Integer> openShards(List<ObservedTable> tables) {
    Map<String, PlannedTable> planned = byTable();
    int[] open = new int[tasks.size()];
    for (ObservedTable table : tables) {
      table
          .openShards(planned.getOrDefault(table.table(), PlannedTable.NOTHING))
          .forEach((task, shards) -> open[task] += shards);
    }
    return Arrays.stream(open).boxed().toList();
  }

  /** Whether a task reads a stream. */
  public boolean readsStreams() {
    return tasks.stream()
        .flatMap(task -> task.work().stream())
        .anyMatch(TableWork.ReadShards.class::isInstance);
  }

  /** What the plan has for each table, by name. */
  Map<String, PlannedTable> byTable() {
    Map<String, List<PlannedTable.Share>> shares = new HashMap<>();
    for (int task = 0; task < tasks.size(); task++) {
      for (TableWork work : tasks.get(task).work()) {
        shares
            .computeIfAbsent(work.table(), table -> new ArrayList<>())
            .add(new PlannedTable.Share(task, work));
      }
    }
    Map<String, PlannedTable> planned = new HashMap<>();
    shares.forEach((table, share) -> planned.put(table, new PlannedTable(share)));
    return planned;
  }
}
