package io.github.dynamokc.config;

import org.apache.kafka.common.config.ConfigDef;

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

  /** The keys of all records of a table. */
  static ConfigDef settings() {
    ConfigDef definition = new ConfigDef();
    SnapshotConfig.define(definition);
    StreamConfig.define(definition);
    RecordConfig.define(definition);
    return definition;
  }
}
