package io.github.dynamokc.task;

import java.util.function.LongSupplier;

/**
 * Why Connect dropped a record, which it does not say: it calls {@code commitRecord()} without
 * metadata for what a transform left out, and, with {@code errors.tolerance=all}, for what a
 * transform or converter could not handle and what Kafka refused. Only the first was wanted.
 * Thread-safe.
 */
final class DroppedRecords {
  /** Callbacks of the producer come from its code, other drops never. */
  private static final String PRODUCER = "org.apache.kafka.clients.producer.";

  private static final StackWalker STACK = StackWalker.getInstance();

  /** Why a record is not in Kafka. */
  enum Cause {
    /** A transform left it out. */
    FILTERED("left out by a transform"),
    NOT_CONVERTED("refused by a converter or transform"),
    REFUSED("refused by Kafka");

    final String words;

    Cause(String words) {
      this.words = words;
    }
  }

  private final boolean toleratesErrors;
  private final boolean hasTransforms;
  private final LongSupplier skippedByConnect;

  /** Of how many of {@link #skippedByConnect} it is known which they were. */
  private long known;

  /**
   * @param toleratesErrors whether {@code errors.tolerance} is {@code all}
   * @param hasTransforms whether the connector has any
   * @param skippedByConnect how many records Connect has skipped because of an error, so far
   */
  DroppedRecords(boolean toleratesErrors, boolean hasTransforms, LongSupplier skippedByConnect) {
    this.toleratesErrors = toleratesErrors;
    this.hasTransforms = hasTransforms;
    this.skippedByConnect = skippedByConnect;
    this.known = toleratesErrors && hasTransforms ? skippedByConnect.getAsLong() : 0;
  }

  /** Why the record was dropped of which Connect tells the current thread. */
  Cause cause() {
    if (!toleratesErrors) {
      return Cause.FILTERED;
    }
    if (STACK.walk(frames -> frames.anyMatch(frame -> frame.getClassName().startsWith(PRODUCER)))) {
      return Cause.REFUSED;
    }
    return hasTransforms && !isOneMoreSkipped() ? Cause.FILTERED : Cause.NOT_CONVERTED;
  }

  /**
   * With exactly-once the drops of a transaction are told of at its end, so that only the number of
   * those skipped is sure.
   */
  private synchronized boolean isOneMoreSkipped() {
    if (skippedByConnect.getAsLong() <= known) {
      return false;
    }
    known++;
    return true;
  }
}
