package io.github.dynamokc;

import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.TableRef;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourceOffset;
import io.github.dynamokc.offset.SourcePartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    Map<SourcePartition, SourceOffset> read = new HashMap<>();
    offsets.forEach(
        (partition, offset) -> {
          if (offset != null) {
            SourcePartition known = known(config, partition, offset);
            read.put(known, SourceOffset.fromConnect(known, offset));
          }
        });
    read.forEach(
        (partition, offset) -> {
          boolean single = !read.containsKey(new SourcePartition.OfTable(table(partition)));
          if (single && offset instanceof ShardOffset shard) {
            checkSingle(partition, shard);
          }
        });
  }

  private static String table(SourcePartition partition) {
    return Objects.requireNonNullElse(partition.table(), "");
  }

  /**
   * By what is left out a task sees that an offset was set by hand, and that its effect is not told
   * yet. All offsets of a table that were saved are restored with that of the table itself.
   */
  private static void checkSingle(SourcePartition partition, ShardOffset offset) {
    String key = null;
    if (offset instanceof ShardOffset.Skipped skipped) {
      key = skipped.skippedAt() == null ? null : "skippedAt";
    } else if (offset.endedAt() == null && offset.lineage() != null) {
      key = "lineage";
    }
    if (key != null) {
      throw new ConnectException(
          "The offset %s of the source partition %s: '%s' must be left out, as only the connector writes it (but where offsets that were saved are restored, together with that of the table itself)"
              .formatted(offset.toConnect(), partition.toConnect(), key));
    }
  }

  private static SourcePartition known(
      ConnectorConfig config, @Nullable Map<String, ?> partition, Map<String, ?> offset) {
    if (partition == null) {
      throw new ConnectException("The offset " + offset + " has no partition");
    }
    SourcePartition known = SourcePartition.fromConnect(partition);
    if (known.table() != null && !config.mayHave(known.table())) {
      throw new ConnectException(
          "The source partition %s is of the table '%s', which the connector does not have; it has %s"
              .formatted(partition, known.table(), tables(config)));
    }
    return known;
  }

  private static String tables(ConnectorConfig config) {
    List<String> named = config.selection().named().stream().map(TableRef::name).toList();
    return config.selection().discovers() ? named + " and those that it discovers" : "" + named;
  }
}
