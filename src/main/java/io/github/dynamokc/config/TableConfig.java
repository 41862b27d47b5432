package io.github.dynamokc.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * One table with its settings: the connector's, where {@code table.<name>.<key>} does not override
 * them.
 *
 * @param table which table
 * @param snapshot how its items are loaded
 * @param stream how its changes are followed
 * @param records how both become records
 */
public record TableConfig(
    TableRef table, SnapshotConfig snapshot, StreamConfig stream, RecordConfig records) {
  public static final String TABLES = "tables";

  /** Whether gaps of the table's stream are repaired with incremental exports. */
  public boolean repairsGaps() {
    return snapshot.mode().followsStream() && stream.onDataLoss() == LossResponse.REPAIR;
  }

  /** Whether exports of the table are started: for a snapshot, or to repair gaps. */
  public boolean startsExports() {
    return startsSnapshots() || repairsGaps();
  }

  /** Whether exports of the whole table are started, the first of which may be given. */
  public boolean startsSnapshots() {
    return snapshot.mode() == SnapshotMode.WHEN_NEEDED
        || (snapshot.mode().loadsItems() && snapshot.exportArn() == null);
  }

  static void define(ConfigDef definition) {
    new ConfigGroup(definition, ConfigGroup.TABLES)
        .add(
            ConfigKey.of(
                    TABLES,
                    "Tables",
                    "The tables to read, separated by commas: names or ARNs, all of one region. A key that begins with"
                        + " 'export.', 'stream.', 'snapshot.' or 'topic.' can be set for one table as"
                        + " 'table.<name>.<key>', such as table.orders.export.s3.bucket.")
                .required(ConfigDef.Type.LIST)
                .check(TableConfig::checkTables)
                .importance(Importance.HIGH)
                .wide());
  }

  /** The keys of all records of a table. */
  static ConfigDef settings() {
    ConfigDef definition = new ConfigDef();
    SnapshotConfig.define(definition);
    StreamConfig.define(definition);
    RecordConfig.define(definition);
    return definition;
  }

  static TableConfig from(TableRef table, AbstractConfig settings) {
    return new TableConfig(
        table,
        SnapshotConfig.from(settings),
        StreamConfig.from(settings),
        RecordConfig.from(settings));
  }

  private static void checkTables(String name, @Nullable Object value) {
    if (!(value instanceof List<?> tables) || tables.isEmpty()) {
      throw InvalidValueException.of(name, "must be names or ARNs of tables", value);
    }
    Set<String> names = new HashSet<>();
    Set<String> regions = new HashSet<>();
    for (Object text : tables) {
      TableRef table = table(name, text.toString());
      if (!names.add(table.name())) {
        throw InvalidValueException.of(
            name, "must name each table once, and names " + table.name() + " twice", value);
      }
      if (table.region() != null && regions.add(table.region()) && regions.size() > 1) {
        throw InvalidValueException.of(
            name, "must be of one region, with one connector for each region", value);
      }
    }
  }

  private static TableRef table(String name, String text) {
    try {
      return TableRef.parse(text);
    } catch (ConfigException e) {
      throw InvalidValueException.of(name, "must be " + TableRef.FORMS, text);
    }
  }
}
