package io.github.dynamokc.aws;

import io.github.dynamokc.metrics.RequestCounters;
import io.github.dynamokc.metrics.TableMetrics;

/** Has the requests to AWS counted. */
public record CountedRequests(RequestCounters counters) implements RequestListener {
  public static CountedRequests ofStream(TableMetrics metrics) {
    return new CountedRequests(RequestCounters.ofStream(metrics));
  }

  public static CountedRequests ofExport(TableMetrics metrics) {
    return new CountedRequests(RequestCounters.ofExport(metrics));
  }

  @Override
  public void sent() {
    counters.sent();
  }

  @Override
  public void answered(int status) {
    counters.answered(status);
  }
}
