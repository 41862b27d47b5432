package io.github.dynamokc.record;

/** A record that is larger than Kafka takes; the message says whose and how large. */
public final class OversizedRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OversizedRecordException(String message) {
    super(message);
  }
}
