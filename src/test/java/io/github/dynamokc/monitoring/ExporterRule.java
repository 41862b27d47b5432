package io.github.dynamokc.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A rule of the JMX exporter: what an attribute of an MBean is called in Prometheus. */
record ExporterRule(
    Pattern pattern, String name, String type, String help, Map<String, String> labels) {

  static ExporterRule of(JsonNode rule) {
    Map<String, String> labels = new TreeMap<>();
    rule.path("labels")
        .fields()
        .forEachRemaining(label -> labels.put(label.getKey(), label.getValue().asText()));
    return new ExporterRule(
        // As the exporter takes it: what is before and after does not matter.
        Pattern.compile("^.*(?:" + rule.path("pattern").asText() + ").*$"),
        rule.path("name").asText(),
        rule.path("type").asText(),
        rule.path("help").asText(),
        labels);
  }

  /** The labels of an attribute, if the rule is about it. */
  Optional<Map<String, String>> labelsOf(String attribute) {
    Matcher matcher = pattern.matcher(attribute);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Map<String, String> values = new TreeMap<>(labels);
    values.replaceAll((label, group) -> matcher.replaceAll(group));
    return Optional.of(values);
  }
}
