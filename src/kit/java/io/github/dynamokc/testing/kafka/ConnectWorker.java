package io.github.dynamokc.testing.kafka;

import io.github.dynamokc.testing.JvmProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Connect worker in a JVM of its own, its REST interface on loopback. Workers of one group make a
 * cluster. Offsets are flushed twice a second, and a worker that is gone is noticed after 3 s
 * instead of Connect's 10 s, so that tests of crashes are quick.
 *
 * <p>After {@link #kill} and {@link #restart} the REST interface first tells what the dead worker
 * reported last: wait for data rather than for RUNNING.
 */
public final class ConnectWorker implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);

  private final Path directory;
  private final String mainClass;
  private final List<String> arguments;
  private final int port;
  private final List<String> jvmArguments;
  private JvmProcess process;
  private int starts;

  private ConnectWorker(
      Path directory,
      String mainClass,
      List<String> arguments,
      int port,
      List<String> jvmArguments) {
    this.directory = directory;
    this.mainClass = mainClass;
    this.arguments = List.copyOf(arguments);
    this.port = port;
    this.jvmArguments = List.copyOf(jvmArguments);
    this.process = launch();
  }

  /** Settings and logs of the worker go to {@code workDirectory}, which workers may share. */
  public static Builder builder(Path workDirectory, String bootstrapServers) {
    return new Builder(workDirectory, bootstrapServers);
  }

  private JvmProcess launch() {
    String name = "connect-" + port + "-" + starts++;
    JvmProcess started =
        KafkaJvm.start(name, directory.resolve(name + ".log"), jvmArguments, mainClass, arguments);
    ConnectRest rest = rest();
    try {
      return started.await("answer of its REST interface", START, rest::answers);
    } catch (RuntimeException e) {
      started.kill();
      throw e;
    }
  }

  public URI restUri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public ConnectRest rest() {
    return new ConnectRest(restUri());
  }

  /** SIGKILL: no task is stopped, no offset flushed. */
  public void kill() {
    process.kill();
  }

  /** SIGTERM: tasks are stopped and offsets flushed. */
  public void stop() {
    process.stop();
  }

  /** Starts the worker again in its group and on its port, after ending it if it runs. */
  public void restart() {
    process.stop();
    process = launch();
  }

  /** Of the JVM since the last start. */
  public long pid() {
    return process.pid();
  }

  /** The log since the last start. */
  public Path log() {
    return process.log();
  }

  /** The last lines of the log. */
  public String logTail() {
    return process.logTail();
  }

  /** Ends the worker without ceremony. */
  @Override
  public void close() {
    process.kill();
  }

  /** The settings of a worker; what is not set is as a test of sources wants it. */
  public static final class Builder {
    private final Path directory;
    private final Map<String, String> settings = new TreeMap<>();
    private final List<String> jvmArguments = new ArrayList<>();

    private Builder(Path directory, String bootstrapServers) {
      this.directory = directory;
      settings.put("bootstrap.servers", bootstrapServers);
      groupId("connect");
      settings.put("offset.storage.replication.factor", "1");
      settings.put("offset.storage.partitions", "3");
      settings.put("config.storage.replication.factor", "1");
      settings.put("status.storage.replication.factor", "1");
      settings.put("status.storage.partitions", "1");
      settings.put("offset.flush.interval.ms", "500");
      settings.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
      settings.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
      settings.put("header.converter", "org.apache.kafka.connect.storage.StringConverter");
      settings.put("plugin.discovery", "service_load");
      settings.put("session.timeout.ms", "3000");
      settings.put("heartbeat.interval.ms", "500");
      settings.put("scheduled.rebalance.max.delay.ms", "1000");
    }

    /** Names the cluster and its topics. */
    public Builder groupId(String id) {
      settings.put("group.id", id);
      settings.put("offset.storage.topic", id + "-offsets");
      settings.put("config.storage.topic", id + "-configs");
      settings.put("status.storage.topic", id + "-status");
      return this;
    }

    /** A folder of plugins, for instance {@link PluginPath#packaged}. */
    public Builder pluginPath(Path plugins) {
      return set("plugin.path", plugins.toAbsolutePath().toString());
    }

    public Builder exactlyOnce(boolean enabled) {
      return set("exactly.once.source.support", enabled ? "enabled" : "disabled");
    }

    /** Any setting of a worker. */
    public Builder set(String key, String value) {
      settings.put(key, value);
      return this;
    }

    /** Such as {@code -Xmx256m}; the heap is 512 MB at first. */
    public Builder jvmArgument(String argument) {
      jvmArguments.add(argument);
      return this;
    }

    /** Takes the settings of a file, such as a sample, and none of those that tests have. */
    public Builder onlyThoseOf(Path file) {
      settings.clear();
      settings.putAll(KafkaJvm.read(file));
      return this;
    }

    /** Starts a distributed worker; comes back when its REST interface answers. */
    public ConnectWorker start() {
      return start("org.apache.kafka.connect.cli.ConnectDistributed");
    }

    /** Starts a standalone worker with connectors of these files. */
    public ConnectWorker startStandalone(Path... connectors) {
      return start("org.apache.kafka.connect.cli.ConnectStandalone", connectors);
    }

    private ConnectWorker start(String mainClass, Path... connectors) {
      int port = JvmProcess.freePort();
      settings.put("listeners", "http://127.0.0.1:" + port);
      settings.put("rest.advertised.host.name", "127.0.0.1");
      settings.put("rest.advertised.port", Integer.toString(port));
      Path file = KafkaJvm.write(directory.resolve("connect-" + port + ".properties"), settings);
      List<String> arguments = new ArrayList<>(List.of(file.toString()));
      for (Path connector : connectors) {
        arguments.add(connector.toAbsolutePath().toString());
      }
      return new ConnectWorker(directory, mainClass, arguments, port, jvmArguments);
    }
  }
}
