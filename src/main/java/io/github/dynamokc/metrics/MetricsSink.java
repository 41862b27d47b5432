package io.github.dynamokc.metrics;

import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.LoggerFactory;

/** A place where numbers can be seen. */
@FunctionalInterface
public interface MetricsSink {
  /** For workers that have no such place. */
  MetricsSink NONE = (tags, metrics) -> () -> {};

  /**
   * Shows the numbers. What cannot be shown is logged, and changes nothing else.
   *
   * @return takes them away again
   */
  Runnable bind(MetricTags tags, TableMetrics metrics);

  /** The plugin metrics of the worker that runs a task; none before Kafka 4.1. */
  static MetricsSink ofWorker(SourceTaskContext context) {
    try {
      return PluginMetricsSink.of(context);
    } catch (NoSuchMethodError | NoClassDefFoundError e) {
      return withoutPluginMetrics(e);
    }
  }

  /** The plugin metrics of the worker that runs the connector; none before Kafka 4.1. */
  static MetricsSink ofWorker(ConnectorContext context) {
    try {
      return PluginMetricsSink.of(context);
    } catch (NoSuchMethodError | NoClassDefFoundError e) {
      return withoutPluginMetrics(e);
    }
  }

  private static MetricsSink withoutPluginMetrics(LinkageError e) {
    LoggerFactory.getLogger(MetricsSink.class)
        .debug("This worker has no plugin metrics: {}", e.toString());
    return NONE;
  }
}
