package io.github.dynamokc.struct;

/** Where all tasks and workers tell one another of the columns of one topic. Thread-safe. */
public interface ColumnRegistry {

  /**
   * The subject in which columns are claimed: nobody writes or reads records by it. The order of
   * its versions decides, when two claim a column at the same time.
   */
  SchemaSubject claims();

  /** The subject by which converters write the values of the topic. */
  SchemaSubject values();

  /** How long to go on, for one thing that is wanted of the registry; not for several threads. */
  Patience patience();

  /** Waits, or gives up. */
  interface Patience {
    /**
     * To be called when the registry refuses: perhaps for a version that is not visible yet.
     *
     * @param description a sentence
     * @throws org.apache.kafka.connect.errors.ConnectException with it, when it was refused often
     * @throws InterruptedException if the work is stopped
     */
    void afterRefusal(String description) throws InterruptedException;

    /**
     * To be called when something is not visible yet.
     *
     * @param description a sentence
     * @throws org.apache.kafka.connect.errors.ConnectException with it, when it took too long
     * @throws InterruptedException if the work is stopped
     */
    void whileInvisible(String description) throws InterruptedException;
  }
}
