package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who gets the next step, and that nobody gets two at a time. */
class ShardSchedulerTest {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final ShardScheduler scheduler = new ShardScheduler(clock::nanoTime);
  private final List<String> steps = new ArrayList<>();

  @Test
  void anAlwaysDueShardStarvesNoOther() throws Exception {
    scheduler.wake(always("hot", Duration.ZERO));
    scheduler.wake(always("cold", Duration.ofMillis(10)));
    scheduler.wake(always("warm", Duration.ZERO));
    for (int i = 0; i < 8; i++) {
      scheduler.runIfDue();
    }
    clock.advance(Duration.ofMillis(10));
    for (int i = 0; i < 3; i++) {
      scheduler.runIfDue();
    }

    assertThat(steps.subList(0, 8))
        .containsExactly("hot", "cold", "warm", "hot", "warm", "hot", "warm", "hot");
    assertThat(steps.subList(8, 11)).containsExactlyInAnyOrder("hot", "warm", "cold");
  }

  @Test
  void noStepRunsBeforeItIsDue() throws Exception {
    scheduler.wake(always("slow", Duration.ofSeconds(1)));
    scheduler.runIfDue();
    clock.advance(Duration.ofMillis(999));

    assertThat(scheduler.runIfDue()).isFalse();
    assertThat(scheduler.nanosUntilDue()).isEqualTo(1_000_000);
    clock.advance(Duration.ofMillis(1));
    assertThat(scheduler.runIfDue()).isTrue();
    assertThat(steps).containsExactly("slow", "slow");
  }

  @Test
  void aJobThatIsWokenWhileItWaitsHasOneStepToCome() throws Exception {
    Job polling = always("polling", Duration.ofSeconds(1));
    scheduler.wake(polling);
    scheduler.wake(polling);
    assertThat(scheduler.runIfDue()).isTrue();
    assertThat(scheduler.runIfDue()).as("a second step of the same wish").isFalse();
    scheduler.wake(polling);
    assertThat(scheduler.runIfDue()).as("woken before its time").isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(scheduler.runIfDue()).isTrue();

    assertThat(scheduler.runIfDue()).isFalse();
    assertThat(steps).hasSize(3);
  }

  @Test
  void aWakeUpDuringAStepGivesOneMoreStep() throws Exception {
    ShardScheduler real = new ShardScheduler(System::nanoTime);
    CountDownLatch inFirst = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Job work =
        () -> {
          most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          if (inFirst.getCount() > 0) {
            inFirst.countDown();
            goOn.await();
          } else {
            second.countDown();
          }
          atOnce.decrementAndGet();
          return new JobResult.Parked();
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 2; i++) {
        threads.execute(() -> runUntilInterrupted(real));
      }
      real.wake(work);
      assertThat(inFirst.await(10, TimeUnit.SECONDS)).isTrue();
      real.wake(work);
      CountDownLatch other = new CountDownLatch(1);
      real.wake(
          () -> {
            other.countDown();
            return new JobResult.Done();
          });
      assertThat(other.await(10, TimeUnit.SECONDS)).as("the other thread is free").isTrue();
      assertThat(second.getCount()).isEqualTo(1);
      goOn.countDown();

      assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(most.get()).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private Job always(String name, Duration pause) {
    return () -> {
      steps.add(name);
      return new JobResult.Delay(pause);
    };
  }

  private static void runUntilInterrupted(ShardScheduler scheduler) {
    try {
      scheduler.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
