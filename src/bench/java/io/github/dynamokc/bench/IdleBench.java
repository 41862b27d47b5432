package io.github.dynamokc.bench;

import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** What shards without changes cost, and how soon the first change after the pause is seen. */
final class IdleBench implements Benchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration SETTLING = Duration.ofSeconds(20);
  private static final double FIRST_WRITES_A_SECOND = 5;
  private static final int WRITES_TO_SINGLE = 12;

  private final int shards = Settings.number("bench.idle.shards", 300);
  private final Duration window = Settings.seconds("bench.idle.seconds", 120);

  @Override
  public void run(Lab lab) throws InterruptedException {
    lab.title(
        "idle: default settings, reads counted for %d s; then a first write to each shard",
        window.toSeconds());
    try (EmulatedAws aws = new EmulatedAws();
        ConnectWorker worker = lab.worker("idle", Lab.USUAL_HEAP);
        Subject many = new Subject(lab, aws, worker, "idle-many", shards);
        Subject single = new Subject(lab, aws, worker, "idle-single", 1)) {
      many.connector.awaitReads(aws, many.stream, 1, PATIENCE);
      single.connector.awaitReads(aws, single.stream, 1, PATIENCE);
      Lab.pause(SETTLING);
      long manyBefore = many.reads();
      long singleBefore = single.reads();
      ProcessCpu cpu = ProcessCpu.start(worker.pid());
      Lab.pause(window);
      double hours = window.toMillis() / 3.6e6;
      lab.line(
          "%,4d shards   %,6.0f GetRecords per shard and hour   worker's CPU %s",
          shards, (many.reads() - manyBefore) / hours / shards, cpu);
      lab.line(
          "   1 shard    %,6.0f GetRecords per shard and hour",
          (single.reads() - singleBefore) / hours);

      List<String> all = many.stream.openShards();
      many.writer.write(FIRST_WRITES_A_SECOND, shards, all::get);
      lab.line("%,4d shards   first write seen   %s", shards, many.awaitAll());
      SplittableRandom random = new SplittableRandom(3);
      for (int i = 0; i < WRITES_TO_SINGLE; i++) {
        Lab.pause(Duration.ofMillis(random.nextInt(5000, 8000)));
        single.writer.write(single.stream.openShards().get(0));
      }
      lab.line("   1 shard    first write seen   %s", single.awaitAll());
    }
  }

  private static final class Subject implements AutoCloseable {
    private final EmulatedAws aws;
    private final ScriptedStream stream;
    private final Writer writer;
    private final BenchConnector connector;
    private final Arrivals arrivals;

    private Subject(Lab lab, EmulatedAws aws, ConnectWorker worker, String table, int shards) {
      this.aws = aws;
      this.stream = aws.addTable(table, shards);
      this.writer = new Writer(stream);
      lab.kafka().createTopic(table, 3);
      this.connector = BenchConnector.start(worker, table, aws.config(table));
      this.arrivals = Arrivals.follow(lab.kafka().bootstrapServers(), table);
    }

    private long reads() {
      return aws.reads(stream).values().stream().mapToLong(Long::longValue).sum();
    }

    private Percentiles awaitAll() throws InterruptedException {
      return arrivals.awaitAll(writer.written(), PATIENCE);
    }

    @Override
    public void close() {
      arrivals.close();
      connector.close();
    }
  }
}
