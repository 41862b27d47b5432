package io.github.dynamokc.concurrent;

import java.time.Duration;
import java.time.Instant;
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

  private final InstantSource clock;
  private final Duration limit;
  private final Backoff backoff;
  private @Nullable Instant since;
  private Instant last = Instant.MIN;
  private Duration lastWait = Duration.ZERO;
  private Duration tried = Duration.ZERO;

  /**
   * @param limit for how long failures may follow one another
   */
  public RetryDeadline(InstantSource clock, RandomGenerator random, Duration limit) {
    this.clock = clock;
    this.limit = limit;
    this.backoff = new Backoff(random, FIRST_WAIT, LONGEST_WAIT);
  }

  /** To be called after a success. */
  public void reset() {
    since = null;
    tried = Duration.ZERO;
    backoff.reset();
  }

  /**
   * To be called after a failure.
   *
   * @return how long to wait before the next try; null if the limit is reached
   */
  public @Nullable Duration nextDelay() {
    Instant now = clock.instant();
    if (since == null) {
      since = now;
    } else {
      Duration longest = lastWait.plus(LONGEST_TRY);
      Duration passed = Duration.between(last, now);
      tried = tried.plus(passed.compareTo(longest) < 0 ? passed : longest);
    }
    if (tried.compareTo(limit) >= 0) {
      return null;
    }
    last = now;
    lastWait = backoff.next();
    return lastWait;
  }

  /** What to say when the limit is reached; to be completed with the last failure. */
  public String describe() {
    return "no success since %s, which is longer than stall.timeout.ms=%d allows. The last failure: "
        .formatted(since, limit.toMillis());
  }
}
