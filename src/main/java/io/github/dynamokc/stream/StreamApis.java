package io.github.dynamokc.stream;

import io.github.dynamokc.aws.AwsClients;
import io.github.dynamokc.aws.CountedRequests;
import io.github.dynamokc.aws.ErrorPolicy;
import io.github.dynamokc.metrics.TableMetrics;

/** Gives each table access to its stream. */
@FunctionalInterface
public interface StreamApis {
  /**
   * @param metrics of the table: counts the requests
   */
  StreamApi ofTable(TableMetrics metrics);

  /** Streams as AWS offers them. */
  static StreamApis of(AwsClients aws) {
    ErrorPolicy policy = new ErrorPolicy();
    return metrics -> new SdkStreamApi(aws.streams(), CountedRequests.ofStream(metrics), policy);
  }
}
