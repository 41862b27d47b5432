package io.github.dynamokc.plan;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
  private final PlanPace pace;
  private long waitMs;
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
   * With a plan that was made by an earlier run.
   *
   * @param maxTasks at least 1
   * @param interval the least time between plans that several tables are concerned by
   * @param committed in force if it is valid for the first observations; null for none
   */
  public StandingPlan(int maxTasks, Duration interval, @Nullable Plan committed) {
    this.maxTasks = maxTasks;
    this.pace = new PlanPace(interval);
    this.committed = committed;
  }

  /**
   * To be asked at every observation, and now and then without one: shares that stay uneven are no
   * news.
   *
   * @param tables all tables as they were seen last; the same object for one that was not seen anew
   * @param nowMs epoch ms
   * @return the plan that takes the place of the one in force, null if that stands, or stands for
   *     as long as {@link #waitMs} says
   */
  public @Nullable Plan update(List<ObservedTable> tables, long nowMs) {
    waitMs = 0;
    if (plan == null) {
      Plan earlier = committed;
      committed = null;
      Plan first =
          earlier != null && earlier.isStillValid(tables)
              ? earlier
              : Planner.plan(tables, maxTasks);
      return begin(first, Set.of(), nowMs);
    }
    if (coversAll(tables)) {
      return isUneven(plan, tables, nowMs)
          ? begin(Planner.plan(tables, maxTasks), Set.of(), nowMs)
          : null;
    }
    Set<String> concerned = concerned(tables);
    waitMs = pace.waitMs(concerned, nowMs);
    return waitMs > 0 ? null : begin(Planner.plan(tables, maxTasks), concerned, nowMs);
  }

  /** For how long, in milliseconds, a plan is waited with that is due; 0 if none is. */
  public long waitMs() {
    return waitMs;
  }

  private Plan begin(Plan next, Set<String> concerned, long nowMs) {
    plan = next;
    planned = next.byTable();
    judged.clear();
    pace.planned(concerned, nowMs);
    return next;
  }

  /** The tables that another plan is for, and those that will soon want one. */
  private Set<String> concerned(List<ObservedTable> tables) {
    Set<String> concerned = new HashSet<>();
    planned.forEach(
        (table, work) -> {
          if (!work.isOver()) {
            concerned.add(table);
          }
        });
    for (ObservedTable table : tables) {
      if (judge(table).covered() && !table.awaitsNextPhase()) {
        concerned.remove(table.table());
      } else {
        concerned.add(table.table());
      }
    }
    return concerned;
  }

  private boolean coversAll(List<ObservedTable> tables) {
    return Plan.hasNoMoreThan(tables, planned)
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
