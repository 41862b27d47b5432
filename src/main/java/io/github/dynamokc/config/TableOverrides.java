package io.github.dynamokc.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;

/**
 * The keys {@code table.<name>.<key>}. A table's name may contain dots; where two listed names fit,
 * the longer one is meant.
 */
final class TableOverrides {
  static final String PREFIX = "table.";
  private static final List<String> OVERRIDABLE =
      List.of("export.", "stream.", "snapshot.", "topic.");

  /** Of the task, not of one of its tables. */
  private static final Set<String> OF_THE_TASK =
      Set.of(
          StreamConfig.POLL_THREADS,
          StreamConfig.DESCRIBE_RATE_MAX,
          SnapshotConfig.FILE_CONCURRENCY);

  private final Map<String, String> props;
  private final List<String> tables;

  /**
   * @param tables the names of all tables of the connector
   */
  TableOverrides(Map<String, String> props, List<String> tables) {
    this.props = props;
    this.tables =
        tables.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }

  /** The connector's properties as they are for one table. */
  Map<String, String> overlay(String table) {
    Map<String, String> overlaid = new HashMap<>(props);
    String prefix = prefix(table);
    overrideKeys()
        .filter(key -> key.startsWith(prefix) && table.equals(tableOf(key)))
        .forEach(key -> overlaid.put(key.substring(prefix.length()), props.getOrDefault(key, "")));
    return overlaid;
  }

  /**
   * The key that the user wrote for a table: the override if there is one, otherwise the
   * connector's.
   */
  String keyOf(String table, String key) {
    String override = prefix(table) + key;
    return props.containsKey(override) ? override : key;
  }

  List<ConfigProblem> problems(ConfigDef settings) {
    List<ConfigProblem> problems = new ArrayList<>();
    overrideKeys().sorted().forEach(key -> check(key, settings, problems));
    return problems;
  }

  private void check(String key, ConfigDef settings, List<ConfigProblem> problems) {
    String table = tableOf(key);
    if (table.isEmpty()) {
      problems.add(
          new ConfigProblem(
              key,
              "must be for a table of '%s', is for none of %s"
                  .formatted(TableConfig.TABLES, tables)));
      return;
    }
    String overridden = key.substring(prefix(table).length());
    ConfigDef.ConfigKey definition = settings.configKeys().get(overridden);
    boolean overridable = OVERRIDABLE.stream().anyMatch(overridden::startsWith);
    if (definition == null || !overridable || OF_THE_TASK.contains(overridden)) {
      problems.add(
          new ConfigProblem(
              key,
              "must be a key that can be set for one table (%s), is %s"
                  .formatted(String.join("…, ", OVERRIDABLE) + "…", overridden)));
      return;
    }
    ValueCheck.problem(definition, key, props.get(key))
        .ifPresent(problem -> problems.add(new ConfigProblem(key, problem)));
  }

  /** Whether a key names a setting that a table can have, none of which is a secret. */
  static boolean endsInOverridable(String key) {
    return ConnectorConfig.definition().names().stream()
        .filter(name -> OVERRIDABLE.stream().anyMatch(name::startsWith))
        .anyMatch(name -> key.endsWith("." + name));
  }

  private Stream<String> overrideKeys() {
    return props.keySet().stream()
        .filter(key -> key.startsWith(PREFIX) && !UnknownKeys.isOfAnotherConnector(key));
  }

  /** The listed table that an override key is for, empty if none. */
  private String tableOf(String key) {
    return tables.stream().filter(table -> key.startsWith(prefix(table))).findFirst().orElse("");
  }

  private static String prefix(String table) {
    return PREFIX + table + ".";
  }
}
