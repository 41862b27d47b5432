package io.github.dynamokc.export;

import org.apache.kafka.connect.errors.ConnectException;

/**
 * The changes of a window of time cannot be had from DynamoDB, and never will be: point-in-time
 * recovery is off, or does not reach back so far. Its message is for the user.
 */
public final class WindowNotExportableException extends ConnectException {
  private static final long serialVersionUID = 1L;

  WindowNotExportableException(String message, Throwable cause) {
    super(message, cause);
  }
}
