package io.github.dynamokc.testing.kafka;

import io.github.dynamokc.testing.JvmProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A broker that is its own controller, in a JVM of its own, on loopback only. Its data and its port
 * outlive {@link #stop} and {@link #kill}, so that {@link #restart} is what an outage is.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Path directory;
  private final Path settings;
  private final int port;
  private JvmProcess process;

  private EmbeddedKafka(Path directory, Path settings, int port) {
    this.directory = directory;
    this.settings = settings;
    this.port = port;
    this.process = launch();
  }

  /**
   * Starts a new broker, with data and log in {@code workDirectory}; comes back when it answers.
   */
  public static EmbeddedKafka start(Path workDirectory) {
    return start(workDirectory, Map.of());
  }

  /** The same, with more or other settings of the broker. */
  public static EmbeddedKafka start(Path workDirectory, Map<String, String> more) {
    int port = JvmProcess.freePort();
    Map<String, String> all = settings(workDirectory, port, JvmProcess.freePort());
    all.putAll(more);
    Path settings = KafkaJvm.write(workDirectory.resolve("server.properties"), all);
    format(workDirectory, settings);
    return new EmbeddedKafka(workDirectory, settings, port);
  }

  private static Map<String, String> settings(Path directory, int port, int controllerPort) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("log.dirs", directory.resolve("kafka-data").toAbsolutePath().toString());
    settings.put("auto.create.topics.enable", "false");
    settings.put("default.replication.factor", "1");
    settings.put("min.insync.replicas", "1");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "1");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("share.coordinator.state.topic.num.partitions", "1");
    // A broker that was killed comes back when its old session has ended.
    settings.put("broker.session.timeout.ms", "2000");
    settings.put("broker.heartbeat.interval.ms", "500");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("group.min.session.timeout.ms", "1000");
    settings.put("log.segment.bytes", Integer.toString(64 << 20));
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
    // A topic that is to be compacted is looked at twice a second, instead of every 15 s.
    settings.put("log.cleaner.backoff.ms", "500");
    return settings;
  }

  private static void format(Path directory, Path settings) {
    JvmProcess format =
        KafkaJvm.start(
            "kafka-format",
            directory.resolve("kafka-format.log"),
            "kafka.tools.StorageTool",
            List.of("format", "-t", clusterId(), "-c", settings.toString()));
    try {
      format.awaitExit(START);
    } finally {
      format.close();
    }
  }

  private static String clusterId() {
    UUID id = UUID.randomUUID();
    byte[] bytes =
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).replaceFirst("^-", "A");
  }

  private JvmProcess launch() {
    return KafkaJvm.start(
            "kafka", directory.resolve("kafka.log"), "kafka.Kafka", List.of(settings.toString()))
        .awaitPort(port, START);
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  public Admin admin() {
    return Admin.create(
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, (Object) bootstrapServers()));
  }

  /** Of the JVM since the last start. */
  public long pid() {
    return process.pid();
  }

  /** Topics are never made by use; the worker makes those of source connectors. */
  public void createTopic(String name, int partitions) {
    createTopic(name, partitions, Map.of());
  }

  /** As above, with settings of the topic's own. */
  public void createTopic(String name, int partitions, Map<String, String> settings) {
    NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(settings);
    try (Admin admin = admin()) {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Cannot create topic " + name, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while creating topic " + name, e);
    }
  }

  /** SIGSTOP: connections stay open, and nothing is answered until {@link #resume}. */
  public void pause() {
    signal("STOP");
  }

  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int exit =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill -" + name + " ended with " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while signalling the broker", e);
    }
  }

  /** An orderly end; data and port stay for {@link #restart}. */
  public void stop() {
    process.stop();
  }

  /** SIGKILL; data and port stay for {@link #restart}. */
  public void kill() {
    process.kill();
  }

  /** Starts the broker again on its data and port, after ending it if it runs. */
  public void restart() {
    process.stop();
    process = launch();
  }

  /** The last lines of the broker's log. */
  public String logTail() {
    return process.logTail();
  }

  /** Ends the broker without ceremony: nobody needs its data any more. */
  @Override
  public void close() {
    process.kill();
  }
}
