package io.github.dynamokc.task;

import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.record.TaskOutput;
import java.util.List;

/**
 * Lets the records of one table's work into the task's queue until it is shut. What work that has
 * been stopped still puts must not come in between what is put when the table is tried again.
 * Thread-safe.
 */
final class TableGate implements TaskOutput.Way {
  private final TaskOutput.Way way;

  /** Guarded by this. */
  private boolean shut;

  /** How many batches are on their way through; guarded by this. */
  private int passing;

  TableGate(TaskOutput.Way way) {
    this.way = way;
  }

  /**
   * @throws InterruptedException if the task stops, or the gate is shut
   */
  @Override
  public void put(List<TrackedRecord> batch) throws InterruptedException {
    enter();
    try {
      way.put(batch);
    } finally {
      leave();
    }
  }

  /** Lets no batch in any more; one that waits for room still gets through. */
  synchronized void shut() {
    shut = true;
  }

  /** Whether no batch is on its way through. */
  synchronized boolean isIdle() {
    return passing == 0;
  }

  private synchronized void enter() throws InterruptedException {
    if (shut) {
      throw new InterruptedException("The work on the table has been stopped");
    }
    passing++;
  }

  private synchronized void leave() {
    passing--;
  }
}
