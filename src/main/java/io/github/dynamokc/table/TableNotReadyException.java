package io.github.dynamokc.table;

import org.apache.kafka.connect.errors.ConnectException;

/** A table cannot be read yet, for a reason that somebody can change. */
public final class TableNotReadyException extends ConnectException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param message what is wrong and what to do, for whom the table's failure is the task's
   * @param reason what stands in the way, in few words, as {@link Readiness} gives it
   */
  public TableNotReadyException(String message, String reason) {
    super(message);
    this.reason = reason;
  }

  /** The same, found out by a call that was refused. */
  public TableNotReadyException(String message, String reason, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What stands in the way, in few words. */
  public String reason() {
    return reason;
  }
}
