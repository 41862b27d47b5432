package io.github.dynamokc.testing.aws;

/** An error that AWS would answer: its exception's short name, its status, its message. */
public final class AwsErrorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String errorCode;

  public AwsErrorException(int status, String errorCode, String message) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }

  /** A refusal of the request: status 400. */
  static AwsErrorException badRequest(String errorCode, String message) {
    return new AwsErrorException(400, errorCode, message);
  }

  public int status() {
    return status;
  }

  /** As in {@code TrimmedDataAccessException}. */
  public String errorCode() {
    return errorCode;
  }
}
