package io.github.dynamokc.stream;

import org.apache.kafka.connect.errors.ConnectException;

/** Changes are gone that were not read, and {@code stream.on.data.loss} is to fail then. */
public final class DataLossException extends ConnectException {
  private static final long serialVersionUID = 1L;

  private final long fromMs;

  /**
   * @param fromMs changes that were made after it may be missing, epoch ms
   */
  public DataLossException(String message, long fromMs) {
    super(message);
    this.fromMs = fromMs;
  }

  public long fromMs() {
    return fromMs;
  }
}
