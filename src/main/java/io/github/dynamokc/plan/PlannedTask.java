package io.github.dynamokc.plan;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task's part of a plan as text, which is what Connect compares to see whether tasks have to be
 * restarted.
 *
 * @param task its number, from 0 on
 * @param plan the id of the whole plan
 * @param tasks how many tasks the plan has
 * @param assignment as {@link TaskAssignment#toConfig()} wrote it, possibly in an earlier version
 */
public record PlannedTask(int task, String plan, int tasks, String assignment) {
  private static final String PLAN_KEY = "dynamokc.task.plan";
  private static final String TASKS_KEY = "dynamokc.task.count";

  /** What of the task's config is the plan's. */
  public Map<String, String> toConfig() {
    Map<String, String> config = new HashMap<>();
    config.put(TaskAssignment.ID_KEY, Integer.toString(task));
    config.put(TaskAssignment.CONFIG_KEY, assignment);
    config.put(PLAN_KEY, plan);
    config.put(TASKS_KEY, Integer.toString(tasks));
    return config;
  }

  /**
   * Reads a task's config. Null for one that a version wrote which knew no ids of plans.
   *
   * @throws NumberFormatException if a number is none
   */
  public static @Nullable PlannedTask fromConfig(Map<String, String> config) {
    String task = config.get(TaskAssignment.ID_KEY);
    String assignment = config.get(TaskAssignment.CONFIG_KEY);
    String plan = config.get(PLAN_KEY);
    String tasks = config.get(TASKS_KEY);
    return task == null || assignment == null || plan == null || tasks == null
        ? null
        : new PlannedTask(Integer.parseInt(task), plan, Integer.parseInt(tasks), assignment);
  }
}
