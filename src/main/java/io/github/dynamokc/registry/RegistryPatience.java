package io.github.dynamokc.registry;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.concurrent.RetryDeadline;
import io.github.dynamokc.struct.ColumnRegistry;
import java.time.Duration;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was refused is refused again, unless the cause is a version of another task: that becomes
 * visible within seconds. What is not visible is waited for as long as a registry that does not
 * answer.
 */
final class RegistryPatience implements ColumnRegistry.Patience {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryPatience.class);

  /** With the waits between them, about half a minute. */
  private static final int MOST_REFUSALS = 12;

  private final Retrier retrier;
  private final RetryDeadline deadline;
  private int refusals;

  RegistryPatience(Retrier retrier) {
    this.retrier = retrier;
    this.deadline = retrier.deadline();
  }

  @Override
  public void afterRefusal(String description) throws InterruptedException {
    if (++refusals >= MOST_REFUSALS) {
      throw new ConnectException(description);
    }
    pause(description);
  }

  @Override
  public void whileInvisible(String description) throws InterruptedException {
    pause(description);
  }

  private void pause(String description) throws InterruptedException {
    Duration delay = deadline.nextDelay();
    if (delay == null) {
      throw new ConnectException(deadline.describe() + description);
    }
    LOG.info("{} Looking again in {} ms.", description, delay.toMillis());
    retrier.pause(delay);
  }
}
