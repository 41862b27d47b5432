package io.github.dynamokc.concurrent;

import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to go on trying what fails: with growing waits, until it has failed for a given time
 * without a success in between. A task or connector that is RUNNING is to be working.
 *
 * <p>One instance a thing that is tried; not for several threads.
 */
public final class RetryDeadline {
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  /**
   * Time between two failures above this was spent on other work or on waiting for Kafka, and does
   * not count.
   */
  private static final Duration LONGEST_TRY = Duration.ofMinutes(1);

  /** The longest time between two failures of one thing that is tried without a break. */
  public static final Duration LONGEST_ROUND = LONGEST_WAIT.plus(LONGEST_TRY);

  private final Patience patience;
  private final Backoff backoff;
  private Duration lastWait = Duration.ZERO;

  /**
   * @param limit for how long failures may follow one another
   */
  public RetryDeadline(InstantSource clock, RandomGenerator random, Duration limit) {
    this.patience = new Patience(clock, limit);
    this.backoff = new Backoff(random, FIRST_WAIT, LONGEST_WAIT);
  }

  /** To be called after a success. */
  public void reset() {
    patience.reset();
    backoff.reset();
  }

  /**
   * To be called after a failure.
   *
   * @return how long to wait before the next try; null if the limit is reached
   */
  public @Nullable Duration nextDelay() {
    if (patience.isOverAfterFailure(lastWait.plus(LONGEST_TRY))) {
      return null;
    }
    lastWait = backoff.next();
    return lastWait;
  }

  /** What to say when the limit is reached; to be completed with the last failure. */
  public String describe() {
    return patience.describe();
  }
}
