package io.github.dynamokc.bench;

import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.EmbeddedKafka;
import io.github.dynamokc.testing.kafka.PluginPath;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where benches run: a broker, which all share, and workers, of which each has its own. */
final class Lab implements AutoCloseable {
  /** How Connect's own scripts start a worker, but for the heap, which they let grow to 2 GB. */
  private static final List<String> JVM =
      List.of(
          "-XX:-UseSerialGC",
          "-XX:+UseG1GC",
          "-XX:MaxGCPauseMillis=20",
          "-XX:InitiatingHeapOccupancyPercent=35",
          "-XX:MaxInlineLevel=15",
          "-Xms256m");

  /** The heap that Connect's own scripts give a worker. */
  static final String USUAL_HEAP = "-Xmx2g";

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final Path directory = WorkDirectory.fresh("bench");
  private @Nullable EmbeddedKafka kafka;

  /** The broker, started when first asked for. */
  EmbeddedKafka kafka() {
    EmbeddedKafka started = kafka;
    if (started == null) {
      started = EmbeddedKafka.start(WorkDirectory.empty(directory.resolve("kafka")));
      kafka = started;
    }
    return started;
  }

  /** A new worker with the packaged plugin, so that no bench is warmed up by another one. */
  ConnectWorker worker(String bench, String heap) {
    return worker(bench, heap, PluginPath.packaged().toString());
  }

  /** The same with plugins of the bench's own besides. */
  ConnectWorker workerWithReadyRecords(String bench, String heap) {
    Path ready = ReadyPlugin.write(WorkDirectory.empty(directory.resolve("plugin-ready")));
    return worker(bench, heap, PluginPath.packaged() + "," + ready.toAbsolutePath());
  }

  private ConnectWorker worker(String bench, String heap, String pluginPath) {
    Path workerDirectory = WorkDirectory.empty(directory.resolve("worker-" + bench));
    ConnectWorker.Builder builder =
        ConnectWorker.builder(workerDirectory, kafka().bootstrapServers())
            .groupId(bench)
            .set("plugin.path", pluginPath);
    jvmArguments(heap).forEach(builder::jvmArgument);
    return builder.jvmArgument(Collector.jvmArgument(workerDirectory)).start();
  }

  /** What a JVM is started with that is measured. */
  static List<String> jvmArguments(String heap) {
    return Stream.concat(JVM.stream(), Stream.of(heap)).toList();
  }

  /** Where a bench leaves its files. */
  Path directory() {
    return directory;
  }

  void title(String format, Object... arguments) {
    out.printf("%n== " + format + "%n", arguments);
  }

  void line(String format, Object... arguments) {
    out.printf("   " + format + "%n", arguments);
  }

  static void pause(Duration duration) throws InterruptedException {
    pauseUntil(System.nanoTime() + duration.toNanos());
  }

  /**
   * @param nanoTime as {@link System#nanoTime()}
   */
  static void pauseUntil(long nanoTime) throws InterruptedException {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  @Override
  public void close() {
    if (kafka != null) {
      kafka.close();
    }
  }
}
