package io.github.dynamokc.stream;

import java.util.function.Consumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of one table among those of a task. They end together: when one fails, or when the table
 * is stopped while the task runs on. Thread-safe.
 */
public final class TableJobs {
  private final ShardScheduler scheduler;
  private final @Nullable Consumer<ConnectException> failures;

  /** Guarded by this. */
  private boolean stopped;

  /** How many steps run now; guarded by this. */
  private int running;

  /** Jobs whose failure ends the thread that runs the step. */
  public TableJobs(ShardScheduler scheduler) {
    this.scheduler = scheduler;
    this.failures = null;
  }

  /**
   * @param failures told of what a step could not go on with; the thread that ran it goes on with
   *     the jobs of others
   */
  public TableJobs(ShardScheduler scheduler, Consumer<ConnectException> failures) {
    this.scheduler = scheduler;
    this.failures = failures;
  }

  /** Makes a step of a job due as soon as none of it runs; nothing if the table is stopped. */
  void wake(Job job) {
    synchronized (this) {
      if (stopped) {
        return;
      }
    }
    scheduler.wake(failures == null ? job : new OfTable(this, job));
  }

  /** No step begins any more. Does not wait for those that run. */
  public synchronized void stop() {
    stopped = true;
  }

  /** Whether no step runs. */
  public synchronized boolean isIdle() {
    return running == 0;
  }

  private synchronized boolean begin() {
    if (!stopped) {
      running++;
    }
    return !stopped;
  }

  private synchronized void end() {
    running--;
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  private void failed(ConnectException cause) {
    Consumer<ConnectException> told = failures;
    if (told != null) {
      told.accept(cause);
    }
  }

  /** Two of the same job are the same to the scheduler, which wakes it only once then. */
  private record OfTable(TableJobs table, Job job) implements Job {
    @Override
    public JobResult step() throws InterruptedException {
      if (!table.begin()) {
        return new JobResult.Done();
      }
      try {
        return job.step();
      } catch (InterruptedException e) {
        if (!table.isStopped()) {
          throw e;
        }
        // It was meant for the table; the thread goes on with the jobs of others.
        Thread.interrupted();
      } catch (ConnectException e) {
        table.failed(e);
      } catch (RuntimeException e) {
        table.failed(new ConnectException("Reading streams failed: " + e, e));
      } finally {
        table.end();
      }
      return new JobResult.Done();
    }
  }
}
