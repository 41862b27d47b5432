package io.github.dynamokc.stream;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Gives readers and what else there is to do their steps when they are due, in due order, over a
 * few threads. Each has one step at a time, so there is one request in flight a shard, and a hot
 * shard waits its turn like any other.
 */
public final class ShardScheduler {
  private record Due(long nanos, long order, Step work) {}

  private final LongSupplier nanoTime;
  private final long start;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::order));
  private long order;

  /**
   * @param nanoTime as {@link System#nanoTime()}
   */
  public ShardScheduler(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  /** Runs steps until interrupted or one fails. Several threads may do so. */
  public void run() throws InterruptedException {
    while (true) {
      step(takeDue());
    }
  }

  /** Makes a step of {@code work} due now. From any thread. */
  void wake(Step work) {
    add(work, 0);
  }

  /** Runs the next step if one is due already. */
  boolean runIfDue() throws InterruptedException {
    if (nanosUntilDue() > 0) {
      return false;
    }
    step(takeDue());
    return true;
  }

  /** How long until a step is due; the largest long if none is. */
  long nanosUntilDue() {
    lock.lock();
    try {
      Due first = queue.peek();
      return first == null ? Long.MAX_VALUE : Math.max(0, first.nanos() - now());
    } finally {
      lock.unlock();
    }
  }

  private void step(Step work) throws InterruptedException {
    if (work.step() instanceof Next.After after) {
      add(work, after.delay().toNanos());
    }
  }

  private void add(Step work, long delayNanos) {
    lock.lock();
    try {
      queue.add(new Due(now() + delayNanos, order++, work));
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private Step takeDue() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long wait = nanosUntilDue();
        if (wait <= 0) {
          return queue.remove().work();
        }
        changed.awaitNanos(wait);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds since this was made: never negative, so comparing them is safe. */
  private long now() {
    return nanoTime.getAsLong() - start;
  }
}
