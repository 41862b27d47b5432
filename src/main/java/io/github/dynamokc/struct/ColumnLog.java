package io.github.dynamokc.struct;

/** Decides which columns there are, for all who write to a topic. Not thread-safe. */
interface ColumnLog {

  /** What becomes of columns. Pure: it is asked again when others have added columns meanwhile. */
  @FunctionalInterface
  interface Growth {
    /**
     * @return these very columns if nothing is to be added
     */
    TableColumns of(TableColumns columns);
  }

  /**
   * Adds columns. If it fails, the columns in use are what they were.
   *
   * @param inUse the columns that were in use until now
   * @return columns that are decided for ever, and can be used
   * @throws org.apache.kafka.connect.errors.ConnectException if the registry cannot be asked, or
   *     refuses
   * @throws InterruptedException if the work is stopped
   */
  TableColumns grow(TableColumns inUse, Growth growth) throws InterruptedException;

  /** For work without a schema registry: nobody else is asked. */
  static ColumnLog unregistered() {
    return (inUse, growth) -> growth.of(inUse);
  }
}
