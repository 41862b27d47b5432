package io.github.dynamokc.monitor;

import io.github.dynamokc.offset.MalformedOffsetException;
import java.util.List;
import java.util.Map;
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

  /** Has the notes looked up once more: tasks may have written others since. */
  void lookAgain() {
    shards = null;
  }

  /**
   * The ids of the shards of a stream.
   *
   * @throws MalformedOffsetException if a task's note is not understood
   */
  List<String> of(String streamArn) {
    Map<String, List<String>> known = shards;
    if (known == null) {
      List<String> tasks = TaskNumbers.of(context.offsets(), context.tasksMax());
      known = context.offsets().shardsOf(table, tasks);
      shards = known;
    }
    return known.getOrDefault(streamArn, List.of());
  }
}
