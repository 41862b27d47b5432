package io.github.dynamokc.concurrent;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one loop that repeats what fails, for calls that block their thread: with back-off, until an
 * attempt succeeds, a failure is not worth another attempt, the deadline is reached, or the work is
 * stopped. Thread-safe.
 */
public final class Retrier {
  private static final Logger LOG = LoggerFactory.getLogger(Retrier.class);

  private final CountDownLatch stopped;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Duration limit;

  /**
   * @param stopped opened when the work stops; it ends every wait
   * @param limit for how long attempts may fail over and over ({@code stall.timeout.ms})
   */
  public Retrier(
      CountDownLatch stopped, InstantSource clock, RandomGenerator random, Duration limit) {
    this.stopped = stopped;
    this.clock = clock;
    this.random = random;
    this.limit = limit;
  }

  /** What is tried. */
  @FunctionalInterface
  public interface Attempt<T> {
    T run() throws InterruptedException;
  }

  /** What a failed attempt means. */
  public sealed interface Verdict {
    /**
     * Another attempt may succeed.
     *
     * @param description of the failure, a sentence for the log and for the failure at the deadline
     * @param cause of the failure at the deadline, which the log and the connector's status show;
     *     null where it has more than the description may tell
     */
    record Retry(String description, @Nullable Throwable cause) implements Verdict {}

    /** Another attempt would fail as well. */
    record GiveUp(RuntimeException failure) implements Verdict {}
  }

  /**
   * Repeats an attempt until it succeeds.
   *
   * @param policy decides about a failed attempt, by the type of its failure
   * @throws ConnectException at the deadline, with the last failure
   * @throws InterruptedException if the work is stopped
   */
  public <T> T call(Attempt<T> attempt, Function<RuntimeException, Verdict> policy)
      throws InterruptedException {
    RetryDeadline deadline = deadline();
    while (true) {
      if (stopped.getCount() == 0) {
        throw new InterruptedException();
      }
      try {
        return attempt.run();
      } catch (RuntimeException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
        pause(delayAfter(policy.apply(e), deadline));
      }
    }
  }

  private static Duration delayAfter(Verdict verdict, RetryDeadline deadline) {
    if (verdict instanceof Verdict.GiveUp giveUp) {
      throw giveUp.failure();
    }
    Verdict.Retry retry = (Verdict.Retry) verdict;
    Duration delay = deadline.nextDelay();
    if (delay == null) {
      throw new ConnectException(deadline.describe() + retry.description(), retry.cause());
    }
    LOG.warn("{} Trying again in {} ms.", retry.description(), delay.toMillis());
    return delay;
  }

  /** A deadline of its own for work that cannot be repeated as a whole. */
  public RetryDeadline deadline() {
    return new RetryDeadline(clock, random, limit);
  }

  /**
   * Waits, but not longer than until the work is stopped.
   *
   * @throws InterruptedException if the work is stopped
   */
  public void pause(Duration wait) throws InterruptedException {
    if (stopped.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException();
    }
  }
}
