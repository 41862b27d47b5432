package io.github.dynamokc.testing.kafka;

/** A worker answered with an error, whose text is in the message. */
public final class RestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  RestException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }
}
