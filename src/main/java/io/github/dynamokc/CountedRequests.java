package io.github.dynamokc;

import io.github.dynamokc.aws.RequestListener;
import io.github.dynamokc.metrics.RequestCounters;
import io.github.dynamokc.metrics.TableMetrics;

/** Has the requests to AWS counted. */
record CountedRequests(RequestCounters counters) implements RequestListener {
  static CountedRequests ofStream(TableMetrics metrics) {
    return new CountedRequests(RequestCounters.ofStream(metrics));
  }

  static CountedRequests ofExport(TableMetrics metrics) {
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
