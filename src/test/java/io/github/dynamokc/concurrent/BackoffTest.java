package io.github.dynamokc.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
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

  @Test
  void theLimitDoublesUpToTheMaximumAndAResetStartsAgain() {
    Backoff backoff = new Backoff(LARGEST, Duration.ofMillis(100), Duration.ofMillis(500));
    assertThat(waits(backoff, 5)).containsExactly(100L, 200L, 400L, 500L, 500L);
    backoff.reset();
    assertThat(waits(backoff, 2)).containsExactly(100L, 200L);
  }

  @Test
  void waitsDifferAndStayWithinTheLimit() {
    Backoff backoff = new Backoff(new Random(7), Duration.ofSeconds(1), Duration.ofSeconds(1));
    List<Long> waits = waits(backoff, 100);
    assertThat(waits).allMatch(wait -> wait >= 0 && wait <= 1000);
    assertThat(waits.stream().distinct()).hasSizeGreaterThan(50);
    assertThat(waits).anyMatch(wait -> wait < 200).anyMatch(wait -> wait > 800);
  }

  @Test
  void veryLongLimitsDoNotOverflow() {
    Backoff backoff = new Backoff(LARGEST, Duration.ofNanos(1), Duration.ofDays(100_000));
    assertThat(waits(backoff, 100)).allMatch(wait -> wait >= 0);
    assertThat(backoff.next()).isEqualTo(Duration.ofDays(100_000));
  }

  @Test
  void anInvalidRangeIsRefused() {
    assertThatThrownBy(() -> new Backoff(LARGEST, Duration.ZERO, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(LARGEST, Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Long> waits(Backoff backoff, int count) {
    return Stream.generate(backoff::next).limit(count).map(Duration::toMillis).toList();
  }
}
