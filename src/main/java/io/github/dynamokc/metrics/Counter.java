package io.github.dynamokc.metrics;

import static io.github.dynamokc.metrics.Scope.CONNECTOR;
import static io.github.dynamokc.metrics.Scope.TASK;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What only grows: counted from the start of the task or connector on, but for what is {@link
 * #kept}.
 */
public enum Counter implements Metric {
  EXPORT_JOB_SUCCESS("exportJobSuccess", "Exports that DynamoDB completed", CONNECTOR),
  EXPORT_JOB_FAILURE("exportJobFailure", "Exports that DynamoDB reported as failed", CONNECTOR),
  EXPORT_S3_OBJECTS_TOTAL(
      "exportS3ObjectsTotal",
      "Data files with items that are or were to be loaded: in a task its share since it started, in the connector all of the snapshot",
      TASK,
      CONNECTOR),
  EXPORT_S3_OBJECTS_PROCESSED(
      "exportS3ObjectsProcessed",
      "Data files that are loaded; in the connector those that are committed",
      TASK,
      CONNECTOR),
  EXPORT_RECORDS_TOTAL(
      "exportRecordsTotal",
      "Items that are or were to be loaded: in a task its share since it started, in the connector all of the snapshot",
      TASK,
      CONNECTOR),
  EXPORT_RECORDS_PROCESSED(
      "exportRecordsProcessed",
      "Items of the export that were handed to Connect, or skipped because of skipped.operations; in the connector those that are committed",
      TASK,
      CONNECTOR),
  EXPORT_RECORD_PROCESSING_ERRORS(
      "exportRecordProcessingErrors",
      "Lines of data files that hold no item that can be converted",
      TASK,
      CONNECTOR),
  BYTES_RECEIVED(
      "bytesReceived",
      "Bytes of data files that came from S3, compressed, and of changes that came from the stream",
      TASK,
      CONNECTOR),
  BYTES_PROCESSED(
      "bytesProcessed",
      "Bytes of data files, uncompressed, and of changes that were made into records",
      TASK,
      CONNECTOR),
  EXPORT_API_INVOCATIONS(
      "exportApiInvocations",
      "Requests sent for the export, to DynamoDB and S3, repeated ones too",
      TASK,
      CONNECTOR),
  EXPORT_4XX_ERRORS(
      "export4xxErrors",
      "Requests for the export that were refused or throttled (HTTP 4xx)",
      TASK,
      CONNECTOR),
  EXPORT_5XX_ERRORS(
      "export5xxErrors",
      "Requests for the export that failed in the service (HTTP 5xx)",
      TASK,
      CONNECTOR),
  CHANGE_EVENTS_PROCESSED(
      "changeEventsProcessed",
      "Changes of the stream that were handed to Connect",
      TASK,
      CONNECTOR),
  CHANGE_EVENTS_PROCESSING_ERRORS(
      "changeEventsProcessingErrors",
      "Changes that hold an item that cannot be converted",
      TASK,
      CONNECTOR),
  EVENTS_SKIPPED_BEFORE_START(
      "eventsSkippedBeforeStart",
      "Changes skipped because they are older than the start",
      TASK,
      CONNECTOR),
  EVENTS_SKIPPED_BY_OPERATION(
      "eventsSkippedByOperation",
      "Items and changes skipped because of skipped.operations",
      TASK,
      CONNECTOR),
  REMOVALS_WITHOUT_OLD_IMAGE(
      "removalsWithoutOldImage",
      "Deletions of which the stream did not have the old image",
      TASK,
      CONNECTOR),
  SHARD_PROGRESS(
      "shardProgress", "Reads of shards that succeeded, those that found nothing too", TASK),
  DATA_LOSS_EVENTS(
      "dataLossEvents", "How often changes were found to be gone unread", TASK, CONNECTOR),
  GAPS_REPAIRED(
      "gapsRepaired",
      "How often changes that were gone from the stream were loaded from incremental exports",
      CONNECTOR),
  REPAIR_ITEMS(
      "repairItems",
      "Changed items of incremental exports that are committed, deletions included",
      CONNECTOR),
  STREAM_API_INVOCATIONS(
      "streamApiInvocations",
      "Requests sent to DynamoDB Streams, repeated ones too",
      TASK,
      CONNECTOR),
  STREAM_4XX_ERRORS(
      "stream4xxErrors",
      "Requests to DynamoDB Streams that were refused or throttled (HTTP 4xx)",
      TASK,
      CONNECTOR),
  STREAM_5XX_ERRORS(
      "stream5xxErrors",
      "Requests to DynamoDB Streams that failed in the service (HTTP 5xx)",
      TASK,
      CONNECTOR);

  private static final Set<Counter> KEPT =
      Collections.unmodifiableSet(
          EnumSet.of(
              EXPORT_RECORD_PROCESSING_ERRORS,
              BYTES_RECEIVED,
              BYTES_PROCESSED,
              CHANGE_EVENTS_PROCESSED,
              CHANGE_EVENTS_PROCESSING_ERRORS,
              EVENTS_SKIPPED_BEFORE_START,
              EVENTS_SKIPPED_BY_OPERATION,
              REMOVALS_WITHOUT_OLD_IMAGE));

  private final String attribute;
  private final String description;
  private final boolean ofTask;
  private final boolean ofConnector;

  Counter(String attribute, String description, Scope... scopes) {
    this.attribute = attribute;
    this.description = description;
    this.ofTask = List.of(scopes).contains(TASK);
    this.ofConnector = List.of(scopes).contains(CONNECTOR);
  }

  /**
   * What tasks count and the connector goes on showing when they are gone: of all tasks and all
   * their runs, as committed.
   */
  public static Set<Counter> kept() {
    return KEPT;
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
}
