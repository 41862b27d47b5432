package io.github.dynamokc.aws;

import io.github.dynamokc.concurrent.Retrier;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Calls to AWS that are repeated as {@link ErrorPolicy} says; anything else fails at once, named.
 * Thread-safe.
 */
public final class RetryingCalls {
  private final ErrorPolicy policy = new ErrorPolicy();
  private final Retrier retrier;

  public RetryingCalls(Retrier retrier) {
    this.retrier = retrier;
  }

  /** The retrier of these calls, for something else that is tried. */
  public Retrier retrier() {
    return retrier;
  }

  /**
   * Calls until it succeeds.
   *
   * @param action the IAM action, for instance {@code s3:GetObject}
   * @param resource what it is called on, for messages
   * @throws ConnectException if the call cannot succeed by being repeated, or was repeated for too
   *     long
   * @throws InterruptedException if the work is stopped
   */
  public <T> T call(String action, String resource, Supplier<T> call) throws InterruptedException {
    T answer = retrier.call(call::get, failure -> verdict(action, resource, failure));
    policy.succeeded(action, resource);
    return answer;
  }

  private Retrier.Verdict verdict(String action, String resource, RuntimeException failure) {
    if (!(failure instanceof SdkException)) {
      return new Retrier.Verdict.GiveUp(failure);
    }
    ConnectException shown = AwsErrors.failure(action, resource, failure);
    return policy.isWaitedOut(action, resource, failure)
        ? new Retrier.Verdict.Retry(String.valueOf(shown.getMessage()), shown.getCause())
        : new Retrier.Verdict.GiveUp(shown);
  }

  /**
   * Waits, but not longer than until the work is stopped.
   *
   * @throws InterruptedException if the work is stopped
   */
  public void pause(Duration wait) throws InterruptedException {
    retrier.pause(wait);
  }
}
