package io.github.dynamokc.stream;

import org.jspecify.annotations.Nullable;

/** A question to the stream that was not answered. The message is made for users. */
public final class StreamApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What can be done about it. */
  public enum Kind {
    /** Take a new iterator from the last position: this one has expired, or is not accepted. */
    ITERATOR_EXPIRED,
    /** The position is older than the 24 hours that a stream holds. */
    POSITION_TRIMMED,
    /** The shard or the stream does not exist, or does no longer. */
    NOT_FOUND,
    /** Try again: throttling, server errors, network. */
    TRANSIENT,
    /**
     * What was allowed before is refused: access denied, credentials expired. Somebody may be about
     * to change it.
     */
    REFUSED,
    /** Trying again changes nothing: a bad request, or one that was never allowed. */
    PERMANENT
  }

  private final Kind kind;

  public StreamApiException(Kind kind, @Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
