package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.testing.Latches;
import io.github.dynamokc.testing.ManualClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** The jobs of a table end together, and those of others go on. */
class TableJobsTest {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final ShardScheduler scheduler = new ShardScheduler(clock::nanoTime);
  private final List<String> failures = new ArrayList<>();
  private final TableJobs jobs =
      new TableJobs(scheduler, cause -> failures.add(cause.getMessage()));
  private final TableJobs others = new TableJobs(scheduler, cause -> failures.add("other"));
  private int steps;
  private int otherSteps;

  private void runAllDue() throws InterruptedException {
    while (scheduler.runIfDue()) {
      assertThat(steps + otherSteps).isLessThan(100);
    }
  }

  @Test
  void aFailureIsToldAndEndsTheJobAlone() throws InterruptedException {
    jobs.wake(
        () -> {
          throw new ConnectException("broken");
        });
    others.wake(
        () -> {
          otherSteps++;
          return new JobResult.Done();
        });
    runAllDue();

    assertThat(failures).containsExactly("broken");
    assertThat(otherSteps).isEqualTo(1);
  }

  @Test
  void anUnexpectedFailureIsToldAsOneOfReading() throws InterruptedException {
    jobs.wake(
        () -> {
          throw new IllegalStateException("surprise");
        });
    runAllDue();

    assertThat(failures).singleElement().asString().contains("Reading streams failed", "surprise");
  }

  @Test
  void noStepBeginsOfATableThatIsStopped() throws InterruptedException {
    Job job =
        () -> {
          steps++;
          return JobResult.now();
        };
    jobs.wake(job);
    scheduler.runIfDue();
    jobs.stop();
    jobs.wake(job);
    runAllDue();

    assertThat(steps).isEqualTo(1);
    assertThat(jobs.isIdle()).isTrue();
  }

  /** It was meant for the table: the thread is not to end with it. */
  @Test
  void theThreadOfAStoppedTableGoesOnWithOthers() throws InterruptedException {
    jobs.wake(
        () -> {
          jobs.stop();
          Thread.currentThread().interrupt();
          throw new InterruptedException();
        });
    others.wake(
        () -> {
          otherSteps++;
          return new JobResult.Done();
        });
    runAllDue();

    assertThat(otherSteps).isEqualTo(1);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void anInterruptOfTheTaskEndsTheThread() {
    jobs.wake(
        () -> {
          throw new InterruptedException();
        });

    assertThatThrownBy(scheduler::run).isInstanceOf(InterruptedException.class);
  }

  /** Also one whose interrupt a step has taken for its table's. */
  @Test
  void aStoppedSchedulerEndsItsThreads() throws Exception {
    CountDownLatch inStep = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(2);
    jobs.wake(
        () -> {
          inStep.countDown();
          go.await();
          return new JobResult.Done();
        });
    for (int i = 0; i < 2; i++) {
      new Thread(
              () -> {
                try {
                  scheduler.run();
                } catch (InterruptedException e) {
                  ended.countDown();
                }
              })
          .start();
    }
    Latches.await(inStep);
    scheduler.stop();
    go.countDown();

    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
  }
}
