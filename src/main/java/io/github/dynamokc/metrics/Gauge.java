package io.github.dynamokc.metrics;

import static io.github.dynamokc.metrics.Scope.CONNECTOR;
import static io.github.dynamokc.metrics.Scope.TASK;

import java.util.List;

/** What is so now. */
public enum Gauge implements Metric {
  ACTIVE_EXPORT_S3_OBJECT_CONSUMERS(
      "activeExportS3ObjectConsumers", "Data files that are being loaded now", 0, TASK),
  ACTIVE_SHARDS_IN_PROCESSING(
      "activeShardsInProcessing",
      "Shards that the task follows now, those that ended and have no children yet included",
      0,
      TASK),
  TOTAL_OPEN_SHARDS(
      "totalOpenShards", "Open shards of the stream, as it was last listed", 0, CONNECTOR),
  PHASE(
      "phase",
      "Where the table stands: 0 it is being registered, 1 its export is being made, 2 its export is being loaded, 3 its stream is followed, 4 it is loaded and no stream is wanted, 5 lost changes are being loaded from incremental exports; -1 before that is known",
      -1,
      CONNECTOR),
  PHASE_MILLIS(
      "phaseMillis",
      "For how long the table has been in its phase, in milliseconds: from the committed offset if that tells (an export's time, when the stream was held or another one taken), else since the connector has seen it; -1 before that is known",
      -1,
      CONNECTOR),
  MILLIS_BEHIND_LATEST(
      "millisBehindLatest",
      "How far the shard that is furthest behind is behind the end of the stream, in milliseconds; -1 if the task reads no shard of the table",
      -1,
      TASK),
  MILLIS_UNTIL_DATA_LOSS(
      "millisUntilDataLoss",
      "How long the stream still keeps what was not read yet, in milliseconds, 0 if it may be gone: in a task of the shard that is furthest behind, in the connector while a snapshot is loaded that the stream is to follow; -1 at other times",
      -1,
      TASK,
      CONNECTOR),
  MILLIS_SINCE_LAST_EVENT(
      "millisSinceLastEvent",
      "Milliseconds since the task had a change or an item of the table; -1 before the first",
      -1,
      TASK),
  QUEUE_BYTES(
      "queueBytes",
      "About how many bytes of heap the records take that wait for Connect, in the task as a whole",
      0,
      TASK),
  QUEUE_BYTES_MAX(
      "queueBytesMax",
      "From how many bytes on nothing more is put into the task's queue (max.queue.bytes)",
      0,
      TASK),
  TABLE_FAILED(
      "tableFailed",
      "1 if the work on the table has failed and is to be tried again (table.on.failure=isolate), else 0",
      0,
      TASK,
      CONNECTOR),
  TABLE_SKIPPED(
      "tableSkipped",
      "1 if the table was discovered and cannot be followed yet, for the reason that the status topic has, else 0",
      0,
      TASK),
  UNACKNOWLEDGED_RECORDS(
      "unacknowledgedRecords", "Records that Connect has and Kafka has not acknowledged", 0, TASK);

  private final String attribute;
  private final String description;
  private final long initially;
  private final boolean ofTask;
  private final boolean ofConnector;

  Gauge(String attribute, String description, long initially, Scope... scopes) {
    this.attribute = attribute;
    this.description = description;
    this.initially = initially;
    this.ofTask = List.of(scopes).contains(TASK);
    this.ofConnector = List.of(scopes).contains(CONNECTOR);
  }

  @Override
  public String attribute() {
    return attribute;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public boolean isOf(Scope scope) {
    return switch (scope) {
      case TASK -> ofTask;
      case CONNECTOR -> ofConnector;
    };
  }

  /** The value before anything is known. */
  long initially() {
    return initially;
  }
}
