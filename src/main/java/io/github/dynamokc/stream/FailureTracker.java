package io.github.dynamokc.stream;

import io.github.dynamokc.concurrent.RetryDeadline;
import java.time.Duration;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failures of one job. A failure is waited out in place and never taken for the end of a shard.
 * When {@code stall.timeout.ms} pass without a success, the task fails.
 */
final class FailureTracker {
  private static final Logger LOG = LoggerFactory.getLogger(FailureTracker.class);
  private static final Duration WORTH_A_WARNING = Duration.ofSeconds(2);

  private final String what;
  private final RetryDeadline deadline;

  /**
   * @param what is failing, as the beginning of a message
   */
  FailureTracker(StreamContext context, String what) {
    this.what = what;
    this.deadline = context.deadline();
  }

  /** The work made progress. */
  void onSuccess() {
    deadline.reset();
  }

  /**
   * Decides when to try again.
   *
   * @throws ConnectException if trying again changes nothing, or was tried for too long
   */
  JobResult onFailure(StreamApiException failure) throws InterruptedException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException();
    }
    if (failure.kind() == StreamApiException.Kind.PERMANENT) {
      throw new ConnectException(what + ": " + failure.getMessage(), failure);
    }
    Duration wait = deadline.nextDelay();
    if (wait == null) {
      throw new ConnectException(what + ": " + deadline.describe() + failure.getMessage(), failure);
    }
    // Throttling is daily bread, and thousands of shards may meet it at once.
    if (wait.compareTo(WORTH_A_WARNING) > 0) {
      LOG.warn("{}: {} Trying again in {} ms.", what, failure.getMessage(), wait.toMillis());
    } else {
      LOG.debug("{}: {} Trying again in {} ms.", what, failure.getMessage(), wait.toMillis());
    }
    return new JobResult.Delay(wait);
  }
}
