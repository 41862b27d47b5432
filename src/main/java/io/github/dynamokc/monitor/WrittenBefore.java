package io.github.dynamokc.monitor;

import io.github.dynamokc.offset.AssignmentOffset;
import io.github.dynamokc.offset.MalformedOffsetException;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Of which shards of a table tasks had written offsets when the connector was started, as they have
 * noted it: after an absence of more than a day those are listed nowhere else. Looked up once, on a
 * thread of the monitor.
 */
final class WrittenBefore {
  private final String table;
  private final ObserverContext context;

  /** By the ARN of their stream; null before the first look. */
  private @Nullable Map<String, List<String>> shards;

  WrittenBefore(String table, ObserverContext context) {
    this.table = table;
    this.context = context;
  }

  /**
   * The ids of the shards of a stream.
   *
   * @throws MalformedOffsetException if a task's note is not understood
   */
  List<String> of(String streamArn) {
    Map<String, List<String>> known = shards;
    if (known == null) {
      long tasks = Math.max(context.tasksMax(), tasksOfEarlierPlan());
      List<String> numbers = LongStream.range(0, tasks).mapToObj(String::valueOf).toList();
      known = context.offsets().shardsOf(table, numbers);
      shards = known;
    }
    return known.getOrDefault(streamArn, List.of());
  }

  /** 0 if there is no plan, or one that another version wrote, which is as good as none. */
  private long tasksOfEarlierPlan() {
    try {
      AssignmentOffset first = context.offsets().assignments(List.of(0)).get(0);
      return first == null ? 0 : Math.min(first.tasks(), Integer.MAX_VALUE);
    } catch (MalformedOffsetException e) {
      return 0;
    }
  }
}
