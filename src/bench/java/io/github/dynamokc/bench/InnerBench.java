package io.github.dynamokc.bench;

import io.github.dynamokc.export.DataFileBenchmark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * How fast the bytes of a data file become records on one thread, over how fast they can be read at
 * all. JMH measures; each round runs every side in a JVM of its own, so that a slow minute of the
 * machine hits all of them.
 */
final class InnerBench implements Benchmark {
  private static final String ALLOCATED = "gc.alloc.rate.norm";
  private static final int WARM_UP = 10;
  private static final int ITERATIONS = 10;

  /** So small that each iteration has its share of collections. */
  private static final List<String> HEAP = List.of("-Xms256m", "-Xmx256m", "-XX:+UseG1GC");

  /** Other forms of the value than plain JSON. */
  private static final List<String> FORMS = List.of("dynamoDbJson", "columns", "attributes");

  private final int rounds = Settings.number("bench.inner.rounds", 5);
  private final int iterationMs = Settings.number("bench.inner.iteration.ms", 500);

  /**
   * One side in one round.
   *
   * @param micros for the whole file, in the fastest iteration: disturbance only ever slows
   * @param allocated bytes for the whole file
   */
  private record Side(double micros, double allocated) {}

  @Override
  public void run(Lab lab) {
    long text = 0;
    for (int i = 0; i < DataFileBenchmark.ITEMS; i++) {
      text += ExportItems.line(i).getBytes(StandardCharsets.UTF_8).length;
    }
    int gzip = ExportItems.gzip(0, DataFileBenchmark.ITEMS).length;
    lab.title(
        "inner: %,d items of %,d bytes, gzip 1:%.1f, %d rounds",
        DataFileBenchmark.ITEMS, text / DataFileBenchmark.ITEMS, (double) text / gzip, rounds);
    List<Side> connector = new ArrayList<>();
    Map<String, List<Side>> forms = new TreeMap<>();
    List<Side> tokens = new ArrayList<>();
    List<Side> tree = new ArrayList<>();
    List<Side> gunzip = new ArrayList<>();
    List<Side> platform = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      connector.add(measure("connector"));
      for (String form : FORMS) {
        forms.computeIfAbsent(form, name -> new ArrayList<>()).add(measure(form));
      }
      tokens.add(measure("tokens"));
      tree.add(measure("tree"));
      gunzip.add(measure("gunzip"));
      platform.add(measure("platformGunzip"));
    }
    show(lab, "connector", connector, text);
    show(lab, "gunzip and token scan", tokens, text);
    show(lab, "tree and serialise", tree, text);
    for (Map.Entry<String, List<Side>> form : forms.entrySet()) {
      show(lab, form.getKey(), form.getValue(), text);
    }
    show(lab, "gunzip", gunzip, text);
    show(lab, "the platform's", platform, text);
    showRatio(lab, "gunzip", "platform's", gunzip, platform);
    showRatio(lab, "connector", "token scan", connector, tokens);
    showRatio(lab, "connector", "tree", connector, tree);
    forms.forEach((form, sides) -> showRatio(lab, form, "connector", sides, connector));
  }

  private Side measure(String method) {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include("^" + DataFileBenchmark.class.getName() + "\\." + method + "$")
        .forks(1)
        .threads(1)
        .warmupIterations(WARM_UP)
        .warmupTime(TimeValue.milliseconds(iterationMs))
        .measurementIterations(ITERATIONS)
        .measurementTime(TimeValue.milliseconds(iterationMs))
        .jvmArgs(HEAP.toArray(String[]::new))
        .addProfiler(GCProfiler.class)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
    try {
      Collection<RunResult> results = new Runner(options.build()).run();
      RunResult result = results.iterator().next();
      return new Side(
          result.getPrimaryResult().getStatistics().getMin(),
          result.getSecondaryResults().get(ALLOCATED).getScore());
    } catch (RunnerException e) {
      throw new IllegalStateException("JMH cannot run " + method, e);
    }
  }

  private static void show(Lab lab, String name, List<Side> rounds, long textBytes) {
    lab.line(
        "%-22s %4.0f MB/s, %,.0f bytes allocated per item",
        name,
        textBytes / Median.of(rounds.stream().map(Side::micros).toList()),
        Median.of(rounds.stream().map(Side::allocated).toList()) / DataFileBenchmark.ITEMS);
  }

  private static void showRatio(
      Lab lab, String name, String over, List<Side> rounds, List<Side> other) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < rounds.size(); round++) {
      ratios.add(other.get(round).micros() / rounds.get(round).micros());
    }
    lab.line(
        "%-12s over %-12s %.2f (%s)",
        name,
        over,
        Median.of(ratios),
        ratios.stream().map("%.2f"::formatted).collect(Collectors.joining(" ")));
  }
}
