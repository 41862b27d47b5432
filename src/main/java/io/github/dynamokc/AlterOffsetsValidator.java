package io.github.dynamokc;

import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.offset.SourceOffset;
import io.github.dynamokc.offset.SourcePartition;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Offsets that a user sets with Connect's REST API. What the connector reads at its next start must
 * be what it could have written itself; what is not is refused, and nothing is changed.
 */
final class AlterOffsetsValidator {
  private AlterOffsetsValidator() {}

  /**
   * @param offsets by partition; null takes the partition's offset away, whatever the partition is
   * @throws ConnectException saying which pair is wrong, and why
   */
  static void check(
      ConnectorConfig config, Map<Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
    List<String> tables =
        config.tables().stream().map(TableConfig::table).map(table -> table.name()).toList();
    offsets.forEach(
        (partition, offset) -> {
          if (offset != null) {
            check(tables, partition, offset);
          }
        });
  }

  private static void check(
      List<String> tables, @Nullable Map<String, ?> partition, Map<String, ?> offset) {
    if (partition == null) {
      throw new ConnectException("The offset " + offset + " has no partition");
    }
    SourcePartition known = SourcePartition.fromConnect(partition);
    if (known.table() != null && !tables.contains(known.table())) {
      throw new ConnectException(
          "The source partition %s is of the table '%s', which the connector does not have; it has %s"
              .formatted(partition, known.table(), tables));
    }
    SourceOffset.fromConnect(known, offset);
  }
}
