package io.github.dynamokc.testing;

import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.RecordConfig;
import io.github.dynamokc.config.RemoveView;
import io.github.dynamokc.config.ValueFormat;
import io.github.dynamokc.record.ConnectorIdentity;
import io.github.dynamokc.record.SchemaNames;
import io.github.dynamokc.record.StatusForm;
import io.github.dynamokc.record.TableRecords;
import io.github.dynamokc.record.TableTopic;
import io.github.dynamokc.struct.AttributeStructs;
import io.github.dynamokc.struct.ColumnStructs;
import io.github.dynamokc.struct.ItemStructs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How records are made, with as little said as a test needs. */
public final class RecordForms {
  /** When envelopes of these records say that they were made. */
  public static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);

  /** What was parsed before: simulations start a hundred thousand tasks. */
  private static final Map<List<String>, ConnectorConfig> PARSED = new ConcurrentHashMap<>();

  private RecordForms() {}

  /** What the keys of a connector make of records. */
  public static RecordConfig config(String... keysAndValues) {
    return connector(keysAndValues).tables().get(0).records();
  }

  /** Status records beside records of that form. */
  public static StatusForm status(String... keysAndValues) {
    return StatusForm.of(config(keysAndValues));
  }

  /** The records of a table whose connector has these keys. */
  public static TableRecords table(
      String table,
      String topic,
      String partitionKey,
      @Nullable String sortKey,
      String... keysAndValues) {
    ConnectorConfig connector = connector(keysAndValues);
    RecordConfig config = connector.tables().get(0).records();
    RemoveView view = connector.tables().get(0).stream().viewOnRemove();
    return new TableRecords(
        new TableTopic(table, topic, partitionKey, sortKey),
        config,
        view,
        config.valueFormat() == ValueFormat.STRUCT
            ? structs(config, topic, partitionKey, sortKey)
            : null,
        new ConnectorIdentity("1.2.3", "a-connector"),
        InstantSource.fixed(NOW));
  }

  private static ItemStructs structs(
      RecordConfig config, String topic, String partitionKey, @Nullable String sortKey) {
    return switch (config.struct().schema()) {
      case ATTRIBUTES -> new AttributeStructs(partitionKey, sortKey);
      case COLUMNS ->
          ColumnStructs.unregistered(
              SchemaNames.value(topic), partitionKey, sortKey, config.struct().numbers());
    };
  }

  private static ConnectorConfig connector(String... keysAndValues) {
    return PARSED.computeIfAbsent(List.of(keysAndValues), RecordForms::parse);
  }

  private static ConnectorConfig parse(List<String> keysAndValues) {
    Map<String, String> props = new HashMap<>();
    props.put("name", "a-connector");
    props.put("tables", "orders");
    props.put("snapshot.mode", "no_data");
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      props.put(keysAndValues.get(i), keysAndValues.get(i + 1));
    }
    return ConnectorConfig.from(props);
  }
}
