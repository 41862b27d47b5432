package io.github.dynamokc.testing.aws;

import io.github.dynamokc.testing.ManualClock;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** What goes wrong with a call that a test has chosen. */
public sealed interface StreamFault {

  /** Throws what a caller gets to see, if anything. */
  void happen();

  /** Nothing: lets a call pass, so that a later one fails. */
  record None() implements StreamFault {
    @Override
    public void happen() {}
  }

  /** AWS answers an error. */
  record Failure(int status, String errorCode, String message) implements StreamFault {
    @Override
    public void happen() {
      throw new AwsErrorException(status, errorCode, message);
    }
  }

  /** The network fails; over HTTP the connection closes without an answer. */
  record ConnectionReset() implements StreamFault {
    @Override
    public void happen() {
      throw new UncheckedIOException(new SocketException("Connection reset"));
    }
  }

  /** The call hangs until the network fails. */
  record Hang(ManualClock clock, Duration time) implements StreamFault {
    @Override
    public void happen() {
      clock.advance(time);
      throw new UncheckedIOException(new SocketTimeoutException("Read timed out"));
    }
  }

  static StreamFault none() {
    return new None();
  }

  static StreamFault connectionReset() {
    return new ConnectionReset();
  }

  /**
   * @param clock goes on by {@code time} during the call
   */
  static StreamFault hang(ManualClock clock, Duration time) {
    return new Hang(clock, time);
  }

  /** What AWS may say also of a stream or shard that is there. */
  static StreamFault notFound() {
    return new Failure(400, "ResourceNotFoundException", "Requested resource not found");
  }

  static StreamFault invalidIterator() {
    return new Failure(400, "ValidationException", "Invalid ShardIterator");
  }

  static StreamFault internalServerError() {
    return new Failure(500, "InternalServerError", "The service failed inside");
  }

  static StreamFault limitExceeded() {
    return new Failure(400, "LimitExceededException", "Too many readers or calls");
  }

  static StreamFault throughputExceeded() {
    return new Failure(
        400, "ProvisionedThroughputExceededException", "The shard is read too often");
  }

  static StreamFault throttled() {
    return new Failure(400, "ThrottlingException", "Rate exceeded");
  }

  /**
   * @param permission as in {@code dynamodb:GetRecords}
   */
  static StreamFault accessDenied(String permission) {
    return new Failure(
        400, "AccessDeniedException", "User is not authorized to perform: " + permission);
  }
}
