package io.github.dynamokc.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plan in force, and the rule for another one: when the work itself is another one, or the
 * shares have become uneven. Progress alone never changes it. For one thread.
 */
public final class StandingPlan {
  private final int maxTasks;
  private final RebalancePolicy rebalance = new RebalancePolicy();
  private @Nullable Plan plan;

  /**
   * @param maxTasks at least 1
   */
  public StandingPlan(int maxTasks) {
    this.maxTasks = maxTasks;
  }

  /**
   * To be asked at every observation.
   *
   * @param tables all tables as they were seen last
   * @param nowMs epoch ms
   * @return the plan that takes the place of the one in force, null if that stands
   */
  public @Nullable Plan update(List<ObservedTable> tables, long nowMs) {
    Plan inForce = plan;
    if (inForce != null && inForce.isStillValid(tables) && !isUneven(inForce, tables, nowMs)) {
      return null;
    }
    Plan next = Planner.plan(tables, maxTasks);
    plan = next;
    return next;
  }

  private boolean isUneven(Plan inForce, List<ObservedTable> tables, long nowMs) {
    return rebalance.shouldRebalance(inForce, Planner.plan(tables, maxTasks), tables, nowMs);
  }
}
