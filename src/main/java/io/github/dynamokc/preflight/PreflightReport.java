package io.github.dynamokc.preflight;

import io.github.dynamokc.config.ConfigProblem;
import io.github.dynamokc.config.ConnectorConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;

/**
 * What AWS says of a configuration.
 *
 * @param problems what would not work, each on the key to change
 * @param notes what else a user may want to know, by the key that it is about: how many tables are
 *     discovered now, and what stands in the way of them
 */
public record PreflightReport(List<ConfigProblem> problems, Map<String, List<String>> notes) {
  /** Nothing was found. */
  static final PreflightReport EMPTY = new PreflightReport(List.of(), Map.of());

  public PreflightReport {
    problems = List.copyOf(problems);
    notes = Map.copyOf(notes);
  }

  /**
   * Puts all of it on the keys: problems as errors, notes as recommended values, which are the one
   * thing beside errors that Connect shows.
   *
   * @param values the values of a validation; changed
   */
  public void showIn(List<ConfigValue> values, Map<String, String> props) {
    ConnectorConfig.addProblems(values, props, problems);
    for (ConfigValue value : values) {
      List<String> ofKey = notes.get(value.name());
      if (ofKey != null) {
        value.recommendedValues(new ArrayList<>(ofKey));
      }
    }
  }
}
