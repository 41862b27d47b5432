package io.github.dynamokc.concurrent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a failure: any time up to a limit that doubles with each failure ("full
 * jitter"), so that many readers which failed together do not come back together.
 *
 * <p>One instance a thing that is tried; not for several threads.
 */
public final class Backoff {
  private final RandomGenerator random;
  private final long baseNanos;
  private final long maxNanos;
  private long limitNanos;

  /**
   * @param base the limit of the first wait, more than zero
   * @param max the limit that no wait exceeds, at least {@code base}
   */
  public Backoff(RandomGenerator random, Duration base, Duration max) {
    if (base.isZero() || base.isNegative() || max.compareTo(base) < 0) {
      throw new IllegalArgumentException("Not a range to back off in: " + base + " to " + max);
    }
    this.random = random;
    this.baseNanos = base.toNanos();
    this.maxNanos = max.toNanos();
    this.limitNanos = baseNanos;
  }

  /** The wait after one more failure, between nothing and the current limit. */
  public Duration next() {
    long wait = random.nextLong(limitNanos + 1);
    limitNanos = limitNanos > maxNanos / 2 ? maxNanos : limitNanos * 2;
    return Duration.ofNanos(wait);
  }

  /** To be called after a success: the next failure is a first one again. */
  public void reset() {
    limitNanos = baseNanos;
  }
}
