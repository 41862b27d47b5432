package io.github.dynamokc.bench;

import io.github.dynamokc.testing.JvmHeap;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.time.Duration;
import java.util.List;

/** One task with thousands of shards in a worker with a heap of 512 MB. */
final class ManyBench implements Benchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration SETTLING = Duration.ofSeconds(20);
  private static final String HEAP = "-Xmx512m";
  private static final int BUSY = 100;
  private static final double WRITES_A_SECOND = 500;

  private final int shards = Settings.number("bench.many.shards", 10_000);
  private final Duration window = Settings.seconds("bench.many.seconds", 60);

  @Override
  public void run(Lab lab) throws InterruptedException {
    lab.title("many: %,d shards in one task, worker with %s", shards, HEAP);
    String table = "many";
    try (EmulatedAws aws = new EmulatedAws();
        ConnectWorker worker = lab.worker("many", HEAP)) {
      lab.line("before the connector   heap after collection %s", heap(worker));
      ScriptedStream stream = aws.addTable(table, shards);
      lab.kafka().createTopic(table, 3);
      long start = System.nanoTime();
      try (BenchConnector connector = BenchConnector.start(worker, table, aws.config(table));
          Arrivals arrivals = Arrivals.follow(lab.kafka().bootstrapServers(), table)) {
        connector.awaitReads(aws, stream, 1, PATIENCE);
        lab.line(
            "all read for the first time after %.1f s, task config of %,d bytes",
            (System.nanoTime() - start) / 1e9, connector.longestTaskConfig());
        Lab.pause(SETTLING);
        observe(lab, aws, stream, worker, "idle", () -> Lab.pause(window));
        Writer writer = new Writer(stream);
        int writes = (int) (WRITES_A_SECOND * window.toSeconds());
        List<String> busy = stream.openShards().subList(0, BUSY);
        observe(
            lab,
            aws,
            stream,
            worker,
            BUSY + " busy",
            () -> writer.write(WRITES_A_SECOND, writes, i -> busy.get(i % BUSY)));
        lab.line(
            "%d busy, %.0f writes/s in total   %s",
            BUSY, WRITES_A_SECOND, arrivals.awaitAll(writer.written(), PATIENCE));
      }
    }
  }

  private interface Phase {
    void run() throws InterruptedException;
  }

  private void observe(
      Lab lab,
      EmulatedAws aws,
      ScriptedStream stream,
      ConnectWorker worker,
      String name,
      Phase phase)
      throws InterruptedException {
    long before = reads(aws, stream);
    long start = System.nanoTime();
    ProcessCpu ofWorker = ProcessCpu.start(worker.pid());
    ProcessCpu ofEmulator = ProcessCpu.ofThisJvm();
    phase.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    double reads = (reads(aws, stream) - before) / seconds;
    lab.line(
        "%-9s %,6.0f GetRecords/s, %,.0f per shard and hour   worker's CPU %s (emulator's %s)",
        name, reads, reads * 3600 / shards, ofWorker, ofEmulator);
    lab.line("%-9s heap after collection %s", "", heap(worker));
  }

  private static long reads(EmulatedAws aws, ScriptedStream stream) {
    return aws.reads(stream).values().stream().mapToLong(Long::longValue).sum();
  }

  private static String heap(ConnectWorker worker) {
    double before = JvmHeap.used(worker.pid());
    return "%.0f MB (%.0f MB before it)"
        .formatted(JvmHeap.usedAfterCollection(worker.pid()), before);
  }
}
