package io.github.dynamokc.task;

import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.MessageKeys;
import io.github.dynamokc.record.StatusRecords;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records that Connect skipped under {@code errors.tolerance=all} because a converter or Kafka
 * refused them. Connect goes on, and commits the offsets of later records, so that nothing of such
 * a record is left but what is said here: it is logged at once, counted, and told of in the status
 * topic. Thread-safe: Connect's threads call it.
 */
final class RefusedRecords {
  private static final Logger LOG = LoggerFactory.getLogger(RefusedRecords.class);

  /** It is not the items if Kafka refuses so many for a topic and takes none. */
  private static final int MOST_IN_A_ROW = 100;

  private final TaskTables tables;
  private final StatusRecords status;
  private final RecordQueue queue;
  private final @Nullable GivenAssignment given;
  private final MessageKeys keys;
  private final BiConsumer<String, ConnectException> failures;

  /** Of each topic whose last record was refused. */
  private final Map<String, Integer> inARow = new ConcurrentHashMap<>();

  /**
   * @param given whose offset the status records carry, as they must not move any other; null for a
   *     task of an earlier version, which writes none
   * @param failures told the table whose work cannot go on, and why
   */
  RefusedRecords(
      TaskTables tables,
      StatusRecords status,
      RecordQueue queue,
      @Nullable GivenAssignment given,
      MessageKeys keys,
      BiConsumer<String, ConnectException> failures) {
    this.failures = failures;
    this.tables = tables;
    this.status = status;
    this.queue = queue;
    this.given = given;
    this.keys = keys;
  }

  /** Kafka has taken a record. */
  void acknowledged(TrackedRecord record) {
    if (!inARow.isEmpty()) {
      inARow.remove(record.topic());
    }
  }

  /** Tells of a record of an item; one of the connector's own fails the task by itself. */
  void refused(TrackedRecord record, DroppedRecords.Cause cause) {
    SourcePartition source = record.source();
    Counter counter = counter(source);
    String table = source.table();
    if (counter == null || table == null || status.isOne(record)) {
      return;
    }
    tables.metrics(table).add(counter, 1);
    String reason =
        "%s, %s: the record for topic '%s' with the %s, of about %d bytes, was %s and is not in Kafka; the worker's log has the reason"
            .formatted(
                source.description(),
                record.sourceOffset(),
                record.topic(),
                keys.of(record),
                record.payloadBytes(),
                cause.words);
    LOG.error("{}. Skipped, as errors.tolerance=all wants it", reason);
    if (given != null) {
      queue.putNow(status.itemRefused(given.partition(), given.offset(), source, record, reason));
    }
    if (cause == DroppedRecords.Cause.REFUSED
        && inARow.merge(record.topic(), 1, Integer::sum) == MOST_IN_A_ROW) {
      failures.accept(
          table,
          new ConnectException(
              "Kafka has refused "
                  + MOST_IN_A_ROW
                  + " records in a row for topic '"
                  + record.topic()
                  + "' and taken none, so that it is not their items. The last: "
                  + reason
                  + ". Mend what it is. What was refused is told of in ITEM_SKIPPED records of the status topic; to have it sent again, stop the connector and set the offsets of these shards and files back"));
    }
  }

  private static @Nullable Counter counter(SourcePartition source) {
    if (source instanceof SourcePartition.OfFile) {
      return Counter.EXPORT_RECORD_PROCESSING_ERRORS;
    }
    return source instanceof SourcePartition.OfShard
        ? Counter.CHANGE_EVENTS_PROCESSING_ERRORS
        : null;
  }
}
