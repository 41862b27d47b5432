package io.github.dynamokc.config;

import org.apache.kafka.common.config.AbstractConfig;

/**
 * The settings that tables have, without a table: the connector's own. Only what cannot be
 * overridden is the same for each table.
 *
 * @param snapshot how items are loaded
 * @param stream how changes are followed
 * @param records how both become records
 */
public record TableSettings(SnapshotConfig snapshot, StreamConfig stream, RecordConfig records) {

  static TableSettings from(AbstractConfig settings) {
    return new TableSettings(
        SnapshotConfig.from(settings), StreamConfig.from(settings), RecordConfig.from(settings));
  }

  TableConfig of(TableRef table) {
    return new TableConfig(table, snapshot, stream, records);
  }
}
