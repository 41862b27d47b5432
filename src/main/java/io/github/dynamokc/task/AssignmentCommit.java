package io.github.dynamokc.task;

import io.github.dynamokc.offset.AssignmentOffset;
import io.github.dynamokc.offset.MalformedOffsetException;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.plan.PlannedTask;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TaskOutput;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Commits what a task was given, unless that is committed: a connector that only moves finds the
 * plan again, and its tasks run on. The first task also takes away what tasks had that the plan
 * does not have any more.
 */
final class AssignmentCommit {
  private final PlannedTask planned;
  private final int maxTasks;
  private final OffsetReader offsets;
  private final TaskOutput output;

  /**
   * @param maxTasks {@code tasks.max}
   */
  AssignmentCommit(PlannedTask planned, int maxTasks, OffsetReader offsets, TaskOutput output) {
    this.planned = planned;
    this.maxTasks = maxTasks;
    this.offsets = offsets;
    this.output = output;
  }

  void run() throws InterruptedException {
    GivenAssignment given = GivenAssignment.of(planned);
    AssignmentOffset before = committed(planned.task());
    if (!given.offset().equals(before)) {
      output.announce(StatusType.TASK_ASSIGNED, given.partition(), given.offset());
    }
    if (planned.task() == 0) {
      long tasksBefore = before == null ? 0 : Math.min(before.tasks(), Integer.MAX_VALUE);
      takeAwayUpTo((int) Math.max(maxTasks, tasksBefore));
    }
  }

  private void takeAwayUpTo(int tasks) throws InterruptedException {
    List<Integer> gone = IntStream.range(planned.tasks(), tasks).boxed().toList();
    for (int task : offsets.committedAssignments(gone)) {
      output.announce(StatusType.TASK_REMOVED, SourcePartition.OfAssignment.of(task), null);
    }
  }

  private @Nullable AssignmentOffset committed(int task) {
    try {
      return offsets.assignments(List.of(task)).get(task);
    } catch (MalformedOffsetException e) {
      return null;
    }
  }
}
