package io.github.dynamokc.testing;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for what happens in another thread or process: asks for a value again and again until it is
 * as it should be. All asking is done by the thread that waits.
 */
public final class Eventually {
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final int LONGEST = 20_000;

  private final Duration patience;
  private final String what;
  private final Duration interval;
  private final Predicate<RuntimeException> passing;

  private Eventually(
      Duration patience, String what, Duration interval, Predicate<RuntimeException> passing) {
    this.patience = patience;
    this.what = what;
    this.interval = interval;
    this.passing = passing;
  }

  /**
   * @param what is waited for, for the message of the failure
   */
  public static Eventually within(Duration patience, String what) {
    return new Eventually(patience, what, INTERVAL, failure -> false);
  }

  /** How long to wait between two values; zero if it takes its time to ask for one. */
  public Eventually every(Duration pause) {
    return new Eventually(patience, what, pause, passing);
  }

  /** Which failures to ask for a value may pass; any other ends the wait. */
  public Eventually ignoring(Predicate<RuntimeException> failures) {
    return new Eventually(patience, what, interval, failures);
  }

  /** Waits until a condition holds. */
  public void until(Supplier<Boolean> condition) {
    until(condition, holds -> holds);
  }

  /** Waits until a value is as it should be, and gives that. */
  public <T extends @Nullable Object> T until(Supplier<T> value, Predicate<? super T> enough) {
    return until(value, enough, String::valueOf);
  }

  /**
   * The same for a value that says little or too much of itself.
   *
   * @param describe what the message of the failure has of the last value
   * @throws IllegalStateException if patience has ended
   */
  public <T extends @Nullable Object> T until(
      Supplier<T> value, Predicate<? super T> enough, Function<? super T, String> describe) {
    Attempts<T> attempts = new Attempts<>(value, enough);
    repeat(attempts);
    if (!attempts.succeeded) {
      throw new IllegalStateException(
          "Waited %s in vain for %s. Last: %s"
              .formatted(patience, what, attempts.describeLast(describe)));
    }
    return attempts.value();
  }

  /** The same, but the last value is given when patience has ended, whatever it is. */
  public <T extends @Nullable Object> T lastOf(Supplier<T> value, Predicate<? super T> enough) {
    Attempts<T> attempts = new Attempts<>(value, enough);
    repeat(attempts);
    return attempts.value();
  }

  private void repeat(Attempts<?> attempts) {
    try {
      Awaitility.await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(interval)
          .timeout(patience)
          .until(attempts::succeed);
    } catch (ConditionTimeoutException e) {
      // What it means is up to the caller.
    }
  }

  /** The values so far. A success that Awaitility found too late is a success nevertheless. */
  private final class Attempts<T extends @Nullable Object> {
    private final Supplier<T> source;
    private final Predicate<? super T> enough;
    private Supplier<T> found =
        () -> {
          throw new IllegalStateException("No value");
        };
    private @Nullable RuntimeException failure;
    private boolean succeeded;

    Attempts(Supplier<T> source, Predicate<? super T> enough) {
      this.source = source;
      this.enough = enough;
    }

    boolean succeed() {
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("Interrupted while waiting for " + what);
      }
      try {
        T value = source.get();
        found = () -> value;
        failure = null;
        succeeded = enough.test(value);
      } catch (RuntimeException e) {
        if (!passing.test(e)) {
          throw e;
        }
        failure = e;
      }
      return succeeded;
    }

    T value() {
      if (failure != null) {
        throw failure;
      }
      return found.get();
    }

    String describeLast(Function<? super T, String> describe) {
      String text = failure == null ? describe.apply(found.get()) : failure.toString();
      return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    }
  }
}
