package io.github.dynamokc.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What is in config/monitoring. */
final class MonitoringFiles {
  private static final Path DIRECTORY = Path.of("config", "monitoring").toAbsolutePath();
  static final Path EXPORTER = DIRECTORY.resolve("jmx-exporter.yaml");

  private MonitoringFiles() {}

  static List<ExporterRule> exporterRules() {
    List<ExporterRule> rules = new ArrayList<>();
    yaml("jmx-exporter.yaml").path("rules").forEach(rule -> rules.add(ExporterRule.of(rule)));
    return rules;
  }

  /** The alerts, as they are in the file. */
  static List<JsonNode> alerts() {
    List<JsonNode> alerts = new ArrayList<>();
    for (JsonNode group : yaml("prometheus-alerts.yaml").path("groups")) {
      group.path("rules").forEach(alerts::add);
    }
    return alerts;
  }

  /** What promtool tries of the alerts. */
  static List<JsonNode> alertTests() {
    List<JsonNode> tests = new ArrayList<>();
    for (JsonNode test : yaml("prometheus-alerts-test.yaml").path("tests")) {
      test.path("alert_rule_test").forEach(tests::add);
    }
    return tests;
  }

  static JsonNode dashboard() {
    return read(new JsonMapper(), "grafana-dashboard.json");
  }

  /** The queries of all panels. */
  static List<String> dashboardQueries() {
    return dashboard().findValuesAsText("expr");
  }

  /** What the dashboard asks for the choices that it offers. */
  static List<String> dashboardVariables() {
    return dashboard().path("templating").findValuesAsText("definition");
  }

  /** Every metric that an alert or the dashboard asks for. */
  static Set<String> metricsThatAreAskedFor() {
    Set<String> metrics = new TreeSet<>();
    alerts().forEach(alert -> metrics.addAll(PromQl.metrics(alert.path("expr").asText())));
    dashboardQueries().forEach(query -> metrics.addAll(PromQl.metrics(query)));
    dashboardVariables()
        .forEach(variable -> metrics.addAll(PromQl.metrics(variable.replaceAll(", \\w+\\)", ")"))));
    return metrics;
  }

  private static JsonNode yaml(String file) {
    return read(new YAMLMapper(), file);
  }

  private static JsonNode read(ObjectMapper mapper, String file) {
    try {
      return mapper.readTree(DIRECTORY.resolve(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }
}
