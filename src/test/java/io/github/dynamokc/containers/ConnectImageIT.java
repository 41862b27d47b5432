package io.github.dynamokc.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.TableWriter;
import io.github.dynamokc.testing.aws.AwsClients;
import io.github.dynamokc.testing.aws.KeyAttribute;
import io.github.dynamokc.testing.aws.TestTables;
import io.github.dynamokc.testing.kafka.TopicReader;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;

/** The image of the worker, between Kafka and an AWS that are containers as well. */
@Tag("containers")
@Tag("full")
class ConnectImageIT {
  private static final int DYNAMODB = 8000;
  private static final int KEYS = 3000;
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration PROMPTLY = Duration.ofSeconds(30);

  private static final Network NETWORK = Network.newNetwork();
  private static final ImageFromDockerfile IMAGE = Images.connect();
  private static final KafkaContainer KAFKA =
      Loopback.publish(new KafkaContainer(Images.kafka()), 9092)
          .withNetwork(NETWORK)
          .withListener("kafka:19092")
          .withEnv("KAFKA_HEAP_OPTS", "-Xmx512m");
  private static final GenericContainer<?> AWS =
      Loopback.publish(new GenericContainer<>(Images.aws()), DYNAMODB)
          .withNetwork(NETWORK)
          .withNetworkAliases("aws")
          .withEnv("LOCAL_AWS_ITEMS", "10")
          .waitingFor(Wait.forHealthcheck().withStartupTimeout(PATIENCE));
  private static final AwsClients CLIENTS = new AwsClients();

  @BeforeAll
  static void start() {
    Startables.deepStart(KAFKA, AWS).join();
  }

  @AfterAll
  static void stop() {
    CLIENTS.close();
    AWS.close();
    KAFKA.close();
    NETWORK.close();
    Images.remove();
  }

  @Test
  void killsDuringSnapshotAndStreamLoseNothing() {
    tables().create("counted", KeyAttribute.string("pk"));
    List<TopicRecord> records;
    try (Worker worker = worker("kills", Map.of())) {
      TableModel model =
          TableModel.at(
              new TableModel.Place(tables(), KAFKA.getBootstrapServers(), worker::logTail),
              "counted",
              "pk");
      try (TableWriter writer =
          TableWriter.start(tables(), List.of("counted"), KEYS, new Random(7))) {
        limitProducer("connector-producer-counted-source-0", 20_000.0);
        worker.rest().put("counted-source", config("counted"));
        awaitRecords("counted", 1);
        worker.kill();
        assertThat(TopicReader.readAll(KAFKA.getBootstrapServers(), "counted"))
            .hasSizeLessThan(KEYS);
        limitProducer("connector-producer-counted-source-0", null);
        worker.restart();
        awaitStream("counted");
        worker.kill();
        worker.restart();
      }
      records = model.awaitTopicEqualsTable(PATIENCE);
      worker.rest().awaitRunning("counted-source", 1, PATIENCE);
    }
    assertThat(records).hasSizeGreaterThan(KEYS);
    Steps.assertNoneIsSkipped(records);
  }

  @Test
  void theImageRunsWithoutRootAndOffersConnectorAndMetrics() {
    try (Worker worker = worker("offers", Map.of("JMX_EXPORTER_PORT", "9404"))) {
      assertThat(worker.run("id", "-u")).isNotEqualTo("0");
      // Of the process that gets the container's signals; a shell before the worker would keep
      // them.
      assertThat(worker.run("cat", "/proc/1/comm")).isEqualTo("java");
      assertThat(worker.run("stat", "-c", "%u", "/proc/1")).isNotEqualTo("0");
      assertThat(worker.rest().plugins())
          .extracting(plugin -> plugin.path("class").asText())
          .contains("io.github.dynamokc.DynamoDbSourceConnector");
      worker.rest().put("metrics-source", config("orders"));
      worker.rest().awaitRunning("metrics-source", 1, PATIENCE);

      String metrics = worker.awaitMetrics("dynamokc_");

      assertThat(metrics).contains("jmx_scrape_error 0.0");
    }
  }

