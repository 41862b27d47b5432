package io.github.dynamokc.bench;

import io.github.dynamokc.testing.JvmHeap;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.ConnectorStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A stream of thousands of open shards with a day of history, in four tasks of one worker with a
 * heap of 512 MB, and an account that throttles DescribeStream.
 */
final class ManyBench implements Benchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final Duration SETTLING = Duration.ofSeconds(60);
  private static final String HEAP = "-Xmx512m";
  private static final int TASKS = 4;
  private static final int BUSY = 100;
  private static final double WRITES_A_SECOND = 500;
  private static final double FIRST_WRITES_A_SECOND = 20;
  private static final int FIRST_WRITES = 1000;

  private final int shards = Settings.number("bench.many.shards", 10_000);
  private final int rollOvers = Settings.number("bench.many.rollovers", 2_000);
  private final Duration window = Settings.seconds("bench.many.seconds", 60);

  @Override
  public void run(Lab lab) throws InterruptedException {
    lab.title(
        "many: %,d open shards with a day of history, %d tasks, worker with %s",
        shards, TASKS, HEAP);
    String table = "many";
    try (EmulatedAws aws = new EmulatedAws();
        ConnectWorker worker = lab.worker("many", HEAP)) {
      DescribeQuota quota = new DescribeQuota();
      aws.onRequest(quota);
      lab.line("before the connector   heap after collection %s", heap(worker));
      ScriptedStream stream = aws.addTable(table, 0);
      DayOfShards day = new DayOfShards(stream);
      day.add(shards);
      lab.kafka().createTopic(table, 3);
      Map<String, String> config = new HashMap<>(aws.config(table));
      config.put("tasks.max", Integer.toString(TASKS));
      long start = System.nanoTime();
      try (BenchConnector connector = BenchConnector.start(worker, table, config);
          Arrivals arrivals = Arrivals.follow(lab.kafka().bootstrapServers(), table)) {
        connector.await("run", PATIENCE, () -> runs(worker.rest().status(table)));
        lab.line("RUNNING with tasks after %.1f s (target 60 s)", secondsSince(start));
        connector.awaitReads(aws, stream, PATIENCE);
        lab.line(
            "all open shards read after %.1f s (target 600 s), task config of %,d bytes",
            secondsSince(start), connector.longestTaskConfig());
        lab.line("until then   %s (target 5/s)", quota.since(start));
        Lab.pause(SETTLING);
        Phase idle = () -> Lab.pause(window);
        observe(lab, aws, stream, worker, quota, "idle", idle);
        Writer writer = new Writer(stream);
        List<String> mixed = new ArrayList<>(stream.openShards());
        Collections.shuffle(mixed, new Random(5));
        int first = Math.min(FIRST_WRITES, shards);
        writer.write(FIRST_WRITES_A_SECOND, first, mixed::get);
        lab.line(
            "first write to an idle shard   %s (target p99 2,500 ms)",
            arrivals.awaitAll(writer.written(), PATIENCE));
        rollOver(lab, new World(aws, stream, worker, quota, connector), day, mixed);
        busy(lab, new World(aws, stream, worker, quota, connector), arrivals, writer);
      }
    }
    tables(lab);
  }

  private record World(
      EmulatedAws aws,
      ScriptedStream stream,
      ConnectWorker worker,
      DescribeQuota quota,
      BenchConnector connector) {}

  private static boolean runs(ConnectorStatus status) {
    return status.runs(status.tasks().size()) && !status.tasks().isEmpty();
  }

  private void rollOver(Lab lab, World world, DayOfShards day, List<String> mixed)
      throws InterruptedException {
    int count = Math.min(rollOvers, shards);
    long plans = plans(world.worker);
    long start = System.nanoTime();
    Map<String, Long> endedAt = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Lab.pauseUntil(start + (long) (i * 60e9 / count));
      endedAt.put(day.rollOver(mixed.get(i)), System.nanoTime());
    }
    world.connector.await(
        "read all children",
        PATIENCE,
        () -> world.aws.firstReads(world.stream).keySet().containsAll(endedAt.keySet()));
    Map<String, Long> begun = world.aws.firstReads(world.stream);
    List<Long> waits = new ArrayList<>();
    endedAt.forEach((child, at) -> waits.add(begun.get(child) - at));
    lab.line(
        "%,d shards rolled over within a minute   children begun %s (target max 120,000 ms)",
        count, Percentiles.ofNanos(waits));
    lab.line(
        "meanwhile   %s   new plans %d (target 0)",
        world.quota.since(start), plans(world.worker) - plans);
  }

  private static long plans(ConnectWorker worker) {
    try (Stream<String> lines = Files.lines(worker.log())) {
      return lines.filter(line -> line.contains("new plan of")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void busy(Lab lab, World world, Arrivals arrivals, Writer writer)
      throws InterruptedException {
    int first = writer.written();
    int writes = (int) (WRITES_A_SECOND * window.toSeconds());
    List<String> busy = world.stream.openShards().subList(0, Math.min(BUSY, shards));
    observe(
        lab,
        world.aws,
        world.stream,
        world.worker,
        world.quota,
        BUSY + " busy",
        () -> writer.write(WRITES_A_SECOND, writes, i -> busy.get(i % busy.size())));
    lab.line(
        "%d busy, %.0f writes/s in total   %s",
        BUSY, WRITES_A_SECOND, arrivals.awaitFrom(first, writer.written(), PATIENCE));
  }

  private interface Phase {
    void run() throws InterruptedException;
  }

  private void observe(
      Lab lab,
      EmulatedAws aws,
      ScriptedStream stream,
      ConnectWorker worker,
      DescribeQuota quota,
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
        "%-9s %,6.0f GetRecords/s, %,.0f per shard and hour   worker's CPU %s (target 60 %% idle; emulator's %s)",
        name, reads, reads * 3600 / shards, ofWorker, ofEmulator);
    lab.line("%-9s %s (target 2.5/s idle)", "", quota.since(start));
    lab.line("%-9s heap after collection %s", "", heap(worker));
  }

  /** What the monitor takes of many small tables of which nothing changes. */
  private void tables(Lab lab) throws InterruptedException {
    int tables = Settings.number("bench.many.tables", 200);
    int each = 5;
    String name = "small";
    try (EmulatedAws aws = new EmulatedAws();
        ConnectWorker worker = lab.worker("small", HEAP)) {
      DescribeQuota quota = new DescribeQuota();
      aws.onRequest(quota);
      List<String> names = new ArrayList<>();
      List<ScriptedStream> streams = new ArrayList<>();
      for (int i = 0; i < tables; i++) {
        names.add("small-" + i);
        streams.add(aws.addTable("small-" + i, each));
      }
      Map<String, String> config = new HashMap<>(aws.config(String.join(",", names)));
      try (BenchConnector connector = BenchConnector.start(worker, name, config)) {
        for (ScriptedStream stream : streams) {
          connector.awaitReads(aws, stream, PATIENCE);
        }
        Lab.pause(SETTLING);
        long start = System.nanoTime();
        ThreadCpu monitor = new ThreadCpu(worker.pid(), name + "-monitor");
        ProcessCpu process = ProcessCpu.start(worker.pid());
        Lab.pause(window);
        lab.line(
            "%d tables of %d shards   monitor's threads %s (target 5 %%), worker %s",
            tables, each, monitor, process);
        lab.line("%-9s %s", "", quota.since(start));
      }
    }
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
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
