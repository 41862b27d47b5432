package io.github.dynamokc.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventuallyTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(30);
  private static final Duration BRIEFLY = Duration.ofMillis(1);

  private final AtomicInteger attempts = new AtomicInteger();

  @Test
  void theFirstValueThatIsEnoughIsGiven() {
    assertThat(
            Eventually.within(LONG, "three")
                .every(BRIEFLY)
                .until(attempts::incrementAndGet, value -> value == 3))
        .isEqualTo(3);
    assertThat(attempts).hasValue(3);
  }

  @Test
  void aPauseOfZeroAsksAtOnce() {
    Eventually.within(LONG, "a hundred")
        .every(Duration.ZERO)
        .until(() -> attempts.incrementAndGet() == 100);
    assertThat(attempts).hasValue(100);
  }

  @Test
  void nullCanBeEnough() {
    assertThat(Eventually.within(LONG, "nothing").until(EventuallyTest::nothing, v -> v == null))
        .isNull();
  }

  private static @Nullable String nothing() {
    return null;
  }

  @Test
  void theFailureShowsTheLastValue() {
    assertThatThrownBy(
            () ->
                Eventually.within(SHORT, "the moon")
                    .every(BRIEFLY)
                    .until(() -> "sun", value -> false, value -> "the " + value))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Waited PT0.03S in vain for the moon. Last: the sun");
  }

  @Test
  void onlyIgnoredFailuresPass() {
    Eventually waiting =
        Eventually.within(SHORT, "an answer")
            .every(BRIEFLY)
            .ignoring(failure -> failure instanceof UnsupportedOperationException);
    assertThatThrownBy(() -> waiting.until(() -> failing(new IllegalArgumentException("other"))))
        .hasMessage("other");
    assertThatThrownBy(
            () -> waiting.until(() -> failing(new UnsupportedOperationException("not yet"))))
        .hasMessageEndingWith("Last: java.lang.UnsupportedOperationException: not yet");
  }

  private static boolean failing(RuntimeException failure) {
    throw failure;
  }

  @Test
  void aLateSuccessIsASuccess() {
    assertThat(
            Eventually.within(SHORT, "a slow answer")
                .until(
                    () -> {
                      slowly();
                      return "here";
                    },
                    value -> true))
        .isEqualTo("here");
  }

  private static void slowly() {
    try {
      assertThat(new CountDownLatch(1).await(60, TimeUnit.MILLISECONDS)).isFalse();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theLastValueIsGivenIfNoneIsEnough() {
    assertThat(
            Eventually.within(SHORT, "the moon").every(BRIEFLY).lastOf(() -> "sun", any -> false))
        .isEqualTo("sun");
  }

  @Test
  void aThreadThatWaitsCanBeInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Eventually.within(LONG, "nothing").until(() -> false))
        .hasMessage("Interrupted while waiting for nothing");
    assertThat(Thread.interrupted()).isTrue();
  }
}
