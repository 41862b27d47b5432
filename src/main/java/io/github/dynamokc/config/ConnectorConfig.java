package io.github.dynamokc.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
 */
public final class ConnectorConfig {
  public static final String NAME = "name";
  public static final String TASKS_MAX = "tasks.max";
  public static final String RESTART_INTERVAL_MS = "tables.restart.interval.ms";

  private final String connectorName;
  private final int tasksMax;
  private final AwsConfig aws;
  private final ConfiguredTables tables;
  private final DeliveryConfig delivery;
  private final String statusTopic;
  private final ConnectSettings connect;

  private ConnectorConfig(String connectorName, AbstractConfig config, Map<String, String> props) {
    this.connectorName = connectorName;
    this.tasksMax = tasksMax(props);
    this.aws = AwsConfig.from(config);
    this.tables = new ConfiguredTables(config, props);
    this.delivery = DeliveryConfig.from(config);
    this.statusTopic =
        statusTopic(connectorName, ConfigValues.optionalText(config, RecordConfig.STATUS_TOPIC));
    this.connect = ConnectSettings.of(new RawConfig(props));
  }

  /** The connector's name. */
  public String connectorName() {
    return connectorName;
  }

  /** The most tasks that may be planned, at least 1. */
  public int tasksMax() {
    return tasksMax;
  }

  /** How AWS is reached. */
  public AwsConfig aws() {
    return aws;
  }

  /** How records are handed to Connect. */
  public DeliveryConfig delivery() {
    return delivery;
  }

  /** Where status records go, for all tables. */
  public String statusTopic() {
    return statusTopic;
  }

  /** What of Connect's own settings matters. */
  public ConnectSettings connect() {
    return connect;
  }

  /** Which tables there are. */
  public TableSelection selection() {
    return tables.selection();
  }

  /** What the failure of one table means for the others. */
  public TableFailurePolicy onTableFailure() {
    return tables.onFailure();
  }

  /** In which time tasks restart at most once because tables change their phase; may be zero. */
  public Duration restartInterval() {
    return tables.restartInterval();
  }

  /** The tables that are named, with their settings, in the order given; may be empty. */
  public List<TableConfig> tables() {
    return tables.named();
  }

  /** The connector's own settings: of each table, what cannot be overridden. */
  public TableSettings shared() {
    return tables.shared();
  }

  /** For how long what fails is tried again; the same for all tables. */
  public Duration stallTimeout() {
    return shared().stream().stallTimeout();
  }

  /** DescribeStream calls a second of the connector and all its tasks; the same for all tables. */
  public int streamDescribeRate() {
    return shared().stream().describeRateMax();
  }

  /** All keys but Connect's own and the overrides for one table. */
  public static ConfigDef definition() {
    ConfigDef definition = new ConfigDef();
    TableKeys.define(definition);
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
    return new ConnectorConfig(name, config, props);
  }

  /**
   * What may go wrong with a configuration that has no problems, each on the key to change. Connect
   * has no place for it but the log.
   */
  public List<ConfigProblem> warnings(Map<String, String> given) {
    return StructChecks.warnings(new RawConfig(written(given)), shared().records());
  }

  /** What a configuration has that costs more processor time than it has to, each on its key. */
  public List<ConfigProblem> costs(Map<String, String> given) {
    return CostlySettings.hints(new RawConfig(written(given)), shared().records());
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
    return selection().named().stream()
        .map(TableRef::region)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /**
   * A table's configuration by the table's name: of one that is named, or of any that could be
   * discovered, if tables are.
   *
   * @throws IllegalArgumentException if the connector cannot have the table
   * @throws ConfigException if overrides by expressions do not go together for this table
   */
  public TableConfig table(String name) {
    return tables.table(name);
  }

  /** Whether a table is named, or can be discovered as far as its name tells. */
  public boolean mayHave(String table) {
    return selection().names(table) || selection().matchesName(table);
  }

  /**
   * Why a table that was discovered cannot have its topic beside others.
   *
   * @param others the names of tables that the connector has already
   * @return the reason in words, null if there is none
   */
  public @Nullable String topicConflict(String table, Collection<String> others) {
    return TopicChecks.conflict(
        table(table), others.stream().map(this::table).toList(), statusTopic);
  }

  /**
   * The key that the user wrote for a setting of a table: {@code table.<name>.<key>} if it is
   * there, otherwise the connector's.
   */
  public static String keyOf(Map<String, String> props, TableRef table, String key) {
    return new TableOverrides(written(props)).of(table.name()).keyOf(key);
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
