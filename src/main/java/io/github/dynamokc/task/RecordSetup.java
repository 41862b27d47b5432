package io.github.dynamokc.task;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.RecordConfig;
import io.github.dynamokc.config.RegistryConfig;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.config.ValueFormat;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.record.ConnectorIdentity;
import io.github.dynamokc.record.SchemaNames;
import io.github.dynamokc.record.TableRecords;
import io.github.dynamokc.record.TableTopic;
import io.github.dynamokc.registry.SchemaRegistry;
import io.github.dynamokc.struct.AttributeStructs;
import io.github.dynamokc.struct.ColumnStructs;
import io.github.dynamokc.struct.ItemStructs;
import io.github.dynamokc.table.TableArn;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Sets up how a task makes the records of each of its tables. Thread-safe. */
final class RecordSetup {
  private final ConnectorIdentity connector;
  private final Retrier retrier;
  private final InstantSource clock;
  private @Nullable SchemaRegistry registry;

  RecordSetup(String pluginVersion, String connectorName, Retrier retrier, InstantSource clock) {
    this.connector = new ConnectorIdentity(pluginVersion, connectorName);
    this.retrier = retrier;
    this.clock = clock;
  }

  /**
   * How the records of a table are made.
   *
   * @param arn of an export or stream of the table
   * @throws InterruptedException if the work is stopped while it waits for a schema
   */
  TableRecords of(TableConfig table, TableOffset offset, String arn) throws InterruptedException {
    String name = table.table().name();
    TableArn where = TableArn.parse(arn);
    String topic = table.records().topicFormat().topic(name, where.region(), where.account());
    String partitionKey = offset.registration().partitionKey();
    String sortKey = offset.registration().sortKey();
    return new TableRecords(
        new TableTopic(name, topic, partitionKey, sortKey),
        table.records(),
        table.stream().viewOnRemove(),
        structs(table.records(), topic, partitionKey, sortKey),
        connector,
        clock);
  }

  /** Null where values are text. */
  private @Nullable ItemStructs structs(
      RecordConfig config, String topic, String partitionKey, @Nullable String sortKey)
      throws InterruptedException {
    if (config.valueFormat() != ValueFormat.STRUCT) {
      return null;
    }
    return switch (config.struct().schema()) {
      case ATTRIBUTES -> new AttributeStructs(partitionKey, sortKey);
      case COLUMNS -> {
        RegistryConfig where = config.struct().registry();
        ColumnStructs columns =
            where == null
                ? ColumnStructs.unregistered(
                    SchemaNames.value(topic), partitionKey, sortKey, config.struct().numbers())
                : ColumnStructs.registered(
                    SchemaNames.value(topic),
                    partitionKey,
                    sortKey,
                    config.struct().numbers(),
                    registry(where).columns(topic),
                    SchemaNames.ofValues(config, topic));
        columns.seed();
        yield columns;
      }
    };
  }

  private synchronized SchemaRegistry registry(RegistryConfig config) {
    SchemaRegistry asked = registry;
    if (asked == null) {
      asked = new SchemaRegistry(config, retrier);
      registry = asked;
    }
    return asked;
  }
}
