package io.github.dynamokc.json;

/** Bytes that are not the JSON that was expected; the message says what and where, without data. */
public final class MalformedJsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedJsonException(String message) {
    super(message);
  }
}
