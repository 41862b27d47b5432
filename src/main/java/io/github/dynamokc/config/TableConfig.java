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
      throw new ConfigException(name, value, "must name at least one table");
    }
    Set<String> names = new HashSet<>();
    Set<String> regions = new HashSet<>();
    for (Object text : tables) {
      TableRef table = TableRef.parse(text.toString());
      if (!names.add(table.name())) {
        throw new ConfigException(name, value, "names the table " + table.name() + " twice");
      }
      if (table.region() != null && regions.add(table.region()) && regions.size() > 1) {
        throw new ConfigException(
            name, value, "has tables of more than one region; use one connector for each region");
      }
    }
  }
}
