package io.github.dynamokc.monitor;

import io.github.dynamokc.offset.AssignmentOffset;
import io.github.dynamokc.offset.MalformedOffsetException;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.plan.Plan;
import io.github.dynamokc.plan.PlanText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plan that the tasks had before the connector was moved or restarted, as they committed it.
 * With the same texts again Connect restarts none of them.
 *
 * <p>A plan that is not whole counts for nothing: tasks commit one by one, those that were not told
 * to stop in time may write late, and what was not flushed is gone. So does one of another {@code
 * tasks.max}, and one that is not understood because another version wrote it. Then the connector
 * plans anew.
 */
record EarlierPlan(PlanText text, Plan plan) {
  private static final Logger LOG = LoggerFactory.getLogger(EarlierPlan.class);

  /**
   * @param maxTasks {@code tasks.max}
   * @return null if there is none
   */
  static @Nullable EarlierPlan read(OffsetReader offsets, int maxTasks) {
    try {
      Map<Integer, AssignmentOffset> committed =
          offsets.assignments(IntStream.range(0, maxTasks).boxed().toList());
      PlanText text = whole(committed, maxTasks);
      return text == null ? null : new EarlierPlan(text, text.plan());
    } catch (MalformedOffsetException | IllegalArgumentException e) {
      LOG.info("The plan that is committed is not understood. Planning anew", e);
      return null;
    }
  }

  private static @Nullable PlanText whole(Map<Integer, AssignmentOffset> committed, int maxTasks) {
    AssignmentOffset first = committed.get(0);
    if (first == null || first.tasks() > maxTasks) {
      return null;
    }
    List<String> assignments = new ArrayList<>();
    for (int task = 0; task < first.tasks(); task++) {
      AssignmentOffset next = committed.get(task);
      if (next == null) {
        return null;
      }
      assignments.add(next.assignment());
    }
    PlanText text = PlanText.of(assignments, maxTasks);
    return text.id().equals(first.plan()) ? text : null;
  }
}
