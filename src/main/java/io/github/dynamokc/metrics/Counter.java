package io.github.dynamokc.metrics;

/** What is counted of a table, from the start of a task on. */
public enum Counter {
  CHANGE_EVENTS_PROCESSED(
      "changeEventsProcessed", "Changes of the stream that were handed to Connect"),
  EVENTS_SKIPPED_BEFORE_START(
      "eventsSkippedBeforeStart", "Changes left out because they are older than the start"),
  DATA_LOSS_EVENTS("dataLossEvents", "How often changes were found to be gone unread"),
  STREAM_API_INVOCATIONS("streamApiInvocations", "Calls to DynamoDB Streams"),
  STREAM_4XX_ERRORS(
      "stream4xxErrors", "Calls to DynamoDB Streams that were refused or throttled (HTTP 4xx)"),
  STREAM_5XX_ERRORS(
      "stream5xxErrors", "Calls to DynamoDB Streams that failed in the service (HTTP 5xx)");

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
