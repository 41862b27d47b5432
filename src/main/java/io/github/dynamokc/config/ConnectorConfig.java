package io.github.dynamokc.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration of a connector, checked.
 *
 * <p>Keys that it does not know are left alone: Connect puts its own among them (converters,
 * transforms, errors and so on). The one exception is {@code table.<name>.}, which is ours.
 *
 * @param connectorName the connector's name
 * @param tasksMax the most tasks that may be planned, at least 1
 * @param aws how AWS is reached
 * @param tables each table with its own settings, in the order given, never empty
 * @param delivery how records are handed to Connect
 * @param statusTopic where status records go, for all tables
 * @param connect what of Connect's own settings matters
 */
public record ConnectorConfig(
    String connectorName,
    int tasksMax,
    AwsConfig aws,
    List<TableConfig> tables,
    DeliveryConfig delivery,
    String statusTopic,
    ConnectSettings connect) {
  public static final String NAME = "name";
  public static final String TASKS_MAX = "tasks.max";

  public ConnectorConfig {
    tables = List.copyOf(tables);
  }

  /** For how long what fails is tried again; the same for all tables. */
  public Duration stallTimeout() {
    return tables.get(0).stream().stallTimeout();
  }

  /** DescribeStream calls a second of the connector and all its tasks; the same for all tables. */
  public int streamDescribeRate() {
    return tables.get(0).stream().describeRateMax();
  }

  /** All keys but Connect's own and the overrides for one table. */
  public static ConfigDef definition() {
    ConfigDef definition = new ConfigDef();
    TableConfig.define(definition);
    AwsConfig.define(definition);
    SnapshotConfig.define(definition);
    StreamConfig.define(definition);
    RecordConfig.define(definition);
    DeliveryConfig.define(definition);
    return definition;
  }

  /**
   * Reads a configuration.
   *
   * @param given the connector's or a task's properties; must have {@code name}
   * @throws ConfigException naming each bad key, if there is any
   */
  public static ConnectorConfig from(Map<String, String> given) {
    Map<String, String> props = written(given);
    List<ConfigProblem> problems = problems(props);
    if (!problems.isEmpty()) {
      throw new ConfigException(
          problems.stream()
              .map(p -> p.key() + " " + p.message())
              .collect(Collectors.joining("; ", "The configuration is not valid: ", "")));
    }
    String name = new RawConfig(props).text(NAME);
    if (name == null) {
      throw InvalidValueException.of(NAME, "must be the connector's name", null);
    }
    AbstractConfig config = new AbstractConfig(definition(), props, false);
    List<TableRef> tables =
        config.getList(TableConfig.TABLES).stream().map(TableRef::parse).toList();
    TableOverrides overrides =
        new TableOverrides(props, tables.stream().map(TableRef::name).toList());
    return new ConnectorConfig(
        name,
        tasksMax(props),
        AwsConfig.from(config),
        tables.stream().map(table -> ConnectorChecks.table(table, overrides)).toList(),
        DeliveryConfig.from(config),
        statusTopic(name, ConfigValues.optionalText(config, RecordConfig.STATUS_TOPIC)),
        ConnectSettings.of(new RawConfig(props)));
  }

  /**
   * What may go wrong with a configuration that has no problems, each on the key to change. Connect
   * has no place for it but the log.
   */
  public List<ConfigProblem> warnings(Map<String, String> given) {
    return StructChecks.warnings(new RawConfig(written(given)), tables.get(0).records());
  }

  /** What a configuration has that costs more processor time than it has to, each on its key. */
  public List<ConfigProblem> costs(Map<String, String> given) {
    return CostlySettings.hints(new RawConfig(written(given)), tables.get(0).records());
  }

  /** All problems of a configuration, each on the key to change; empty for a good one. */
  public static List<ConfigProblem> problems(Map<String, String> given) {
    Map<String, String> props = written(given);
    List<ConfigProblem> problems = new ArrayList<>(valueProblems(props));
    problems.addAll(ConnectorChecks.problems(props));
    return problems;
  }

  /**
   * The answer to {@code Connector.validate()}: all keys with their problems. Does not call AWS.
   */
  public static Config validate(Map<String, String> given) {
    Map<String, String> props = written(given);
    List<ConfigValue> values = values(props);
    addProblems(values, props, valueProblems(props));
    addProblems(values, props, ConnectorChecks.problems(props));
    return new Config(values);
  }

  /**
   * Puts further problems, such as what AWS answered, on their keys.
   *
   * @param values the values of a validation; changed
   */
  public static void addProblems(
      List<ConfigValue> values, Map<String, String> props, List<ConfigProblem> problems) {
    Map<String, ConfigValue> byName = new HashMap<>();
    values.forEach(value -> byName.put(value.name(), value));
    for (ConfigProblem problem : problems) {
      byName
          .computeIfAbsent(
              problem.key(),
              key -> {
                // A key outside of the definition may be a secret that was written for one table,
                // or with a slip; Connect shows the value.
                String value = TableOverrides.endsInOverridable(key) ? props.get(key) : null;
                ConfigValue added =
                    new ConfigValue(key, value, new ArrayList<>(), new ArrayList<>());
                values.add(added);
                return added;
              })
          .addErrorMessage(problem.key() + " " + problem.message());
    }
  }

  /** The region of all tables: as configured, or of their ARNs; null leaves it to the SDK. */
  public @Nullable String region() {
    if (aws.region() != null) {
      return aws.region();
    }
    return tables.stream()
        .map(table -> table.table().region())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /**
   * A table's configuration by the table's name.
   *
   * @throws IllegalArgumentException if the connector does not have the table
   */
  public TableConfig table(String name) {
    return tables.stream()
        .filter(table -> table.table().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No such table: " + name));
  }

  /**
   * The key that the user wrote for a setting of a table: {@code table.<name>.<key>} if it is
   * there, otherwise the connector's.
   */
  public static String keyOf(Map<String, String> props, TableRef table, String key) {
    return new TableOverrides(written(props), List.of(table.name())).keyOf(table.name(), key);
  }

  private static List<ConfigProblem> valueProblems(Map<String, String> props) {
    List<ConfigProblem> problems = new ArrayList<>();
    for (ConfigDef.ConfigKey key : definition().configKeys().values()) {
      ValueCheck.problem(key, key.name, props.get(key.name))
          .ifPresent(problem -> problems.add(new ConfigProblem(key.name, problem)));
    }
    return problems;
  }

  /** All keys as forms show them, without what is wrong with them: Kafka has other words for it. */
  private static List<ConfigValue> values(Map<String, String> props) {
    List<ConfigValue> values = new ArrayList<>();
    for (ConfigValue value : definition().validate(props)) {
      ConfigValue shown =
          new ConfigValue(
              value.name(), value.value(), value.recommendedValues(), new ArrayList<>());
      shown.visible(value.visible());
      values.add(shown);
    }
    return values;
  }

  private static Map<String, String> written(Map<String, String> props) {
    return WrittenKeys.of(props, TableConfig.settings());
  }

  static String statusTopic(String connectorName, @Nullable String configured) {
    return configured == null ? connectorName + "-status" : configured;
  }

  private static int tasksMax(Map<String, String> props) {
    String text = new RawConfig(props).text(TASKS_MAX);
    try {
      int tasks = text == null ? 1 : Integer.parseInt(text);
      if (tasks >= 1) {
        return tasks;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for both
    }
    throw InvalidValueException.of(TASKS_MAX, WholeNumber.atLeast(1).mustBe(), text);
  }
}
