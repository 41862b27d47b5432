package io.github.dynamokc.demo;

import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.TableComparison;
import io.github.dynamokc.testing.kafka.ConnectorStatus;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Loads two tables into Kafka while somebody writes to them, shows how it goes on, and proves the
 * result: the topics, applied by key, are the tables. Exits with 0 only if so.
 */
public final class Demo {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofSeconds(90);
  private static final Duration STREAM_FOR = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration QUIET = Duration.ofSeconds(20);
  private static final Duration BETWEEN_CHANGES = Duration.ofMillis(2);
  private static final Duration BEFORE_LOADING = Duration.ofMinutes(10);
  private static final int EXPORT_FILES = 8;
  private static final List<Integer> SIZES = List.of(3000, 1000);

  private final boolean gap = Boolean.getBoolean("demo.gap");
  private final PrintStream out;
  private final Servers servers;
  private final SampleConfig sample;
  private final List<DemoTable> tables;
  private final long started;
  private final Map<TableProgress, String> shown = new HashMap<>();

  private Demo(PrintStream out, long started, Servers servers) {
    this.out = out;
    this.started = started;
    this.servers = servers;
    this.sample = SampleConfig.forEmbedded(servers.aws(), gap);
    List<String> names = sample.tables();
    this.tables =
        IntStream.range(0, names.size())
            .mapToObj(i -> new DemoTable(names.get(i), SIZES.get(i % SIZES.size())))
            .toList();
  }

