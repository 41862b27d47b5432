package io.github.dynamokc.concurrent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Knows for how long there were failures without a success in between, and whether that is too
 * long. Thread-safe: what is tried may be one thing, or many that are to succeed now and then as a
 * whole.
 */
public final class Patience {
  private final InstantSource clock;
  private final Duration limit;
  private @Nullable Instant since;
  private Instant last = Instant.MIN;
  private Duration tried = Duration.ZERO;

  /**
   * @param limit for how long failures may follow one another ({@code stall.timeout.ms})
   */
  public Patience(InstantSource clock, Duration limit) {
    this.clock = clock;
    this.limit = limit;
  }

  /** To be called after a success. */
  public synchronized void reset() {
    since = null;
    tried = Duration.ZERO;
  }

  /**
   * To be called after a failure.
   *
   * @param longestTry time since the failure before above this was spent on other work, or on
   *     waiting for Kafka, and does not count
   * @return whether it is enough
   */
  public synchronized boolean isOverAfterFailure(Duration longestTry) {
    Instant now = clock.instant();
    if (since == null) {
      since = now;
    } else {
      Duration passed = Duration.between(last, now);
      tried = tried.plus(passed.compareTo(longestTry) < 0 ? passed : longestTry);
    }
    last = now;
    return tried.compareTo(limit) >= 0;
  }

  /** What to say when it is enough; to be completed with the last failure. */
  public synchronized String describe() {
    return "no success since %s, which is longer than stall.timeout.ms=%d allows. The last failure: "
        .formatted(since, limit.toMillis());
  }
}
