package io.github.dynamokc.metrics;

/**
 * What is counted of a table, in one task from its start on, or in the connector's monitor. What is
 * counted of a snapshot is the task's share of it in a task, and the whole, as committed, in the
 * monitor.
 */
public enum Counter {
  EXPORT_JOB_SUCCESS("exportJobSuccess", "Exports that DynamoDB completed"),
  EXPORT_JOB_FAILURE("exportJobFailure", "Exports that DynamoDB reported as failed"),
  EXPORT_S3_OBJECTS_TOTAL(
      "exportS3ObjectsTotal", "Data files with items that are or were to be loaded"),
  EXPORT_S3_OBJECTS_PROCESSED("exportS3ObjectsProcessed", "Data files that are loaded"),
  EXPORT_RECORDS_TOTAL("exportRecordsTotal", "Items that are or were to be loaded"),
  EXPORT_RECORDS_PROCESSED(
      "exportRecordsProcessed",
      "Items of the export that were handed to Connect, or left out because of skipped.operations"),
  EXPORT_RECORD_PROCESSING_ERRORS(
      "exportRecordProcessingErrors",
      "Lines of data files that hold no item that can be converted"),
  ACTIVE_EXPORT_S3_OBJECT_CONSUMERS(
      "activeExportS3ObjectConsumers", "Data files that are being loaded now"),
  BYTES_RECEIVED("bytesReceived", "Bytes of data files that came from S3, compressed"),
  BYTES_PROCESSED(
      "bytesProcessed", "Bytes of data files that were made into records, uncompressed"),
  EXPORT_API_INVOCATIONS(
      "exportApiInvocations",
      "Requests sent for the export, to DynamoDB and S3, repeated ones too"),
  EXPORT_4XX_ERRORS(
      "export4xxErrors", "Requests for the export that were refused or throttled (HTTP 4xx)"),
  EXPORT_5XX_ERRORS(
      "export5xxErrors", "Requests for the export that failed in the service (HTTP 5xx)"),
  CHANGE_EVENTS_PROCESSED(
      "changeEventsProcessed", "Changes of the stream that were handed to Connect"),
  EVENTS_SKIPPED_BEFORE_START(
      "eventsSkippedBeforeStart", "Changes left out because they are older than the start"),
  EVENTS_SKIPPED_BY_OPERATION(
      "eventsSkippedByOperation", "Items and changes left out because of skipped.operations"),
  REMOVALS_WITHOUT_OLD_IMAGE(
      "removalsWithoutOldImage", "Deletions of which the stream did not have the old image"),
  CHANGE_EVENTS_PROCESSING_ERRORS(
      "changeEventsProcessingErrors", "Changes that hold an item that cannot be converted"),
  DATA_LOSS_EVENTS("dataLossEvents", "How often changes were found to be gone unread"),
  STREAM_API_INVOCATIONS(
      "streamApiInvocations", "Requests sent to DynamoDB Streams, repeated ones too"),
  STREAM_4XX_ERRORS(
      "stream4xxErrors", "Requests to DynamoDB Streams that were refused or throttled (HTTP 4xx)"),
  STREAM_5XX_ERRORS(
      "stream5xxErrors", "Requests to DynamoDB Streams that failed in the service (HTTP 5xx)");

  private final String attribute;
  private final String description;

  Counter(String attribute, String description) {
    this.attribute = attribute;
    this.description = description;
  }

  /** The attribute's name in the MBean. */
  public String attribute() {
    return attribute;
  }

  String description() {
    return description;
  }
}
