package io.github.dynamokc.stream;

import static io.github.dynamokc.testing.Schedules.check;
import static io.github.dynamokc.testing.Schedules.together;

import io.github.dynamokc.testing.Schedules;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** After each wake-up there is a step, and never two of a job at once, in every schedule. */
@Tag(Schedules.TAG)
class ShardSchedulerConcurrencyTest {
  /** Ends the thread that runs it. */
  private static final class End implements Job {
    @Override
    public JobResult step() throws InterruptedException {
      throw new InterruptedException();
    }
  }

  /** Ends its thread when it sees that it was woken twice. */
  private static final class Woken implements Job {
    private final ShardScheduler scheduler;
    private final AtomicInteger wishes = new AtomicInteger();

    private Woken(ShardScheduler scheduler) {
      this.scheduler = scheduler;
    }

    private void wake() {
      wishes.incrementAndGet();
      scheduler.wake(this);
    }

    @Override
    public JobResult step() throws InterruptedException {
      if (wishes.get() == 2) {
        throw new InterruptedException();
      }
      return new JobResult.Parked();
    }
  }

  private static void work(ShardScheduler scheduler) {
    try {
      scheduler.run();
    } catch (InterruptedException e) {
      // As planned.
    }
  }

  /** Whether the thread waits, is about to, or is in a step. */
  @Test
  void noWakeUpIsLost() {
    Schedules.tryOut(
        Schedules.SOME,
        () -> {
          ShardScheduler scheduler = new ShardScheduler(() -> 0);
          Woken job = new Woken(scheduler);
          together(
              () -> work(scheduler),
              () -> {
                job.wake();
                job.wake();
              });
        });
  }

  @Test
  @Tag("full")
  void noWakeUpOfSeveralThreadsIsLost() {
    Schedules.tryOut(
        Schedules.MANY,
        () -> {
          ShardScheduler scheduler = new ShardScheduler(() -> 0);
          Woken job = new Woken(scheduler);
          together(job::wake, () -> work(scheduler), job::wake);
        });
  }

  /** One of them watches for both. */
  @Test
  void eachThreadThatWaitsGetsAJob() {
    Schedules.tryOut(
        Schedules.SOME,
        () -> {
          ShardScheduler scheduler = new ShardScheduler(() -> 0);
          together(
              () -> work(scheduler),
              () -> work(scheduler),
              () -> {
                scheduler.wake(new End());
                scheduler.wake(new End());
              });
        });
  }

  @Test
  void aJobThatIsWokenTwiceRunsOnOneThreadAtATime() {
    Schedules.tryOut(
        Schedules.SOME,
        () -> {
          ShardScheduler scheduler = new ShardScheduler(() -> 0);
          AtomicInteger atOnce = new AtomicInteger();
          Job job =
              () -> {
                check(atOnce.incrementAndGet() == 1, "two steps at once");
                atOnce.decrementAndGet();
                return new JobResult.Parked();
              };
          scheduler.wake(job);
          scheduler.wake(job);
          scheduler.wake(new End());
          scheduler.wake(new End());
          together(() -> work(scheduler), () -> work(scheduler));
        });
  }
}
