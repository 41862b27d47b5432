package io.github.dynamokc.monitoring;

import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.Metric;
import io.github.dynamokc.metrics.PluginVersion;
import io.github.dynamokc.metrics.Scope;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The attributes of one kind of the connector's MBeans, and what Prometheus is to call them:
 * numbers as they are, and the version as a label of a 1.
 *
 * @param prefix of the names in Prometheus
 * @param properties of the MBean's name as the exporter writes them, for a connector {@code
 *     my:orders} and a table {@code orders}
 */
record MBeanAttributes(
    String prefix, String properties, List<String> counters, List<String> gauges) {

  static final MBeanAttributes OF_TASKS =
      of(
          Scope.TASK,
          "dynamokc_task_",
          "type=source, connector=\"my:orders\", task=\"0\", table=\"orders\"");

  static final MBeanAttributes OF_CONNECTORS =
      of(
          Scope.CONNECTOR,
          "dynamokc_connector_",
          "type=source, connector=\"my:orders\", table=\"orders\"");

  private static MBeanAttributes of(Scope scope, String prefix, String properties) {
    return new MBeanAttributes(
        prefix, properties, attributes(scope, Counter.class), attributes(scope, Gauge.class));
  }

  private static List<String> attributes(Scope scope, Class<? extends Metric> kind) {
    return Metric.of(scope).stream().filter(kind::isInstance).map(Metric::attribute).toList();
  }

  /** The value of the version. */
  static final String VERSION = "1.2.3-SNAPSHOT";

  static List<MBeanAttributes> all() {
    return List.of(OF_TASKS, OF_CONNECTORS);
  }

  Stream<String> attributes() {
    return Stream.of(counters.stream(), gauges.stream(), Stream.of(PluginVersion.ATTRIBUTE))
        .flatMap(names -> names);
  }

  /** The attribute as the exporter writes it before it looks for a rule. */
  String asTheExporterWritesIt(String attribute) {
    String value = attribute.equals(PluginVersion.ATTRIBUTE) ? VERSION : "5";
    return "io.github.dynamokc<%s><>%s: %s".formatted(properties, attribute, value);
  }

  /** The labels that Prometheus is to show. */
  Map<String, String> labels(String attribute) {
    Map<String, String> labels = new TreeMap<>(Map.of("connector", "my:orders", "table", "orders"));
    if (this == OF_TASKS) {
      labels.put("task", "0");
    }
    if (attribute.equals(PluginVersion.ATTRIBUTE)) {
      labels.put("version", VERSION);
    }
    return labels;
  }

  /** Such as dynamokc_task_export_4xx_errors_total of export4xxErrors. */
  String metric(String attribute) {
    String snake =
        attribute
            .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9])", "_")
            .toLowerCase(Locale.ROOT);
    boolean suffixed = !counters.contains(attribute) || snake.endsWith("_total");
    return prefix + snake + (suffixed ? "" : "_total");
  }

  String type(String attribute) {
    return counters.contains(attribute) ? "COUNTER" : "GAUGE";
  }
}