  @Test
  void sigtermEndsABusyWorkerPromptly() {
    try (Worker worker = worker("stops", Map.of())) {
      worker.rest().put("stopped-source", config("orders"));
      worker.rest().awaitRunning("stopped-source", 1, PATIENCE);
      long begin = System.nanoTime();

      long code = worker.stop();

      // As Java ends on that signal; 137 would be SIGKILL, at the end of patience.
      assertThat(code).as(worker.logTail()).isIn(0L, 143L);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PROMPTLY);
    }
  }

  @Test
  void variablesAreSettingsWhateverTheirValues() throws IOException {
    Map<String, String> odd =
        Map.of(
            "CONNECT_A_B__C___D", "one",
            "CONNECT_BACKSLASH", "C:\\dir\\n",
            "CONNECT_BLANK", "  two  ",
            "CONNECT_LINES", "first\n\tsecond",
            "CONNECT_JAAS", "Login required user=\"u\" password=\"p=#!:\";");
    try (Worker worker = worker("variables", odd)) {
      Properties settings = new Properties();
      settings.load(new StringReader(worker.run("bash", "-c", "cat /tmp/connect-worker.*")));

      assertThat(settings)
          .containsEntry("a.b_c-d", "one")
          .containsEntry("backslash", "C:\\dir\\n")
          .containsEntry("blank", "  two  ")
          .containsEntry("lines", "first\n\tsecond")
          .containsEntry("jaas", "Login required user=\"u\" password=\"p=#!:\";")
          .containsEntry("group.id", "variables")
          // Of the sample that goes with the plugin.
          .containsEntry("plugin.discovery", "service_load");
      assertThat(worker.run("bash", "-c", "stat -c %a /tmp/connect-worker.*")).isEqualTo("600");
    }
  }

  private static Worker worker(String group, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("CONNECT_BOOTSTRAP_SERVERS", "kafka:19092");
    return Worker.start(IMAGE, NETWORK, group, all);
  }

  private static TestTables tables() {
    return CLIENTS.tables(URI.create("http://" + Loopback.address(AWS, DYNAMODB)));
  }

  private static Map<String, String> config(String table) {
    Map<String, String> config = new HashMap<>();
    config.put("connector.class", "io.github.dynamokc.DynamoDbSourceConnector");
    config.put("tasks.max", "1");
    config.put("tables", table);
    config.put("aws.region", AwsClients.REGION);
    config.put("aws.access.key.id", AwsClients.ACCESS_KEY_ID);
    config.put("aws.secret.access.key", AwsClients.SECRET_ACCESS_KEY);
    config.put("aws.dynamodb.endpoint", "http://aws:8000");
    config.put("aws.dynamodb.streams.endpoint", "http://aws:8000");
    config.put("aws.s3.endpoint", "http://aws:9000");
    config.put("aws.s3.path.style.access", "true");
    config.put("export.s3.bucket", "exports");
    config.put("export.poll.interval.ms", "500");
    config.put("topic.creation.default.replication.factor", "1");
    config.put("topic.creation.default.partitions", "3");
    return config;
  }

  /** Has the broker take no more from a producer, so that a kill meets a snapshot half loaded. */
  private static void limitProducer(String clientId, @Nullable Double bytesPerSecond) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.getBootstrapServers()))) {
      admin
          .alterClientQuotas(
              List.of(
                  new ClientQuotaAlteration(
                      new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, clientId)),
                      List.of(new ClientQuotaAlteration.Op("producer_byte_rate", bytesPerSecond)))))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Cannot set a quota", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private static void awaitRecords(String topic, int atLeast) {
    Steps.await(KAFKA.getBootstrapServers(), topic, PATIENCE, records -> records.size() >= atLeast);
  }

  /** Waits for an item that was written after the snapshot, and once more after that. */
  private static void awaitStream(String topic) {
    Steps.await(
        KAFKA.getBootstrapServers(),
        topic,
        PATIENCE,
        records ->
            Steps.byKey(records).values().stream()
                .anyMatch(steps -> steps.get(steps.size() - 1) >= steps.get(0) + 2));
  }
}
