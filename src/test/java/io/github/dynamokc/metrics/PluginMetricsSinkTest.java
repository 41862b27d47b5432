package io.github.dynamokc.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.MetricValueProvider;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.junit.jupiter.api.Test;

class PluginMetricsSinkTest {
  private final FakePluginMetrics worker = new FakePluginMetrics();
  private final MetricsSink sink = new PluginMetricsSink(worker);

  @Test
  void allMetricsOfATableAreShownUntilClosed() {
    TableMetrics metrics = TableMetrics.register(MetricTags.ofTask("c", "0", "orders"), sink);
    metrics.add(Counter.CHANGE_EVENTS_PROCESSED, 5);
    metrics.bind(Gauge.MILLIS_BEHIND_LATEST, () -> 42);

    assertThat(worker.shown).hasSize(Metric.of(Scope.TASK).size() + 1);
    assertThat(worker.value("version", "orders")).isEqualTo(PluginVersion.get());
    assertThat(worker.value("changeEventsProcessed", "orders")).isEqualTo(5L);
    assertThat(worker.value("millisBehindLatest", "orders")).isEqualTo(42L);
    assertThat(worker.shown.keySet()).noneMatch(name -> name.description().isBlank());

    metrics.close();
    assertThat(worker.shown).isEmpty();
  }

  @Test
  void aTaskKeepsItsMetricsWhileTheNextOneWorksWithout() {
    MetricTags tags = MetricTags.ofTask("c", "0", "orders");
    TableMetrics old = TableMetrics.register(tags, sink);
    old.add(Counter.CHANGE_EVENTS_PROCESSED, 5);

    TableMetrics next = TableMetrics.register(tags, sink);
    next.add(Counter.CHANGE_EVENTS_PROCESSED, 1);
    assertThat(next.count(Counter.CHANGE_EVENTS_PROCESSED)).isEqualTo(1);
    next.close();
    assertThat(worker.value("changeEventsProcessed", "orders")).isEqualTo(5L);
    old.close();
    assertThat(worker.shown).isEmpty();
  }

  @Test
  void theEndOfATaskMayComeTwiceAndAfterThatOfTheWorkersMetrics() {
    TableMetrics metrics = TableMetrics.register(MetricTags.ofTask("c", "0", "orders"), sink);
    metrics.close();
    metrics.close();
    TableMetrics later = TableMetrics.register(MetricTags.ofTask("c", "0", "orders"), sink);
    worker.closed = true;
    later.close();

    assertThat(worker.shown).as("left to the worker").isNotEmpty();
  }

  /** Metrics as a worker keeps them: a name is there once, and nothing after the end. */
  private static final class FakePluginMetrics implements PluginMetrics {
    private final Map<MetricName, MetricValueProvider<?>> shown = new LinkedHashMap<>();
    private boolean closed;

    @Override
    public MetricName metricName(
        String name, String description, LinkedHashMap<String, String> tags) {
      return new MetricName(name, "plugins", description, tags);
    }

    @Override
    public void addMetric(MetricName name, MetricValueProvider<?> value) {
      if (shown.putIfAbsent(name, value) != null) {
        throw new IllegalArgumentException("There is already a metric " + name);
      }
    }

    @Override
    public void removeMetric(MetricName name) {
      if (closed) {
        throw new IllegalStateException("This PluginMetrics instance is closed");
      }
      if (shown.remove(name) == null) {
        throw new IllegalArgumentException("There is no metric " + name);
      }
    }

    @Override
    public Sensor addSensor(String name) {
      throw new UnsupportedOperationException("addSensor");
    }

    @Override
    public void removeSensor(String name) {
      throw new UnsupportedOperationException("removeSensor");
    }

    Object value(String name, String table) {
      MetricValueProvider<?> provider =
          shown.get(new MetricName(name, "plugins", "", Map.of("table", table)));
      return provider.value(new MetricConfig(), 0);
    }
  }
}
