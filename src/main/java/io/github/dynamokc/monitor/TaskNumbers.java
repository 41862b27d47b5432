package io.github.dynamokc.monitor;

import io.github.dynamokc.offset.AssignmentOffset;
import io.github.dynamokc.offset.MalformedOffsetException;
import io.github.dynamokc.offset.OffsetReader;
import java.util.List;
import java.util.stream.LongStream;

/** The numbers that tasks of the connector can have, or had in its earlier plan. */
final class TaskNumbers {
  private TaskNumbers() {}

  /**
   * @param maxTasks {@code tasks.max}
   * @return as text
   */
  static List<String> of(OffsetReader offsets, int maxTasks) {
    long tasks = Math.max(maxTasks, tasksOfEarlierPlan(offsets));
    return LongStream.range(0, tasks).mapToObj(String::valueOf).toList();
  }

  /** 0 if there is no plan, or one that another version wrote, which is as good as none. */
  private static long tasksOfEarlierPlan(OffsetReader offsets) {
    try {
      AssignmentOffset first = offsets.assignments(List.of(0)).get(0);
      return first == null ? 0 : Math.min(first.tasks(), Integer.MAX_VALUE);
    } catch (MalformedOffsetException e) {
      return 0;
    }
  }
}
