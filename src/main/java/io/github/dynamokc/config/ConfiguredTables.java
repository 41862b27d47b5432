package io.github.dynamokc.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;

/**
 * The tables of a connector with their settings: those that are named, and on demand any that can
 * be discovered. Any thread may ask.
 */
final class ConfiguredTables {
  private final TableOverrides overrides;
  private final TableSelection selection;
  private final List<TableConfig> named;
  private final TableSettings shared;
  private final TableFailurePolicy onFailure;
  private final Duration restartInterval;
  private final Map<String, TableConfig> discovered = new ConcurrentHashMap<>();

  /**
   * @param config the whole configuration, without problems
   */
  ConfiguredTables(AbstractConfig config, Map<String, String> props) {
    this.overrides = new TableOverrides(props);
    this.selection = TableSelection.from(config);
    this.named =
        selection.named().stream()
            .map(table -> overrides.of(table.name()).settings().of(table))
            .toList();
    this.shared = TableSettings.from(config);
    this.onFailure = TableFailurePolicy.OPTION.parse(config.getString(TableFailurePolicy.KEY));
    this.restartInterval = ConfigValues.millis(config, ConnectorConfig.RESTART_INTERVAL_MS);
  }

  TableSelection selection() {
    return selection;
  }

  /** The tables that are named, in the order given. */
  List<TableConfig> named() {
    return named;
  }

  /** What cannot be overridden, and what holds where nothing overrides it. */
  TableSettings shared() {
    return shared;
  }

  TableFailurePolicy onFailure() {
    return onFailure;
  }

  Duration restartInterval() {
    return restartInterval;
  }

  /** See {@link ConnectorConfig#table}. */
  TableConfig table(String name) {
    for (TableConfig table : named) {
      if (table.table().name().equals(name)) {
        return table;
      }
    }
    if (!selection.discovers() || !TableRef.isName(name)) {
      throw new IllegalArgumentException("No such table: " + name);
    }
    return discovered.computeIfAbsent(name, this::discovered);
  }

  /** Overrides that are good each by itself may not be so together. */
  private TableConfig discovered(String name) {
    List<ConfigProblem> problems = ConnectorChecks.ofTable(name, overrides);
    if (!problems.isEmpty()) {
      throw new ConfigException(
          problems.stream()
              .map(problem -> problem.key() + " " + problem.message())
              .collect(
                  Collectors.joining(
                      "; ", "The settings of the table " + name + " are not valid: ", "")));
    }
    return overrides.of(name).settings().of(new TableRef(name, null, null, null));
  }
}
