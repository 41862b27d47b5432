package io.github.dynamokc.stream;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives readers their steps when they are due, in due order, over a few threads. A reader has one
 * step at a time, so there is one request in flight a shard, and a hot shard waits its turn like
 * any other.
 */
public final class ShardScheduler {
  private record Due(long nanos, long order, ShardReader reader) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::order));
  private final long start = System.nanoTime();
  private long order;

  /** Makes a step of {@code reader} due now. From any thread. */
  void wake(ShardReader reader) {
    add(reader, 0);
  }

  /** Runs steps until interrupted or one fails. Several threads may do so. */
  public void run() throws InterruptedException {
    while (true) {
      ShardReader reader = take();
      Next next = reader.step();
      if (next instanceof Next.After after) {
        add(reader, after.delay().toNanos());
      }
    }
  }

  private void add(ShardReader reader, long delayNanos) {
    lock.lock();
    try {
      queue.add(new Due(now() + delayNanos, order++, reader));
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private ShardReader take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        Due first = queue.peek();
        if (first == null) {
          changed.await();
          continue;
        }
        long wait = first.nanos() - now();
        if (wait <= 0) {
          queue.remove();
          return first.reader();
        }
        changed.awaitNanos(wait);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds since this was made: never negative, so comparing them is safe. */
  private long now() {
    return System.nanoTime() - start;
  }
}
