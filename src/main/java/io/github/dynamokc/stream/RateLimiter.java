package io.github.dynamokc.stream;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The one home of the rule how often DescribeStream may be called. AWS allows ten calls a second
 * for a whole account and region. A connector has a budget of its own ({@code
 * stream.describe.rate.max}), of which its monitor and each of its tasks have the same share: they
 * may be on different workers and cannot ask each other. While no task reads a stream the monitor
 * may use all of it; otherwise it uses half of its share, as nothing that it looks for is urgent.
 *
 * <p>A token bucket, with half a second's calls at once at most. The first calls of tasks that
 * start together are one after the other, as a hundred at once would be ten seconds' calls of the
 * account. What is urgent reserves its place and is served in turn. What is not has at most a
 * quarter of the calls, takes one that nobody waits for, or comes back later. Thread-safe.
 */
public final class RateLimiter {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int MONITOR = 1;
  private static final int LATE_PART = 4;

  /** So that no ten seconds have more calls than the budget has, with those that come at once. */
  private static final double STEADY = 0.95;

  private final LongSupplier nanoTime;
  private final long start;
  private final double budget;
  private double perSecond;

  /** When the bucket is full again, in nanoseconds since {@link #start}. */
  private long fullAt;

  /** When the next call may be made that is not urgent, likewise. */
  private long lateAt;

  private RateLimiter(LongSupplier nanoTime, double budget, double perSecond, double callsBefore) {
    this.fullAt = (long) (NANOS_PER_SECOND * callsBefore / (STEADY * budget));
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.budget = budget;
    this.perSecond = perSecond;
  }

  /**
   * The share of a task, for all its streams.
   *
   * @param nanoTime as {@link System#nanoTime()}
   * @param budget calls a second of the whole connector
   * @param task the number of the task
   * @param tasks how many tasks the plan has
   */
  public static RateLimiter ofTask(LongSupplier nanoTime, double budget, int task, int tasks) {
    double share = STEADY * budget / (Math.max(1, tasks) + MONITOR);
    return new RateLimiter(nanoTime, budget, share, task);
  }

  /**
   * The share of the monitor, for all its tables, as long as no task reads a stream.
   *
   * @param nanoTime as {@link System#nanoTime()}
   * @param budget calls a second of the whole connector
   */
  public static RateLimiter ofMonitor(LongSupplier nanoTime, double budget) {
    return new RateLimiter(nanoTime, budget, STEADY * budget, 0);
  }

  /**
   * Says with how many tasks the monitor shares the budget.
   *
   * @param tasks 0 if none of them reads a stream
   */
  public synchronized void shareWith(int tasks) {
    double share = tasks == 0 ? budget : budget / (tasks + MONITOR) / 2;
    perSecond = STEADY * share;
  }

  private long nanosPerCall() {
    return (long) (NANOS_PER_SECOND / perSecond);
  }

  private long burstNanos() {
    return Math.max(1, (long) (perSecond / 2)) * nanosPerCall();
  }

  /** Takes the right to one call, and says after what time it may be made. */
  private synchronized Duration reserve() {
    long now = nanoTime.getAsLong() - start;
    fullAt = Math.max(fullAt, now) + nanosPerCall();
    return Duration.ofNanos(Math.max(0, fullAt - now - burstNanos()));
  }

  /** Takes the right to a call now if it is free; says when to ask again if not. */
  private synchronized Duration takeIfFree() {
    long now = nanoTime.getAsLong() - start;
    long wait = Math.max(backlog().toNanos(), lateAt - now);
    if (wait <= 0) {
      reserve();
      lateAt = now + LATE_PART * nanosPerCall();
      return Duration.ZERO;
    }
    return Duration.ofNanos(wait);
  }

  /** How long one would have to wait for a call now. */
  synchronized Duration backlog() {
    long now = nanoTime.getAsLong() - start;
    return Duration.ofNanos(Math.max(0, fullAt + nanosPerCall() - now - burstNanos()));
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

    /** The same for what can wait: it has no place in the queue, and calls when nobody waits. */
    Duration acquireIfFree() {
      return reserved ? acquire() : takeIfFree();
    }
  }
}
