package io.github.dynamokc.monitoring;

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
      new MBeanAttributes(
          "dynamokc_task_",
          "type=source, connector=\"my:orders\", task=\"0\", table=\"orders\"",
          List.of(
              "exportS3ObjectsTotal",
              "exportS3ObjectsProcessed",
              "exportRecordsTotal",
              "exportRecordsProcessed",
              "exportRecordProcessingErrors",
              "bytesReceived",
              "bytesProcessed",
              "exportApiInvocations",
              "export4xxErrors",
              "export5xxErrors",
              "changeEventsProcessed",
              "changeEventsProcessingErrors",
              "eventsSkippedBeforeStart",
              "eventsSkippedByOperation",
              "removalsWithoutOldImage",
              "dataLossEvents",
              "shardProgress",
              "streamApiInvocations",
              "stream4xxErrors",
              "stream5xxErrors"),
          List.of(
              "activeExportS3ObjectConsumers",
              "activeShardsInProcessing",
              "millisBehindLatest",
              "millisUntilDataLoss",
              "unacknowledgedRecords"));

  static final MBeanAttributes OF_CONNECTORS =
      new MBeanAttributes(
          "dynamokc_connector_",
          "type=source, connector=\"my:orders\", table=\"orders\"",
          List.of(
              "exportJobSuccess",
              "exportJobFailure",
              "exportS3ObjectsTotal",
              "exportS3ObjectsProcessed",
              "exportRecordsTotal",
              "exportRecordsProcessed",
              "exportApiInvocations",
              "export4xxErrors",
              "export5xxErrors",
              "streamApiInvocations",
              "stream4xxErrors",
              "stream5xxErrors",
              "dataLossEvents"),
          List.of("totalOpenShards", "millisUntilDataLoss"));

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
