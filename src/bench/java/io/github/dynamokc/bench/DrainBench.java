package io.github.dynamokc.bench;

import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How fast a backlog gets into Kafka, over how fast the bare SDK reads it. Both read the same pages
 * from the same server; rounds alternate, and the first ones of each side only warm up.
 */
final class DrainBench implements Benchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration READ = Duration.ofSeconds(1);

  /** So many until the compiler of the JVM has done most of its work. */
  private static final int WARM_UP = 5;

  private final List<Integer> shards =
      Settings.list("bench.drain.shards", "1,4").stream().map(Integer::valueOf).toList();

  private final int records = Settings.number("bench.drain.records", 100_000);
  private final int rounds = Settings.number("bench.drain.rounds", 5);
  private final List<Duration> answerTimes =
      Settings.list("bench.drain.answer.ms", "0,10").stream()
          .map(millis -> Duration.ofMillis(Long.parseLong(millis)))
          .toList();

  /**
   * One side in one round.
   *
   * @param cpu seconds of CPU time by process
   * @param cost of the worker; null for the bare loop
   */
  private record Round(
      double recordsPerSecond, Map<String, Double> cpu, WorkerCost.@Nullable Cost cost) {}

  @Override
  public void run(Lab lab) throws InterruptedException {
    lab.title("drain: %,d records, %d rounds after %d to warm up", records, rounds, WARM_UP);
    for (Duration answerTime : answerTimes) {
      for (int shards : this.shards) {
        String name = "drain-%d-%d".formatted(answerTime.toMillis(), shards);
        RenderedStream stream = new RenderedStream(shards, records, answerTime);
        try (EmulatedAws aws = new EmulatedAws();
            BareLoop bare = BareLoop.start(lab.directory(), aws.endpoint());
            ConnectWorker worker = lab.worker(name, Lab.USUAL_HEAP)) {
          aws.onRequest(stream);
          lab.line(
              "%d shard(s), GetRecords takes %d ms, %,d bytes a record",
              shards, answerTime.toMillis(), stream.bytes() / records);
          measure(lab, name, stream, aws, bare, worker);
        }
      }
    }
  }

  private void measure(
      Lab lab,
      String name,
      RenderedStream stream,
      EmulatedAws aws,
      BareLoop bare,
      ConnectWorker worker)
      throws InterruptedException {
    List<Round> bareRounds = new ArrayList<>();
    List<Round> connectorRounds = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    Profile profile = null;
    for (int round = 0; round < WARM_UP + rounds; round++) {
      String table = name + "-" + round;
      String arn = aws.addTable(table);
      Round ofBare = bare(stream, bare, arn);
      // The recorder slows the first round that it sees.
      if (round == WARM_UP - 1 && Settings.isOn("bench.profile")) {
        profile = Profile.start(worker.pid());
      }
      Round ofConnector = connector(lab, stream, aws, worker, table);
      if (round >= WARM_UP) {
        bareRounds.add(ofBare);
        connectorRounds.add(ofConnector);
        ratios.add(ofConnector.recordsPerSecond() / ofBare.recordsPerSecond());
      }
    }
    lab.line(
        "  bare %s   connector %s   ratio %.2f (%s)",
        speed(bareRounds), speed(connectorRounds), Median.of(ratios), listed(ratios));
    List<WorkerCost.Cost> costs =
        connectorRounds.stream().map(Round::cost).filter(Objects::nonNull).toList();
    List<Double> cpuRatios = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      cpuRatios.add(costs.get(round).cpu() / bareRounds.get(round).cpu().get("bare"));
    }
    lab.line("  for 100,000 records: %s", WorkerCost.Cost.median(costs, records));
    lab.line(
        "  CPU beside it: %s; %s; worker over bare loop %.2f (%s)",
        cpu(bareRounds), cpu(connectorRounds), Median.of(cpuRatios), listed(cpuRatios));
    if (profile != null) {
      profile.finish(lab, lab.directory().resolve(name + ".jfr"));
    }
  }

  private Round bare(RenderedStream stream, BareLoop bare, String arn) throws InterruptedException {
    stream.rewind();
    ProcessCpu ofLoop = ProcessCpu.start(bare.pid());
    ProcessCpu ofEmulator = ProcessCpu.ofThisJvm();
    int read = bare.read(arn);
    double seconds = (System.nanoTime() - stream.firstRead()) / 1e9;
    if (read != records) {
      throw new IllegalStateException("The bare loop read %,d records".formatted(read));
    }
    return new Round(
        records / seconds,
        Map.of("bare", ofLoop.seconds(), "emulator", ofEmulator.seconds()),
        null);
  }

  private Round connector(
      Lab lab, RenderedStream stream, EmulatedAws aws, ConnectWorker worker, String table)
      throws InterruptedException {
    stream.rewind();
    lab.kafka().createTopic(table, 3);
    WorkerCost ofWorker = WorkerCost.start(worker, table);
    Map<String, String> config = aws.config(table);
    config.put("stream.start.position", "TRIM_HORIZON");
    try (KeyReader topic = new KeyReader(lab.kafka().bootstrapServers(), table);
        BenchConnector connector = BenchConnector.start(worker, table, config)) {
      connector.await("read its stream", PATIENCE, stream::wasRead);
      ofWorker.atWork();
      ProcessCpu ofBroker = ProcessCpu.start(lab.kafka().pid());
      ProcessCpu ofEmulator = ProcessCpu.ofThisJvm();
      connector.await("fill its topic", PATIENCE, () -> topic.size() >= records);
      double seconds = (System.nanoTime() - stream.firstRead()) / 1e9;
      Map<String, Double> cpu =
          Map.of("broker", ofBroker.seconds(), "emulator", ofEmulator.seconds());
      WorkerCost.Cost cost = ofWorker.upToNow();
      verify(topic);
      return new Round(records / seconds, cpu, cost);
    }
  }

  private void verify(KeyReader topic) {
    BitSet missing = new BitSet();
    missing.set(0, records);
    long read = 0;
    long size = topic.size();
    while (read < size) {
      read += topic.poll(READ, item -> missing.clear(item.index()));
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "%,d of %,d records are not in the topic".formatted(missing.cardinality(), records));
    }
  }

  private static String listed(List<Double> ratios) {
    return ratios.stream().map("%.2f"::formatted).collect(Collectors.joining(" "));
  }

  private String cpu(List<Round> rounds) {
    StringBuilder text = new StringBuilder();
    for (String process : new TreeSet<>(rounds.get(0).cpu().keySet())) {
      double seconds = Median.of(rounds.stream().map(round -> round.cpu().get(process)).toList());
      text.append(" %s %.2f s".formatted(process, seconds * 100_000 / records));
    }
    return text.toString().strip();
  }

  private static String speed(List<Round> rounds) {
    return "%,.0f records/s"
        .formatted(Median.of(rounds.stream().map(Round::recordsPerSecond).toList()));
  }
}
