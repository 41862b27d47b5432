package io.github.dynamokc.bench;

import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/** How long a steady stream's changes take from the write until a consumer has them. */
final class LatencyBench implements Benchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration WARM_UP = Duration.ofSeconds(15);

  private final Duration duration = Settings.seconds("bench.latency.seconds", 60);

  /**
   * @param perSecond writes to all shards together
   * @param inTurn whether the shards are written to in turn rather than at random
   */
  private record Load(String name, int shards, double perSecond, boolean inTurn) {
    IntFunction<String> choice(List<String> all) {
      SplittableRandom random = new SplittableRandom(5);
      return inTurn ? i -> all.get(i % all.size()) : i -> all.get(random.nextInt(all.size()));
    }
  }

  private static final List<Load> LOADS =
      List.of(
          new Load("1-20", 1, 20, true),
          new Load("1-100", 1, 100, true),
          new Load("50-20", 50, 20, false),
          new Load("50-100", 50, 100, false),
          new Load("1-sparse", 1, 1, true),
          new Load("50-sparse", 50, 50, true));

  @Override
  public void run(Lab lab) throws InterruptedException {
    lab.title(
        "latency: from the write until a consumer has it, default settings, %d s each",
        duration.toSeconds());
    try (EmulatedAws aws = new EmulatedAws();
        ConnectWorker worker = lab.worker("latency", Lab.USUAL_HEAP)) {
      measure(lab, aws, worker, new Load("warm-up", 1, 100, true), WARM_UP);
      for (Load load : LOADS) {
        lab.line(
            "%2d shard(s), %3.0f writes/s in total   %s",
            load.shards(), load.perSecond(), measure(lab, aws, worker, load, duration));
      }
    }
  }

  private static Percentiles measure(
      Lab lab, EmulatedAws aws, ConnectWorker worker, Load load, Duration duration)
      throws InterruptedException {
    String table = "latency-" + load.name();
    ScriptedStream stream = aws.addTable(table, load.shards());
    lab.kafka().createTopic(table, 3);
    try (BenchConnector connector = BenchConnector.start(worker, table, aws.config(table));
        Arrivals arrivals = Arrivals.follow(lab.kafka().bootstrapServers(), table)) {
      // The first read may be one of the checks, before the task follows the stream.
      connector.awaitReads(aws, stream, 3, PATIENCE);
      Writer writer = new Writer(stream);
      int writes = (int) (load.perSecond() * duration.toSeconds());
      writer.write(load.perSecond(), writes, load.choice(stream.openShards()));
      return arrivals.awaitAll(writer.written(), PATIENCE);
    }
  }
}
