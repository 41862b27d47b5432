package io.github.dynamokc.testing;

import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.EmbeddedKafka;
import io.github.dynamokc.testing.kafka.PluginPath;
import io.github.dynamokc.testing.opensearch.OpenSearchNode;
import io.github.dynamokc.testing.registry.SchemaRegistry;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One broker, one embedded AWS and one Connect worker with the packaged plugin, started when first
 * asked for and shared by all integration tests of a run; they end with the JVM. Tests keep out of
 * each other's way by the names of their tables, buckets and connectors.
 */
public final class EndToEnd {
  private static final Path DIRECTORY = WorkDirectory.fresh("integration");
  private static final EmbeddedKafka KAFKA =
      EmbeddedKafka.start(WorkDirectory.empty(DIRECTORY.resolve("kafka")));
  private static final EmbeddedAws AWS =
      EmbeddedAws.start(WorkDirectory.empty(DIRECTORY.resolve("aws")));
  private static final ConnectWorker WORKER = worker("shared").start();
  public static final String BUCKET = "exports";

  static {
    AWS.buckets().create(BUCKET);
  }

  private EndToEnd() {}

  public static EmbeddedKafka kafka() {
    return KAFKA;
  }

  public static EmbeddedAws aws() {
    return AWS;
  }

  /** The worker that all tests share; a test that kills one starts its own. */
  public static ConnectWorker worker() {
    return WORKER;
  }

  /**
   * A worker of a group of its own, to be started. The group's topics are not named as those of a
   * connector that has the group's name: both have one for their status. It commits and rebalances
   * at once, as nearly all tests wait for that.
   */
  public static ConnectWorker.Builder worker(String group) {
    return ConnectWorker.builder(
            WorkDirectory.empty(DIRECTORY.resolve("worker-" + group)), KAFKA.bootstrapServers())
        .groupId("group-" + group)
        .set("offset.flush.interval.ms", "200")
        .set("scheduled.rebalance.max.delay.ms", "0")
        // No worker of a test lives long enough to get back what the better compiler takes.
        .jvmArgument("-XX:TieredStopAtLevel=1")
        .pluginPath(PluginPath.packaged());
  }

  /** The schema registry that all tests share, for those who need one. */
  public static SchemaRegistry registry() {
    return Registry.STARTED;
  }

  /**
   * A worker that has the registry's converter and Debezium's transforms, for tests that share it.
   */
  public static ConnectWorker registryWorker() {
    return RegistryWorker.STARTED;
  }

  /** As {@link #worker(String)}, with the registry's converter and Debezium's transforms. */
  public static ConnectWorker.Builder registryWorker(String group) {
    return worker(group)
        .pluginPath(
            PluginPath.packagedWith(
                DIRECTORY.resolve("plugins-" + group), "avro-converter", "debezium-transforms"));
  }

  /** The OpenSearch node that all tests share, for those who need one. */
  public static OpenSearchNode openSearch() {
    return OpenSearch.STARTED;
  }

  /** A config that reaches the embedded AWS, and hurries; tests change what they are about. */
  public static Map<String, String> config(int tasks, String... tables) {
    Map<String, String> config = new LinkedHashMap<>();
    config.put("connector.class", "io.github.dynamokc.DynamoDbSourceConnector");
    config.put("tasks.max", Integer.toString(tasks));
    config.put("tables", String.join(",", tables));
    config.put("aws.region", AWS.region());
    config.put("aws.access.key.id", AWS.accessKeyId());
    config.put("aws.secret.access.key", AWS.secretAccessKey());
    config.put("aws.dynamodb.endpoint", AWS.dynamoDbEndpoint().toString());
    config.put("aws.tagging.endpoint", AWS.dynamoDbEndpoint().toString());
    config.put("aws.dynamodb.streams.endpoint", AWS.dynamoDbEndpoint().toString());
    config.put("aws.s3.endpoint", AWS.s3Endpoint().toString());
    config.put("aws.s3.path.style.access", "true");
    config.put("export.s3.bucket", BUCKET);
    config.put("export.poll.interval.ms", "200");
    config.put("shard.discovery.interval.ms", "500");
    config.put("tables.restart.interval.ms", "1000");
    config.put("topic.creation.default.replication.factor", "1");
    config.put("topic.creation.default.partitions", "3");
    return config;
  }

  /** Started by who asks for it first. */
  private static final class Registry {
    private static final SchemaRegistry STARTED =
        SchemaRegistry.start(WorkDirectory.empty(DIRECTORY.resolve("registry")));
  }

  /** Started by who asks for it first. */
  private static final class RegistryWorker {
    private static final ConnectWorker STARTED = registryWorker("registry").start();
  }

  /** Started by who asks for it first. */
  private static final class OpenSearch {
    private static final OpenSearchNode STARTED =
        OpenSearchNode.start(WorkDirectory.empty(DIRECTORY.resolve("opensearch")));
  }
}
