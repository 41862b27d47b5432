package io.github.dynamokc.struct;

import java.util.List;

/**
 * One subject of a schema registry: a row of versions, to which anybody may add. Versions become
 * visible in their order, perhaps a while after they were added.
 *
 * <p>All methods may take long, and throw {@link org.apache.kafka.connect.errors.ConnectException}
 * if there is no answer to be had, and {@link InterruptedException} if the work is stopped.
 */
public interface SchemaSubject {

  /** For messages. */
  String name();

  /** The numbers of the versions that are visible now, in any order; none without a subject. */
  List<Integer> versions() throws InterruptedException;

  /** What is registered under a number that was among the versions. */
  Version version(int number) throws InterruptedException;

  /**
   * Adds a version, unless there is one of this very schema.
   *
   * @param avro Avro's JSON
   */
  Registration register(String avro) throws InterruptedException;

  /** What a version is. */
  sealed interface Version {
    /**
     * A schema of Avro's.
     *
     * @param schema JSON
     */
    record Avro(String schema) implements Version {}

    /** A schema of another kind, such as {@code PROTOBUF}. */
    record NotAvro(String type) implements Version {}

    /** Taken away, or not to be seen yet. */
    record Missing() implements Version {}
  }

  /** What came of adding a version. */
  sealed interface Registration {
    /** It is registered. */
    record Accepted() implements Registration {}

    /**
     * It is not, as it does not go with another version or is not to be.
     *
     * @param reason what the registry says
     */
    record Refused(String reason) implements Registration {}
  }
}
