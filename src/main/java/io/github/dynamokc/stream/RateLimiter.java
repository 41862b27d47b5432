package io.github.dynamokc.stream;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Limits the DescribeStream calls of a task. AWS allows ten a second for a whole account and
 * region, which other tasks, the connector's monitor and other programs share. A token bucket: a
 * few calls at once, then half of what AWS allows. Thread-safe.
 */
public final class RateLimiter {
  private static final long NANOS_PER_CALL = Duration.ofMillis(200).toNanos();
  private static final int BURST = 10;

  private final LongSupplier nanoTime;
  private final long start;

  /** When the bucket is full again, in nanoseconds since {@link #start}. */
  private long fullAt;

  /**
   * @param nanoTime as {@link System#nanoTime()}
   */
  public RateLimiter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  /** Takes the right to one call, and says after what time it may be made. */
  private synchronized Duration reserve() {
    long now = nanoTime.getAsLong() - start;
    fullAt = Math.max(fullAt, now) + NANOS_PER_CALL;
    return Duration.ofNanos(Math.max(0, fullAt - now - BURST * NANOS_PER_CALL));
  }

  /** How long one would have to wait for a call now. */
  synchronized Duration backlog() {
    long now = nanoTime.getAsLong() - start;
    return Duration.ofNanos(Math.max(0, fullAt - now - (BURST - 1) * NANOS_PER_CALL));
  }

  /** One caller's place in the queue. */
  final class Permit {
    private boolean reserved;

    /** How long to wait and then ask again; nothing if it is the caller's turn now, once. */
    Duration acquire() {
      Duration wait = reserved ? Duration.ZERO : reserve();
      reserved = !wait.isZero();
      return wait;
    }
  }
}
