package io.github.dynamokc.bench;

import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How fast changed items get from an incremental export into Kafka, over how fast the same items do
 * from a full one; then how soon a stream is followed again after a gap. Rounds alternate, and the
 * first one of each side only warms up.
 */
final class RepairBench implements Benchmark {
  private static final int FILES = 8;
  private static final int WARM_UP = 1;

  private final int members = Settings.number("bench.repair.items", 1_000_000) / FILES / 1_000;
  private final int rounds = Settings.number("bench.repair.rounds", 3);
  private final int gaps = Settings.number("bench.repair.gaps", 3);
  private final int changes = Settings.number("bench.repair.changes", 300);

  private record Round(double itemsPerSecond, WorkerCost.Cost cost) {}

  /**
   * What items are loaded from.
   *
   * @param bytes of a line on average, uncompressed
   * @param start starts a connector that loads all items into a topic
   * @param rounds those that count
   */
  private record Source(
      String name, double bytes, Function<String, BenchConnector> start, List<Round> rounds) {
    private Source(String name, IntFunction<String> line, Function<String, BenchConnector> start) {
      this(
          name,
          IntStream.range(0, StoredFiles.LINES_A_MEMBER)
              .mapToObj(line)
              .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
              .average()
              .orElseThrow(),
          start,
          new ArrayList<>());
    }

    private double speed() {
      return Median.of(rounds.stream().map(Round::itemsPerSecond).toList());
    }
  }

  @Override
  public void run(Lab lab) throws InterruptedException {
    if (rounds > 0) {
      measureSpeed(lab);
    }
    if (gaps > 0) {
      measureGaps(lab);
    }
  }

  private void measureSpeed(Lab lab) throws InterruptedException {
    try (EmbeddedAws aws =
            EmbeddedAws.start(WorkDirectory.empty(lab.directory().resolve("aws-repair")));
        ConnectWorker worker = lab.worker("bench-repair", Lab.USUAL_HEAP)) {
      StoredExport export = new StoredExport(aws, "repair-load", FILES, members);
      StoredWindow inserts = new StoredWindow(aws, "repair-inserts", FILES, members, false);
      StoredWindow updates = new StoredWindow(aws, "repair-updates", FILES, members, true);
      lab.title(
          "repair: %,d items in %d files, %d rounds after %d to warm up",
          export.items(), FILES, rounds, WARM_UP);
      Source load =
          new Source(
              "full export",
              ExportItems::line,
              topic -> BenchConnector.start(worker, topic, export.config(topic, 1)));
      Source inserted = source("inserted items", worker, inserts, false);
      Source updated = source("changed items", worker, updates, true);
      List<Source> sources = List.of(load, inserted, updated);
      for (int round = 0; round < WARM_UP + rounds; round++) {
        for (Source source : sources) {
          String topic = "repair-" + sources.indexOf(source) + "-" + round;
          Round measured = measure(lab, worker, topic, source, export.items());
          if (round >= WARM_UP) {
            source.rounds.add(measured);
          }
        }
      }
      for (Source source : sources) {
        lab.line(
            "%-14s %,.0f bytes a line, %,.0f/s, %.0f MB/s; for 100,000: %s",
            source.name,
            source.bytes,
            source.speed(),
            source.speed() * source.bytes / 1e6,
            WorkerCost.Cost.median(
                source.rounds.stream().map(Round::cost).toList(), export.items()));
      }
      showRatio(lab, inserted, load);
      showRatio(lab, updated, load);
    }
  }

  private static Source source(
      String name, ConnectWorker worker, StoredWindow window, boolean withOldImages) {
    return new Source(
        name,
        index -> ExportItems.change(index, 1_700_000_000_000_000L, withOldImages),
        topic -> {
          StoredWindow.Repair repair = window.repair(topic, 1);
          return BenchConnector.start(worker, topic, repair.config(), repair.offsets());
        });
  }

  private static Round measure(
      Lab lab, ConnectWorker worker, String topic, Source source, long items)
      throws InterruptedException {
    try (Load load = Load.start(lab, worker, topic, () -> source.start.apply(topic))) {
      return new Round(load.awaitRecords(items), load.cost());
    }
  }

  private static void showRatio(Lab lab, Source source, Source over) {
    List<Double> items = new ArrayList<>();
    for (int round = 0; round < source.rounds.size(); round++) {
      items.add(source.rounds.get(round).itemsPerSecond / over.rounds.get(round).itemsPerSecond);
    }
    List<Double> bytes = items.stream().map(ratio -> ratio * source.bytes / over.bytes).toList();
    lab.line(
        "%s over %s: items/s %.2f (%s), bytes/s %.2f (%s)",
        source.name, over.name, Median.of(items), listed(items), Median.of(bytes), listed(bytes));
  }

  private static String listed(List<Double> ratios) {
    return ratios.stream().map("%.2f"::formatted).collect(Collectors.joining(" "));
  }

  private void measureGaps(Lab lab) throws InterruptedException {
    lab.title(
        "repair: %d absences of %d hours, %,d items changed, hold %d ms; seconds since the resume",
        gaps, Absence.LENGTH.toHours(), changes, Absence.HOLD.toMillis());
    try (EmbeddedAws aws =
            EmbeddedAws.start(WorkDirectory.empty(lab.directory().resolve("aws-gap")));
        ConnectWorker worker = lab.worker("bench-gap", Lab.USUAL_HEAP)) {
      aws.buckets().create(StoredFiles.BUCKET);
      for (int round = 0; round < gaps; round++) {
        Absence.Return back = new Absence(lab, aws, worker, "gap-" + round).measure(changes);
        lab.line(
            "%s; tasks started %d times",
            new TreeMap<>(back.steps())
                .entrySet().stream()
                    .map(step -> "%s %.1f".formatted(step.getValue(), step.getKey()))
                    .collect(Collectors.joining(", ")),
            back.taskStarts());
        aws.front().clearHooks();
      }
    }
  }
}
