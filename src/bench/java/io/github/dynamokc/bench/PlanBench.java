package io.github.dynamokc.bench;

import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.plan.Plan;
import io.github.dynamokc.plan.Planner;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** How long planning takes for a stream of very many shards. */
final class PlanBench implements Benchmark {
  private static final int WARM_UP = 5;
  private static final int RUNS = 11;
  private static final int[] MAX_TASKS = {1, 100};

  private final int shards = Settings.number("bench.plan.shards", 100_000);

  @Override
  public void run(Lab lab) {
    lab.title("plan: %,d shards, 24 h of history, median of %d runs", shards, RUNS);
    List<ObservedTable> beginning = observed(History.Offsets.NONE);
    for (int maxTasks : MAX_TASKS) {
      Plan first = Planner.plan(beginning, maxTasks);
      for (History.Offsets offsets : History.Offsets.values()) {
        List<ObservedTable> tables = observed(offsets);
        lab.line(
            "offsets %-8s %,4d task(s)   plan %s   stands %s   the first plan still stands %s",
            offsets,
            maxTasks,
            median(() -> Planner.plan(tables, maxTasks)),
            stands(Planner.plan(tables, maxTasks), tables),
            stands(first, tables));
      }
    }
  }

  private List<ObservedTable> observed(History.Offsets offsets) {
    return List.of(
        new ObservedTable.Streaming(
            "table", "stream", History.listing(shards, offsets), false, null));
  }

  private static String stands(Plan plan, List<ObservedTable> tables) {
    return median(
        () -> {
          if (!plan.isStillValid(tables)) {
            throw new IllegalStateException("The plan does not reach all shards");
          }
          return plan;
        });
  }

  private static String median(Supplier<Plan> work) {
    for (int i = 0; i < WARM_UP; i++) {
      work.get();
    }
    return "%5.0f ms"
        .formatted(
            IntStream.range(0, RUNS)
                    .mapToLong(
                        i -> {
                          long start = System.nanoTime();
                          work.get();
                          return System.nanoTime() - start;
                        })
                    .sorted()
                    .skip(RUNS / 2)
                    .findFirst()
                    .orElseThrow()
                / 1e6);
  }
}
