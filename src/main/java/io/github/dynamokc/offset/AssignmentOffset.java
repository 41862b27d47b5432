package io.github.dynamokc.offset;

import java.util.Map;

/**
 * What a task was given to do when it started.
 *
 * @param plan names the whole plan that the assignment is a part of
 * @param tasks how many tasks that plan has
 * @param assignment as the task's config has it
 */
public record AssignmentOffset(String plan, long tasks, String assignment) implements SourceOffset {
  /** The key of the assignment, which is too long for a status record. */
  public static final String ASSIGNMENT = "assignment";

  private static final String PLAN = "plan";
  private static final String TASKS = "tasks";

  @Override
  public Map<String, Object> toConnect() {
    return OffsetMap.builder()
        .put(PLAN, plan)
        .put(TASKS, tasks)
        .put(ASSIGNMENT, assignment)
        .build();
  }

  static AssignmentOffset read(OffsetMap.Reader reader) {
    return new AssignmentOffset(
        reader.string(PLAN), reader.number(TASKS), reader.string(ASSIGNMENT));
  }
}
