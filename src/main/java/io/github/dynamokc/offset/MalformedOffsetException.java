package io.github.dynamokc.offset;

import org.apache.kafka.connect.errors.ConnectException;

/**
 * A source partition or source offset that this connector did not write, or that was altered into
 * something it cannot use. The message names the key and what was found.
 */
public final class MalformedOffsetException extends ConnectException {
  private static final long serialVersionUID = 1L;

  MalformedOffsetException(String message) {
    super(message);
  }
}
