package io.github.dynamokc.bench;

import io.github.dynamokc.testing.aws.EmbeddedAws;
import java.util.LinkedHashMap;
import java.util.Map;

/** The config of a connector to the embedded AWS, with the defaults of all that is measured. */
final class AwsConfig {
  private AwsConfig() {}

  static Map<String, String> of(EmbeddedAws aws, String table, int tasks) {
    Map<String, String> config = new LinkedHashMap<>();
    config.put("connector.class", "io.github.dynamokc.DynamoDbSourceConnector");
    config.put("tasks.max", Integer.toString(tasks));
    config.put("tables", table);
    aws.reachedBy(config);
    config.put("export.poll.interval.ms", "500");
    config.put("topic.creation.default.replication.factor", "1");
    config.put("topic.creation.default.partitions", "3");
    config.putAll(SampleSettings.read());
    config.putAll(Settings.connectorConfig());
    return config;
  }

  /** A connector that follows a stream and has gaps of it repaired. */
  static Map<String, String> repairing(EmbeddedAws aws, String table, int tasks) {
    Map<String, String> config = of(aws, table, tasks);
    config.put("snapshot.mode", "no_data");
    config.put("stream.on.data.loss", "repair");
    config.put("export.s3.bucket", StoredFiles.BUCKET);
    return config;
  }
}
