package io.github.dynamokc.struct;

import java.util.List;
import java.util.Optional;

/** The latest schema under which the values of a table are registered, by whatever worker. */
public interface SchemaHistory {
  /** For work without a schema registry. */
  SchemaHistory NONE = Optional::empty;

  /**
   * Asks for it. May take long.
   *
   * @return Avro's JSON; empty if nothing is registered yet
   * @throws org.apache.kafka.connect.errors.ConnectException if there is no answer to be had, or it
   *     is not an Avro schema
   * @throws InterruptedException if the work is stopped
   */
  Optional<String> avro() throws InterruptedException;

  /**
   * Asks for those before it, the newest first, perhaps not all. Tasks that found columns at the
   * same time, before either had registered them, have left them in different versions.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException as above
   * @throws InterruptedException if the work is stopped
   */
  default List<String> earlier() throws InterruptedException {
    return List.of();
  }
}
