package io.github.dynamokc.plan;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The plan in force, and the rule for another one: when the work itself is another one, or the
 * shares have become uneven. Progress alone never changes it. What is judged of a table is kept
 * until the table is observed anew, so that news of one table do not cost a look at all. For one
 * thread.
 */
public final class StandingPlan {
  private final int maxTasks;
  private final RebalancePolicy rebalance = new RebalancePolicy();
  private @Nullable Plan committed;
  private @Nullable Plan plan;

  /** What the plan in force has for each table, by name. */
  private Map<String, PlannedTable> planned = Map.of();

  /** By the table's name; of the plan in force. */
  private final Map<String, Judged> judged = new HashMap<>();

  /**
   * What an observation is for the plan in force.
   *
   * @param open how many open shards each task has of the table, those without left out
   */
  private record Judged(
      ObservedTable table, boolean covered, int pieces, Map<Integer, Integer> open) {}

  /**
   * @param maxTasks at least 1
   */
  public StandingPlan(int maxTasks) {
    this(maxTasks, null);
  }

  /**
   * With a plan that was made by an earlier run.
   *
   * @param committed in force if it is valid for the first observations; null for none
   */
  public StandingPlan(int maxTasks, @Nullable Plan committed) {
    this.maxTasks = maxTasks;
    this.committed = committed;
  }

  /**
   * To be asked at every observation, and now and then without one: shares that stay uneven are no
   * news.
   *
   * @param tables all tables as they were seen last; the same object for one that was not seen anew
   * @param nowMs epoch ms
   * @return the plan that takes the place of the one in force, null if that stands
   */
  public @Nullable Plan update(List<ObservedTable> tables, long nowMs) {
    if (plan == null) {
      Plan earlier = committed;
      committed = null;
      return begin(
          earlier != null && earlier.isStillValid(tables)
              ? earlier
              : Planner.plan(tables, maxTasks));
    }
    boolean stands = coversAll(tables) && !isUneven(plan, tables, nowMs);
    return stands ? null : begin(Planner.plan(tables, maxTasks));
  }

  private Plan begin(Plan next) {
    plan = next;
    planned = next.byTable();
    judged.clear();
    return next;
  }

  private boolean coversAll(List<ObservedTable> tables) {
    return planned.size() == tables.size()
        && tables.stream().allMatch(table -> judge(table).covered());
  }

  private boolean isUneven(Plan inForce, List<ObservedTable> tables, long nowMs) {
    int[] open = new int[inForce.tasks().size()];
    int pieces = 0;
    for (ObservedTable table : tables) {
      Judged known = judge(table);
      pieces += known.pieces();
      known.open().forEach((task, shards) -> open[task] += shards);
    }
    return rebalance.shouldRebalance(
        Arrays.stream(open).boxed().toList(),
        Planner.tasksFor(pieces, maxTasks),
        () -> Planner.plan(tables, maxTasks).openShards(tables),
        nowMs);
  }

  private Judged judge(ObservedTable table) {
    return Objects.requireNonNull(
        judged.compute(
            table.table(),
            (name, known) -> known != null && known.table() == table ? known : judgeAnew(table)));
  }

  private Judged judgeAnew(ObservedTable table) {
    PlannedTable work = planned.getOrDefault(table.table(), PlannedTable.NOTHING);
    return new Judged(table, table.isCoveredBy(work), table.pieces(), table.openShards(work));
  }
}
