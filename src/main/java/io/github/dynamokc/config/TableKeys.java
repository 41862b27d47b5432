package io.github.dynamokc.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * The keys that say which tables a connector reads, and what becomes of the others if one fails.
 */
final class TableKeys {
  private static final String NO_COMMA =
      " A comma separates two expressions, so that none can have one in it.";

  private TableKeys() {}

  static void define(ConfigDef definition) {
    ConfigGroup group = new ConfigGroup(definition, ConfigGroup.TABLES);
    defineSelection(group);
    group
        .add(
            ConfigKey.of(
                    TableFailurePolicy.KEY,
                    "When a table fails",
                    "'fail': the connector or the task fails, and with it all of its tables. 'isolate': the table is set"
                        + " aside, the status topic and the metric tableFailed tell of it, and it is tried again with"
                        + " growing pauses; the others go on.")
                .choice(TableFailurePolicy.OPTION, TableFailurePolicy.FAIL))
        .add(
            ConfigKey.of(
                    ConnectorConfig.RESTART_INTERVAL_MS,
                    "Restart interval (ms)",
                    "When several tables change their phase, the tasks restart at most once in this time, in milliseconds."
                        + " 0: at once, each time.")
                .millis(60_000, 0)
                .importance(Importance.LOW));
  }

  private static void defineSelection(ConfigGroup group) {
    group
        .add(
            ConfigKey.of(
                    TableConfig.TABLES,
                    "Tables",
                    "The tables to read, separated by commas: names or ARNs, all of one region. This, tables.include or"
                        + " tables.tags is needed. A key that begins with 'export.', 'stream.', 'snapshot.' or"
                        + " 'topic.' can be set for one table as 'table.<name>.<key>', such as"
                        + " table.orders.export.s3.bucket, and for all whose whole names match a regular expression as"
                        + " 'table.<expression>.<key>'. The name comes first, then the longest expression that has the"
                        + " key.")
                .texts()
                .check(TableSelection::checkNamed)
                .importance(Importance.HIGH)
                .wide())
        .add(
            ConfigKey.of(
                    TableSelection.INCLUDE,
                    "Tables by name",
                    "Regular expressions, separated by commas. Each table whose whole name matches one of them is read"
                        + " besides those in 'tables', also if it appears later; with tables.tags only if it has these"
                        + " too."
                        + NO_COMMA)
                .texts()
                .check(TableSelection::checkPatterns)
                .importance(Importance.HIGH)
                .dependents(TableSelection.EXCLUDE)
                .wide())
        .add(
            ConfigKey.of(
                    TableSelection.EXCLUDE,
                    "Tables left out",
                    "Regular expressions, separated by commas, for whole names of tables that tables.include and"
                        + " tables.tags do not find. Those in 'tables' are read nevertheless."
                        + NO_COMMA)
                .texts()
                .check(TableSelection::checkPatterns)
                .wide())
        .add(
            ConfigKey.of(
                    TableSelection.TAGS,
                    "Tables by tags",
                    "Tags, separated by commas, each as key=value or as key for any value. Each table that has all of them"
                        + " is read besides those in 'tables', also if it gets them later; with tables.include only if"
                        + " its name matches too.")
                .texts()
                .check(TableSelection::checkTags)
                .wide())
        .add(
            ConfigKey.of(
                    TableSelection.INTERVAL_MS,
                    "Discovery interval (ms)",
                    "How often tables are looked for, in milliseconds.")
                .millis(60_000, 1_000)
                .importance(Importance.LOW))
        .add(
            ConfigKey.of(
                    TableSelection.MAX,
                    "Most tables",
                    "How many tables tables.include and tables.tags may find. If there are more, the connector says so and"
                        + " takes none of the new ones.")
                .count(200, 1, 10_000)
                .importance(Importance.LOW));
  }

  /** The keys of which tables there are, for reading them alone. */
  static ConfigDef ofSelection() {
    ConfigDef definition = new ConfigDef();
    defineSelection(new ConfigGroup(definition, ConfigGroup.TABLES));
    return definition;
  }
}
