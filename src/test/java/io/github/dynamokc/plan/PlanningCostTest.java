package io.github.dynamokc.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.offset.ShardOffset;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What it costs to have many tables observed while nothing changes. As a program it prints the
 * share of a core that 200 tables take which are looked at every 30 s.
 */
class PlanningCostTest {
  private static final int TABLES = 200;
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  /** Each piece of news had all tables planned anew, which took minutes. */
  @Test
  void newsOfOneTableJudgesNoOther() {
    assertThat(share(70, false)).as("of a core").isLessThan(0.05);
  }

  /**
   * Prints the share with 5 and 350 listed shards a table, without changes and with progress of
   * each table at each look.
   */
  public static void main(String[] args) {
    for (int generations : new int[] {1, 70}) {
      for (boolean progress : new boolean[] {false, true}) {
        System.out.printf(
            "%d tables, %d listed shards each, %s: %.2f %% of a core%n",
            TABLES,
            5 * generations,
            progress ? "each with progress" : "no change",
            100 * share(generations, progress));
      }
    }
  }

  /**
   * @param generations how many shards follow each other in each of a table's five lineages
   */
  private static double share(int generations, boolean progress) {
    StandingPlan standing = new StandingPlan(50, Duration.ZERO, null);
    List<ObservedTable> tables = new ArrayList<>();
    for (int table = 0; table < TABLES; table++) {
      tables.add(streaming(table, generations, 0));
    }
    standing.update(tables, 0);
    long began = cpuNanos();
    int rounds = 2;
    for (int round = 1; round <= rounds; round++) {
      for (int table = 0; table < TABLES; table++) {
        if (progress) {
          tables.set(table, streaming(table, generations, round));
        }
        long nowMs = INTERVAL.toMillis() * round + table;
        assertThat(standing.update(List.copyOf(tables), nowMs)).isNull();
      }
    }
    return (cpuNanos() - began) / (double) rounds / INTERVAL.toNanos();
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static ObservedTable streaming(int table, int generations, int read) {
    List<ObservedShard> shards = new ArrayList<>();
    for (int lineage = 0; lineage < 5; lineage++) {
      String root = id(lineage, 0);
      for (int generation = 0; generation < generations; generation++) {
        boolean open = generation == generations - 1;
        shards.add(
            new ObservedShard(
                id(lineage, generation),
                generation == 0 ? null : id(lineage, generation - 1),
                open ? null : "9",
                open ? new ShardOffset.Read(Integer.toString(read), 7, 1, root) : null,
                false));
      }
    }
    return new ObservedTable.Streaming("table-" + table, "stream", shards, false, null);
  }

  private static String id(int lineage, int generation) {
    return "shardId-%d-%05d".formatted(lineage, generation);
  }
}
