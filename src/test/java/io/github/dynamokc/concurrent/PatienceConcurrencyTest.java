package io.github.dynamokc.concurrent;

import static io.github.dynamokc.testing.Schedules.check;
import static io.github.dynamokc.testing.Schedules.together;

import io.github.dynamokc.testing.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Failures and successes of several threads count one after the other, in every schedule. */
@Tag(Schedules.TAG)
class PatienceConcurrencyTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** A clock that goes on by a second whenever it is looked at. */
  private static Patience patience(Duration limit) {
    AtomicInteger looks = new AtomicInteger();
    return new Patience(() -> Instant.ofEpochSecond(looks.incrementAndGet()), limit);
  }

  @Test
  void failuresOfTwoThreadsAreOneSeries() {
    Schedules.tryOut(
        Schedules.FEW,
        () -> {
          Patience patience = patience(SECOND);
          AtomicInteger over = new AtomicInteger();
          Schedules.Action failure =
              () -> {
                if (patience.isOverAfterFailure(SECOND)) {
                  over.incrementAndGet();
                }
              };
          together(failure, failure);
          check(over.get() == 1, "over for " + over.get());
        });
  }

  /** Whenever the success is: two failures after it are one second, and three are two. */
  @Test
  void aSuccessBetweenFailuresBeginsANewSeries() {
    Schedules.tryOut(
        Schedules.FEW,
        () -> {
          Patience patience = patience(SECOND);
          patience.isOverAfterFailure(SECOND);
          together(patience::reset, () -> patience.isOverAfterFailure(SECOND));
          patience.reset();
          check(!patience.isOverAfterFailure(SECOND), "over with the first failure");
          check(patience.isOverAfterFailure(SECOND), "not over after a second");
        });
  }
}
