package io.github.dynamokc.bench.ready;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;

/** Emits records that are made before the first poll, again and again: the most a worker can do. */
public final class ReadyConnector extends SourceConnector {
  /** A file that {@link ReadyRecords} wrote. */
  public static final String FILE = "file";

  public static final String TOPIC = "topic";

  /** How many records to emit. */
  public static final String COUNT = "count";

  /** Whether keys and values are bytes, and not strings. */
  public static final String BYTES = "bytes";

  /** How many a poll gives. */
  public static final String BATCH = "batch";

  private Map<String, String> config = Map.of();

  @Override
  public void start(Map<String, String> properties) {
    config = properties;
  }

  @Override
  public Class<? extends Task> taskClass() {
    return ReadyTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return Collections.nCopies(1, config);
  }

  @Override
  public void stop() {}

  @Override
  public ConfigDef config() {
    return new ConfigDef();
  }

  @Override
  public String version() {
    return "bench";
  }
}
