package io.github.dynamokc.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker's own place for metrics of plugins, since Kafka 4.1 (KIP-877): {@code
 * kafka.connect:type=plugins,connector=..,task=..,table=..}, and every reporter that the worker
 * has. Only this class names what older workers do not have.
 */
final class PluginMetricsSink implements MetricsSink {
  private static final Logger LOG = LoggerFactory.getLogger(PluginMetricsSink.class);

  private final PluginMetrics worker;

  PluginMetricsSink(PluginMetrics worker) {
    this.worker = worker;
  }

  static MetricsSink of(SourceTaskContext context) {
    return new PluginMetricsSink(context.pluginMetrics());
  }

  static MetricsSink of(ConnectorContext context) {
    return new PluginMetricsSink(context.pluginMetrics());
  }

  @Override
  public Runnable bind(MetricTags tags, TableMetrics metrics) {
    List<MetricName> shown = new ArrayList<>();
    try {
      for (Metric metric : Metric.of(tags.scope())) {
        MetricName name = name(tags, metric.attribute(), metric.description());
        worker.addMetric(name, (config, nowMs) -> metrics.value(metric));
        shown.add(name);
      }
      MetricName version = name(tags, PluginVersion.ATTRIBUTE, PluginVersion.DESCRIPTION);
      worker.addMetric(version, (config, nowMs) -> PluginVersion.get());
      shown.add(version);
    } catch (IllegalArgumentException e) {
      // A task that this one takes over from may still end.
      LOG.warn(
          "The metrics of table {} cannot all be seen as plugin metrics: {}",
          tags.table(),
          e.toString());
    }
    return () -> remove(shown);
  }

  /** The worker adds who it is of: connector and task. */
  private MetricName name(MetricTags tags, String attribute, String description) {
    return worker.metricName(
        attribute, description, new LinkedHashMap<>(Map.of("table", tags.table())));
  }

  private void remove(List<MetricName> shown) {
    try {
      shown.forEach(worker::removeMetric);
    } catch (IllegalStateException e) {
      LOG.debug("The worker has taken its metrics away itself", e);
    }
  }
}
