package io.github.dynamokc.metrics;

/** Counts requests to a service, and what became of them. Thread-safe. */
public final class RequestCounters {
  private final TableMetrics metrics;
  private final Counter invocations;
  private final Counter errors4xx;
  private final Counter errors5xx;

  private RequestCounters(
      TableMetrics metrics, Counter invocations, Counter errors4xx, Counter errors5xx) {
    this.metrics = metrics;
    this.invocations = invocations;
    this.errors4xx = errors4xx;
    this.errors5xx = errors5xx;
  }

  /** Requests to DynamoDB Streams. */
  public static RequestCounters ofStream(TableMetrics metrics) {
    return new RequestCounters(
        metrics,
        Counter.STREAM_API_INVOCATIONS,
        Counter.STREAM_4XX_ERRORS,
        Counter.STREAM_5XX_ERRORS);
  }

  /** Requests for the export: to DynamoDB for the job, to S3 for its files. */
  public static RequestCounters ofExport(TableMetrics metrics) {
    return new RequestCounters(
        metrics,
        Counter.EXPORT_API_INVOCATIONS,
        Counter.EXPORT_4XX_ERRORS,
        Counter.EXPORT_5XX_ERRORS);
  }

  /** A request goes out. */
  public void sent() {
    metrics.add(invocations, 1);
  }

  /**
   * A request was answered.
   *
   * @param status of HTTP
   */
  public void answered(int status) {
    if (status >= 500) {
      metrics.add(errors5xx, 1);
    } else if (status >= 400) {
      metrics.add(errors4xx, 1);
    }
  }
}
