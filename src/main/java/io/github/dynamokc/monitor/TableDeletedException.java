package io.github.dynamokc.monitor;

import org.apache.kafka.connect.errors.ConnectException;

/** A table is deleted, and nothing of it is left to read. */
final class TableDeletedException extends ConnectException {
  private static final long serialVersionUID = 1;

  private final boolean readToItsEnd;

  /**
   * @param readToItsEnd whether all changes that its stream had were read
   */
  TableDeletedException(String message, boolean readToItsEnd) {
    super(message);
    this.readToItsEnd = readToItsEnd;
  }

  boolean isReadToItsEnd() {
    return readToItsEnd;
  }
}
