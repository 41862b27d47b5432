package io.github.dynamokc.testing.aws;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What goes wrong with a request to S3. */
public sealed interface S3Fault {

  /** S3 answers with an error; the request does not get to the objects. */
  record Refusal(int status, String code, String message) implements S3Fault {}

  /** The connection is closed after some bytes of the body, of which more were promised. */
  record Cut(long bytes) implements S3Fault {}

  /** The body stands still after some bytes, until {@code released} is opened. */
  record Hold(long bytes, CountDownLatch released) implements S3Fault {}

  /** The body begins late, and then does not come faster than this. */
  record Slow(Duration first, long bytesPerSecond) implements S3Fault {}

  static S3Fault accessDenied() {
    return new Refusal(403, "AccessDenied", "Access Denied");
  }

  static S3Fault noSuchKey() {
    return new Refusal(404, "NoSuchKey", "The specified key does not exist.");
  }

  static S3Fault slowDown() {
    return new Refusal(503, "SlowDown", "Please reduce your request rate.");
  }

  static S3Fault internalError() {
    return new Refusal(500, "InternalError", "We encountered an internal error.");
  }
}
