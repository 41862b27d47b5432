package io.github.dynamokc.aws;

import io.github.dynamokc.concurrent.RetryDeadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Calls to AWS that are worth waiting for: throttling, server errors and network trouble are
 * retried with back-off until the call succeeds, the work is stopped, or patience ends; anything
 * else fails at once, named. Thread-safe.
 */
public final class RetryingCalls {
  private static final Logger LOG = LoggerFactory.getLogger(RetryingCalls.class);
  private final CountDownLatch stopped;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Duration limit;

  /**
   * Makes calls for one piece of work.
   *
   * @param stopped opened when the work stops; it ends every wait
   * @param limit for how long a call may fail over and over
   */
  public RetryingCalls(
      CountDownLatch stopped, InstantSource clock, RandomGenerator random, Duration limit) {
    this.stopped = stopped;
    this.clock = clock;
    this.random = random;
    this.limit = limit;
  }

  /** The patience that these calls have, for something else that is tried. */
  public RetryDeadline patience() {
    return new RetryDeadline(clock, random, limit);
  }

  /**
   * Calls until it succeeds.
   *
   * @param action the IAM action, for instance {@code s3:GetObject}
   * @param resource what it is called on, for messages
   * @throws org.apache.kafka.connect.errors.ConnectException if the call cannot succeed by being
   *     repeated, or was repeated for too long
   * @throws InterruptedException if the work is stopped
   */
  public <T> T call(String action, String resource, Supplier<T> call) throws InterruptedException {
    RetryDeadline patience = patience();
    while (true) {
      try {
        return call.get();
      } catch (SdkException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
        if (!AwsErrorKind.of(e).retryable()) {
          throw AwsErrors.failure(action, resource, e);
        }
        Duration wait = patience.nextDelay();
        if (wait == null) {
          throw AwsErrors.stalled(patience, action, resource, e);
        }
        LOG.warn(
            "{} Trying again in {} ms.", AwsErrors.describe(action, resource, e), wait.toMillis());
        pause(wait);
      }
    }
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