  /**
   * With the system property {@code demo.gap=true} the connector is away for longer than the
   * streams keep changes, and has the gap repaired. With {@code demo.keep=true} everything runs on
   * after the verdict.
   */
  public static void main(String[] arguments) throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    long started = System.nanoTime();
    out.println();
    out.println("== Starting Kafka, a Connect worker, DynamoDB Local and S3 on loopback");
    boolean passed;
    try (Servers servers = Servers.start()) {
      Demo demo = new Demo(out, started, servers);
      demo.showEndpoints();
      passed = demo.run();
      if (Boolean.getBoolean("demo.keep")) {
        out.println();
        out.println("== Running on (demo.keep=true). Stop with Ctrl-C.");
        demo.showEndpoints();
        new CountDownLatch(1).await();
      }
    }
    System.exit(passed ? 0 : 1);
  }

  private boolean run() {
    prepareTables();
    try (Watch watch = new Watch(servers.kafka().bootstrapServers(), sample.connector(), tables)) {
      String traffic = loadAndStream(watch);
      out.printf("%n== The writing has ended (%s). Waiting for the rest%n", traffic);
      Map<String, List<String>> differences = settle(watch);
      show(watch);
      if (gap && differences.isEmpty()) {
        differences = loseAndRepair(watch);
        show(watch);
      }
      showSamples(watch);
      return verdict(watch, differences);
    } catch (RuntimeException e) {
      out.printf("%nFAIL: %s%n%nLogs are in %s%n", e.getMessage(), servers.logs());
      return false;
    }
  }

  private void showEndpoints() {
    out.printf("   Kafka              %s%n", servers.kafka().bootstrapServers());
    out.printf("   Connect REST       %s/connectors%n", servers.worker().restUri());
    out.printf("   DynamoDB, Streams  %s%n", servers.aws().dynamoDbEndpoint());
    out.printf("   S3                 %s%n", servers.aws().s3Endpoint());
    out.printf(
        "   AWS key            %s / %s, region %s%n",
        servers.aws().accessKeyId(), servers.aws().secretAccessKey(), servers.aws().region());
    out.printf("   Logs               %s%n", servers.logs());
  }

  private void prepareTables() {
    out.printf("%n== Filling the tables%n");
    servers.aws().buckets().create(sample.bucket());
    servers.aws().front().exportFiles(EXPORT_FILES);
    SplittableRandom random = new SplittableRandom(42);
    for (DemoTable table : tables) {
      servers.aws().tables().create(table.name(), table.keyAttributes());
      servers.aws().tables().putAll(table.name(), table.seed(random));
      out.printf(
          "   %5.1f s  %-10s %,6d items, all attribute types%n",
          seconds(), table.name(), table.items());
    }
    if (gap) {
      // Incremental exports reach back to when a table was made.
      servers.aws().time().advance(BEFORE_LOADING);
    }
  }

  /**
   * Posts the sample while the tables are written to, until all have been in STREAM for a while.
   */
  private String loadAndStream(Watch watch) {
    try (Traffic traffic = Traffic.start(servers.aws(), tables, BETWEEN_CHANGES, 7)) {
      out.printf(
          "%n== POST %s/connectors with %s%n", servers.worker().restUri(), SampleConfig.FILE);
      out.println("   and, to fit this machine:");
      sample.changed().forEach((key, value) -> out.printf("     %s=%s%n", key, value));
      servers.worker().rest().post(sample.body());
      servers
          .worker()
          .rest()
          .await(
              sample.connector(),
              "start",
              START,
              status -> status.state().equals("RUNNING") || status.failed());

      out.printf("%n== While the tables are written to%n");
      awaitStep(watch, "all tables to be in STREAM", watch::allStream);
      out.println("              the shards of all streams are closed, their children opened");
      servers.aws().tables().rollOver(tables.get(0).name());
      long streamingSince = System.nanoTime();
      while (System.nanoTime() - streamingSince < STREAM_FOR.toNanos()) {
        pause();
        show(watch);
      }
      return traffic.summary();
    }
  }

  /**
   * Stops the connector until the streams have lost changes, and has these repaired; gives the
   * differences by table.
   */
  private Map<String, List<String>> loseAndRepair(Watch watch) {
    Absence absence = new Absence(servers, sample.connector());
    out.printf("%n== The connector is stopped, and the tables are written to%n");
    absence.begin();
    String lost = absence.write(tables, BETWEEN_CHANGES, 8);
    out.printf("   %5.1f s  lost to the streams: %s%n", seconds(), lost);
    out.printf(
        "%n== %d hours pass at the local AWS: the streams forget. The connector is started%n",
        Absence.AWAY.toHours());
    absence.end();
    try (Traffic traffic = Traffic.start(servers.aws(), tables, BETWEEN_CHANGES, 9)) {
      awaitStep(watch, "the gap of each table to be found", watch::allInGap);
      out.printf(
          "              %d minutes pass at once, for which the streams are held%n",
          Absence.HOLD.toMinutes());
      absence.passHold();
      awaitStep(watch, "the gap of each table to be repaired", watch::allRepaired);
      out.printf(
          "%n== The writing meanwhile has ended (%s). Waiting for the rest%n", traffic.summary());
    }
    return settle(watch);
  }

  private void awaitStep(Watch watch, String what, Supplier<Boolean> condition) {
    Eventually.within(LONGEST, what)
        .every(PAUSE)
        .until(
            () -> {
              show(watch);
              return condition.get();
            },
            found -> found,
            found -> status().describe());
  }

  /**
   * Compares until nothing differs, or until nothing more comes; gives the differences by table.
   */
  private Map<String, List<String>> settle(Watch watch) {
    long lastRecord = System.nanoTime();
    long records = watch.records();
    Map<String, List<String>> differences = differences(watch);
    while (!differences.isEmpty() && System.nanoTime() - lastRecord < QUIET.toNanos()) {
      pause();
      show(watch);
      if (watch.records() != records) {
        records = watch.records();
        lastRecord = System.nanoTime();
      }
      differences = differences(watch);
    }
    return differences;
  }

  private Map<String, List<String>> differences(Watch watch) {
    Map<String, List<String>> differences = new HashMap<>();
    for (TableProgress table : watch.tables()) {
      List<String> found =
          TableComparison.differences(
              servers.aws().tables().scan(table.table().name()), DemoTable.KEYS, table.view());
      if (!found.isEmpty()) {
        differences.put(table.table().name(), found);
      }
    }
    return differences;
  }

  /** A line for each table that has moved on. A part that failed ends the demo. */
  private void show(Watch watch) {
    watch.look();
    for (TableProgress table : watch.tables()) {
      table.newSteps().forEach(step -> out.printf("   %5.1f s  %s%n", seconds(), step));
      String line = table.line();
      if (!line.equals(shown.put(table, line))) {
        out.printf("   %5.1f s  %s%n", seconds(), line);
      }
    }
    ConnectorStatus status = status();
    if (status.failed()) {
      throw new IllegalStateException("A part of the connector failed. " + status.describe());
    }
  }

  private double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  private ConnectorStatus status() {
    return servers.worker().rest().status(sample.connector());
  }

  private static void pause() {
    LockSupport.parkNanos(PAUSE.toNanos());
  }

  private void showSamples(Watch watch) {
    out.printf("%n== One record of each kind%n");
    TableProgress first = watch.tables().iterator().next();
    first.samples().forEach(this::showRecord);
  }

  private void showRecord(String kind, TopicRecord record) {
    out.printf("%n   %s: %s-%d@%d%n", kind, record.topic(), record.partition(), record.offset());
    out.printf("     key    %s%n", record.key());
    out.printf("     value  %s%n", record.value());
    record.headers().forEach((name, value) -> out.printf("     %-26s %s%n", name, value));
  }

  private boolean verdict(Watch watch, Map<String, List<String>> differences) {
    out.printf("%n== The topics applied by key, beside the tables%n");
    for (TableProgress table : watch.tables()) {
      List<String> found = differences.getOrDefault(table.table().name(), List.of());
      out.printf(
          "   %-10s %,6d records -> %,6d items, %,d differences%n",
          table.table().name(), table.records(), table.view().records().size(), found.size());
      found.stream().limit(10).forEach(text -> out.printf("     %s%n", text));
    }
    boolean passed = differences.isEmpty();
    out.printf(
        "%n%s after %.0f s%n",
        passed ? "PASS: each topic is its table" : "FAIL: a topic is not its table", seconds());
    return passed;
  }
}
