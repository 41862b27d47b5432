package io.github.dynamokc.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.testing.HeardLog;
import io.github.dynamokc.testing.ImpatientLatch;
import io.github.dynamokc.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/**
 * What fails is repeated until it succeeds, is hopeless, has failed for too long, or is stopped.
 */
class RetrierTest {
  private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** Always draws the largest number of the range. */
  private static final RandomGenerator LARGEST =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          throw new UnsupportedOperationException();
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  private static final Function<RuntimeException, Retrier.Verdict> RETRY =
      failure -> new Retrier.Verdict.Retry("Asking failed: " + failure.getMessage() + ".", failure);

  private final ManualClock clock = new ManualClock(START);
  private final ImpatientLatch stopped = new ImpatientLatch();
  private final Retrier retrier = new Retrier(stopped, clock, LARGEST, LIMIT);
  private int attempts;

  @Test
  void anAttemptThatSucceedsIsNotRepeated() throws InterruptedException {
    assertThat(retrier.<Integer>call(() -> ++attempts, RETRY)).isEqualTo(1);
    assertThat(stopped.waits()).isEmpty();
  }

  @Test
  void failuresAreRepeatedWithGrowingWaitsUntilASuccess() throws InterruptedException {
    try (HeardLog log = new HeardLog()) {
      assertThat(retrier.<Integer>call(() -> failBefore(4), RETRY)).isEqualTo(4);

      assertThat(log.lines("Asking failed: attempt 1. Trying again in 100 ms.")).isEqualTo(1);
      assertThat(log.lines("Asking failed: ")).isEqualTo(3);
    }
    assertThat(stopped.waits())
        .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400));
  }

  @Test
  void aHopelessFailureIsGivenUpAtOnce() {
    IllegalStateException hopeless = new IllegalStateException("hopeless");

    assertThatThrownBy(
            () ->
                retrier.call(() -> failBefore(9), failure -> new Retrier.Verdict.GiveUp(hopeless)))
        .isSameAs(hopeless);
    assertThat(attempts).isEqualTo(1);
    assertThat(stopped.waits()).isEmpty();
  }

  @Test
  void failuresUpToTheDeadlineSaySinceWhenAndWhatWasLast() {
    assertThatThrownBy(
            () ->
                retrier.call(
                    () -> {
                      clock.advance(Duration.ofMinutes(1));
                      return failBefore(Integer.MAX_VALUE);
                    },
                    RETRY))
        .isInstanceOf(ConnectException.class)
        .hasMessage(
            "no success since 2026-11-01T12:01:00Z, which is longer than stall.timeout.ms=600000 allows. The last failure: Asking failed: attempt 11.")
        .hasRootCauseMessage("attempt 11");
  }

  @Test
  void eachCallHasADeadlineOfItsOwn() throws InterruptedException {
    for (int call = 0; call < 20; call++) {
      attempts = 0;
      clock.advance(Duration.ofMinutes(1));
      assertThat(retrier.<Integer>call(() -> failBefore(2), RETRY)).isEqualTo(2);
    }
  }

  @Test
  void aRetrierThatIsStoppedBeginsNoAttempt() {
    stopped.countDown();

    assertThatThrownBy(() -> retrier.call(() -> ++attempts, RETRY))
        .isInstanceOf(InterruptedException.class);
    assertThat(attempts).isZero();
  }

  @Test
  void anAttemptDuringWhichTheWorkIsStoppedIsNotRepeated() {
    assertThatThrownBy(
            () ->
                retrier.call(
                    () -> {
                      stopped.countDown();
                      return failBefore(2);
                    },
                    RETRY))
        .isInstanceOf(InterruptedException.class);
    assertThat(attempts).isEqualTo(1);
  }

  /** What an interrupted call to AWS throws says nothing of AWS. */
  @Test
  void aFailureOfAnInterruptedThreadIsNoFailureOfTheCall() {
    int[] judged = {0};
    try {
      assertThatThrownBy(
              () ->
                  retrier.call(
                      () -> {
                        Thread.currentThread().interrupt();
                        return failBefore(2);
                      },
                      failure -> {
                        judged[0]++;
                        return new Retrier.Verdict.GiveUp(failure);
                      }))
          .isInstanceOf(InterruptedException.class);
    } finally {
      Thread.interrupted();
    }
    assertThat(judged[0]).isZero();
  }

  @Test
  void stoppingEndsAWaitThatIsUnderWay() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    CountDownLatch waits = new CountDownLatch(1);
    Retrier patient = new Retrier(open, clock, LARGEST, LIMIT);
    FutureTask<Boolean> stoppedWhileWaiting =
        new FutureTask<>(
            () -> {
              waits.countDown();
              try {
                patient.pause(Duration.ofDays(1));
                return false;
              } catch (InterruptedException e) {
                return true;
              }
            });
    Thread thread = new Thread(stoppedWhileWaiting);
    thread.start();
    waits.await();
    open.countDown();

    assertThat(stoppedWhileWaiting.get(10, TimeUnit.SECONDS)).isTrue();
  }

  private int failBefore(int success) {
    if (attempts == 100) {
      throw new AssertionError("No end of attempts");
    }
    if (++attempts < success) {
      throw new IllegalArgumentException("attempt " + attempts);
    }
    return attempts;
  }
}
