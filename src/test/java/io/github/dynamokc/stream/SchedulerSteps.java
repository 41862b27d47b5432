package io.github.dynamokc.stream;

/** Has the steps of a scheduler done on the caller's thread, for simulations of whole tasks. */
public final class SchedulerSteps {
  private final ShardScheduler scheduler;

  public SchedulerSteps(ShardScheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Runs a step that is due. */
  public boolean runIfDue() throws InterruptedException {
    return scheduler.runIfDue();
  }

  /** In how many nanoseconds the next step is due, 0 for at once. */
  public long nanosUntilDue() {
    return scheduler.nanosUntilDue();
  }
}
