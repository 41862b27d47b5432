package io.github.dynamokc.testing.aws;

import java.io.UncheckedIOException;
import java.net.SocketException;

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

  static StreamFault none() {
    return new None();
  }

  static StreamFault connectionReset() {
    return new ConnectionReset();
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
