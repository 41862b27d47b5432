package io.github.dynamokc.bench;

import io.github.dynamokc.testing.JvmHeap;
import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The heap of a worker while all queues are full: the broker's process is stopped in the middle of
 * a load, and of a backlog of a stream, until nothing more can be read ahead.
 */
final class HeapBench implements Benchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Long enough to fill all, and not so long that the worker misses its group. */
  private static final Duration STILL = Duration.ofSeconds(8);

  private static final int RECORDS = 200_000;

  @Override
  public void run(Lab lab) throws InterruptedException {
    lab.title("heap: one task while Kafka stands still, items of 1 KB");
    try (EmbeddedAws aws =
            EmbeddedAws.start(WorkDirectory.empty(lab.directory().resolve("aws-heap")));
        ConnectWorker worker = lab.worker("heap-load", Lab.USUAL_HEAP)) {
      lab.line("worker without a connector %.0f MB", JvmHeap.usedAfterCollection(worker.pid()));
      StoredExport export = new StoredExport(aws, "heap", 8, RECORDS / 8_000);
      measure(lab, worker, "load", export.config("heap-load", 1));
    }
    RenderedStream stream = new RenderedStream(4, RECORDS, Duration.ZERO);
    try (EmulatedAws aws = new EmulatedAws();
        ConnectWorker worker = lab.worker("heap-stream", Lab.USUAL_HEAP)) {
      aws.onRequest(stream);
      aws.addTable("heap-stream");
      Map<String, String> config = aws.config("heap-stream");
      config.put("stream.start.position", "TRIM_HORIZON");
      measure(lab, worker, "stream", config);
    }
  }

  private static void measure(
      Lab lab, ConnectWorker worker, String what, Map<String, String> config)
      throws InterruptedException {
    String topic = "heap-" + what;
    lab.kafka().createTopic(topic, 3);
    try (KeyReader reader = new KeyReader(lab.kafka().bootstrapServers(), topic);
        BenchConnector connector = BenchConnector.start(worker, topic, config)) {
      connector.await("begin to fill its topic", PATIENCE, () -> reader.size() > 0);
      signal("-STOP", lab.kafka().pid());
      try {
        Lab.pause(STILL);
        lab.line("%-6s with full queues %.0f MB", what, JvmHeap.usedAfterCollection(worker.pid()));
      } finally {
        signal("-CONT", lab.kafka().pid());
      }
    }
  }

  private static void signal(String signal, long pid) throws InterruptedException {
    List<String> command = List.of("kill", signal, Long.toString(pid));
    try {
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new IllegalStateException("Failed: " + command);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot run " + command, e);
    }
  }
}
