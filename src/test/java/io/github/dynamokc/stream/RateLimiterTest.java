package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tasks of a connector keep its budget together, without asking each other. */
class RateLimiterTest {
  private static final double BUDGET = 5;

  private long nanos;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 10, 100})
  void tasksThatStartTogetherKeepTheBudget(int tasks) {
    List<Long> calls = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      nanos = 0;
      calls.addAll(calls(RateLimiter.ofTask(() -> nanos, BUDGET, task, tasks)));
    }
    nanos = 0;
    RateLimiter monitor = RateLimiter.ofMonitor(() -> nanos, BUDGET);
    monitor.shareWith(tasks);
    calls.addAll(calls(monitor));
    for (long from = 0; from < Duration.ofMinutes(1).toMillis(); from += 100) {
      long begin = from;
      LongStream within =
          calls.stream().mapToLong(at -> at).filter(at -> at >= begin && at < begin + 10_000);
      assertThat(within.count()).as("from " + from).isLessThanOrEqualTo((long) (BUDGET * 10));
    }
    assertThat(calls.size()).isGreaterThan((int) (57 * BUDGET * tasks / (tasks + 1)) - tasks);
  }

  /** The times of all calls within a minute, as milliseconds since the start. */
  private List<Long> calls(RateLimiter limiter) {
    List<Long> calls = new ArrayList<>();
    RateLimiter.Permit permit = limiter.new Permit();
    while (nanos < Duration.ofMinutes(1).toNanos()) {
      Duration wait = permit.acquire();
      if (wait.isZero()) {
        calls.add(Duration.ofNanos(nanos).toMillis());
      }
      nanos += wait.toNanos();
    }
    return calls;
  }
}
