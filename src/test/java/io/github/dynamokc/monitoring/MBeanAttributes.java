package io.github.dynamokc.monitoring;

import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.Metric;
import io.github.dynamokc.metrics.Scope;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The attributes of one kind of the connector's MBeans, and what Prometheus is to call them.
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

  static List<MBeanAttributes> all() {
    return List.of(OF_TASKS, OF_CONNECTORS);
  }

  Stream<String> attributes() {
    return Stream.concat(counters.stream(), gauges.stream());
  }

  /** The attribute as the exporter writes it before it looks for a rule. */
  String asTheExporterWritesIt(String attribute) {
    return "io.github.dynamokc<%s><>%s: 5".formatted(properties, attribute);
  }

  /** Such as dynamokc_task_export_4xx_errors_total of export4xxErrors. */
  String metric(String attribute) {
    String snake =
        attribute
            .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9])", "_")
            .toLowerCase(Locale.ROOT);
    boolean suffixed = gauges.contains(attribute) || snake.endsWith("_total");
    return prefix + snake + (suffixed ? "" : "_total");
  }

  String type(String attribute) {
    return counters.contains(attribute) ? "COUNTER" : "GAUGE";
  }
}
