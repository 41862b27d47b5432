package io.github.dynamokc.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.offset.AssignmentOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.plan.PlannedTask;
import io.github.dynamokc.testing.OrdersWorld;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the tasks of a plan leave behind for a connector that moves. */
class AssignmentCommitTest {
  private final OrdersWorld world = new OrdersWorld();
  private final OrdersTask task = new OrdersTask(world);

  @AfterEach
  void close() {
    task.close();
  }

  @Test
  void anAssignmentIsCommittedWithItsPlan() throws InterruptedException {
    List<SourceRecord> put = start(1, "a", 2);

    assertThat(put).extracting(OrdersTask::type).containsExactly("TASK_ASSIGNED");
    task.commit(put);
    assertThat(world.offsets.get(SourcePartition.OfAssignment.of(1)))
        .isEqualTo(new AssignmentOffset("a", 2, "work 1 of a"));
  }

  @Test
  void onlyAnotherAssignmentIsCommittedAgain() throws InterruptedException {
    task.commit(start(1, "a", 2));
    assertThat(start(1, "a", 2)).isEmpty();

    assertThat(start(1, "b", 2)).hasSize(1);
  }

  @Test
  void anOffsetThatIsNotUnderstoodIsReplaced() throws InterruptedException {
    SourcePartition partition = SourcePartition.OfAssignment.of(0);
    world.offsets.commit(partition.toConnect(), Map.of("unheard of", 1L));
    task.commit(start(0, "a", 1));

    assertThat(world.offsets.get(partition)).isEqualTo(new AssignmentOffset("a", 1, "work 0 of a"));
  }

  /** With as many tasks as were allowed before, or are now. */
  @Test
  void theFirstTaskTakesAwayWhatTasksHadThatAreGone() throws InterruptedException {
    for (int number = 0; number < 6; number++) {
      task.commit(start(number, "a", 6));
    }
    assertThat(start(1, "b", 2)).as("another task").hasSize(1);
    List<SourceRecord> put = start(0, "b", 2);
    assertThat(put)
        .extracting(OrdersTask::type)
        .containsExactly(
            "TASK_ASSIGNED", "TASK_REMOVED", "TASK_REMOVED", "TASK_REMOVED", "TASK_REMOVED");
    task.commit(put);

    assertThat(world.offsets.size()).isEqualTo(2);
  }

  /** The removal may be lost with a crash. */
  @Test
  void whatIsLeftOfTasksThatAreGoneIsFoundAgain() throws InterruptedException {
    task.commit(start(2, "a", 3));
    task.commit(start(0, "b", 2).subList(0, 1));

    assertThat(start(0, "b", 2)).extracting(OrdersTask::type).containsExactly("TASK_REMOVED");
  }

  private List<SourceRecord> start(int number, String plan, int tasks) throws InterruptedException {
    PlannedTask planned =
        new PlannedTask(number, plan, tasks, "work %d of %s".formatted(number, plan));
    new AssignmentCommit(planned, 3, task.tables.offsets(), task.output).run();
    return task.put();
  }
}
