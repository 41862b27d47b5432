package io.github.dynamokc.stream;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the jobs of a task step by step, in the order in which the steps are due, on a few threads.
 * A job has one step at a time, also when it is woken during a step. So there is one request in
 * flight a shard, steps need no locks, and a busy shard waits its turn like any other.
 *
 * <p>Of the threads that have nothing to do one waits for the next step to be due, and the others
 * for their turn to do so: with thousands of shards a step is due every millisecond, for which one
 * thread is to wake, not all.
 */
public final class ShardScheduler {
  private record Due(long nanos, long order, Job work) {}

  private final LongSupplier nanoTime;
  private final long start;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::order));

  /**
   * Of each job that waits for its turn the one that counts; what the queue has besides is void.
   */
  private final Map<Job, Due> next = new HashMap<>();

  private final Set<Job> running = new HashSet<>();
  private final Set<Job> wokenMeanwhile = new HashSet<>();
  private long order;

  private boolean stopped;

  /** The thread that waits for the next step to be due; null if none does. */
  private @Nullable Thread watching;

  /**
   * @param nanoTime as {@link System#nanoTime()}
   */
  public ShardScheduler(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  /** Ends {@link #run} on all threads, once their steps have ended. */
  public void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Runs steps until interrupted or stopped, or one fails. Several threads may do so. */
  public void run() throws InterruptedException {
    while (true) {
      step(takeDue());
    }
  }

  /** Makes a step of {@code work} due as soon as none of it runs. From any thread. */
  void wake(Job work) {
    lock.lock();
    try {
      if (running.contains(work)) {
        wokenMeanwhile.add(work);
      } else {
        add(work, 0);
      }
    } finally {
      lock.unlock();
    }
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
      Due first = first();
      return first == null ? Long.MAX_VALUE : Math.max(0, first.nanos() - now());
    } finally {
      lock.unlock();
    }
  }

  /** What is due next, null if nothing is. With the lock held. */
  private @Nullable Due first() {
    Due first = queue.peek();
    while (first != null && !first.equals(next.get(first.work()))) {
      queue.remove();
      first = queue.peek();
    }
    return first;
  }

  private void step(Job work) throws InterruptedException {
    Duration untilNextStep = work.step().untilNextStep();
    lock.lock();
    try {
      running.remove(work);
      if (wokenMeanwhile.remove(work)) {
        add(work, 0);
      } else if (untilNextStep != null) {
        add(work, untilNextStep.toNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  /** With the lock held. */
  private void add(Job work, long delayNanos) {
    Due due = new Due(now() + delayNanos, order++, work);
    Due earlier = next.get(work);
    if (earlier == null || earlier.nanos() > due.nanos()) {
      next.put(work, due);
      queue.add(due);
      if (due.equals(first())) {
        // Whoever watches waits for a later one.
        watching = null;
        changed.signal();
      }
    }
  }

  private Job takeDue() throws InterruptedException {
    Thread self = Thread.currentThread();
    lock.lockInterruptibly();
    try {
      while (true) {
        if (stopped) {
          throw new InterruptedException("The task stops");
        }
        long wait = nanosUntilDue();
        if (wait <= 0) {
          Job work = queue.remove().work();
          next.remove(work);
          running.add(work);
          return work;
        }
        if (watching != null || wait == Long.MAX_VALUE) {
          changed.await();
        } else {
          watching = self;
          try {
            changed.awaitNanos(wait);
          } finally {
            if (self.equals(watching)) {
              watching = null;
            }
          }
        }
      }
    } finally {
      if (watching == null && !queue.isEmpty()) {
        changed.signal();
      }
      lock.unlock();
    }
  }

  /** Nanoseconds since this was made: never negative, so comparing them is safe. */
  private long now() {
    return nanoTime.getAsLong() - start;
  }
}
