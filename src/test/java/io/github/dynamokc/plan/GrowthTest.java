package io.github.dynamokc.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.offset.ShardOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A table that grows is spread over the tasks it can use, with few restarts on the way. */
class GrowthTest {
  private static final int MAX_TASKS = 50;
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final StandingPlan standing = new StandingPlan(MAX_TASKS, Duration.ZERO, null);
  private final Table table = new Table(2);

  @Test
  void aTableThatGrewIsSpreadOverAllTasks() {
    Plan first = standing.update(List.of(table.observe()), 0);
    assertThat(first).isNotNull().extracting(plan -> plan.tasks().size()).isEqualTo(2);
    table.splitUpTo(2_000);
    assertThat(standing.update(List.of(table.observe()), 0)).isNull();
    assertThat(standing.update(List.of(table.observe()), 9 * MINUTE)).as("patience").isNull();
    Plan grown = standing.update(List.of(table.observe()), 10 * MINUTE);

    assertThat(grown).isNotNull().extracting(plan -> plan.tasks().size()).isEqualTo(MAX_TASKS);
    assertThat(grown.openShards(List.of(table.observe()))).allMatch(open -> open == 40);
    assertThat(standing.update(List.of(table.observe()), 30 * MINUTE)).isNull();
  }

  @Test
  void aLineageThatSplitsALittleRestartsNobody() {
    standing.update(List.of(table.observe()), 0);
    table.splitUpTo(16);
    for (int minute = 0; minute < 60; minute++) {
      assertThat(standing.update(List.of(table.observe()), minute * MINUTE)).isNull();
    }
  }

  /**
   * Five days from 2 to 2,000 shards, and five more at that size: about as many plans as orders.
   */
  @Test
  void daysOfGrowthTakeFewPlans() {
    List<Integer> plans = new ArrayList<>();
    Random random = new Random(7);
    Plan inForce = null;
    int longestAtEnd = 0;
    for (int minute = 0; minute < 10 * 24 * 60; minute += 5) {
      double days = minute / (24.0 * 60);
      if (minute % 240 == 0) {
        table.rollOver();
        table.splitUpTo((int) (2 * Math.pow(1_000, Math.min(1, days / 5))), random);
      }
      ObservedTable observed = table.observe();
      Plan plan = standing.update(List.of(observed), minute * MINUTE);
      if (plan != null) {
        plans.add(plan.tasks().size());
        inForce = plan;
        table.adopt(plan);
      }
      if (inForce != null) {
        longestAtEnd = Collections.max(inForce.openShards(List.of(observed)));
      }
    }

    assertThat(plans).as("tasks of each plan").hasSizeLessThanOrEqualTo(8).last().isEqualTo(50);
    assertThat(longestAtEnd).as("of 40 on average").isLessThan(90);
  }

  /**
   * A stream whose readers are never behind. The listing has a day of closed shards, and offsets of
   * the open ones only.
   */
  private static final class Table {
    private static final int LISTED_GENERATIONS = 6;

    private final List<Open> open = new ArrayList<>();
    private final List<List<ObservedShard>> closed = new ArrayList<>();
    private int next;

    private record Open(String id, @Nullable String parent, String lineage) {}

    Table(int shards) {
      for (int i = 0; i < shards; i++) {
        String id = nextId();
        open.add(new Open(id, null, id));
      }
      closed.add(new ArrayList<>());
    }

    /** Each shard goes on in one child. */
    void rollOver() {
      List<Open> before = List.copyOf(open);
      open.clear();
      closed.add(new ArrayList<>());
      if (closed.size() > LISTED_GENERATIONS) {
        closed.remove(0);
      }
      for (Open shard : before) {
        close(shard, 1);
      }
    }

    void splitUpTo(int shards) {
      while (open.size() < shards) {
        close(open.remove(0), 2);
      }
    }

    /** Part of the table's keys grow faster than the others. */
    void splitUpTo(int shards, Random random) {
      while (open.size() < shards) {
        int from = random.nextInt(3) == 0 ? 0 : open.size() / 2;
        close(open.remove(from + random.nextInt(open.size() - from)), 2);
      }
    }

    private void close(Open shard, int children) {
      closed
          .get(closed.size() - 1)
          .add(new ObservedShard(shard.id(), shard.parent(), "9", null, false));
      for (int i = 0; i < children; i++) {
        open.add(new Open(nextId(), shard.id(), shard.lineage()));
      }
    }

    /** Offsets name the shard that the task was given. */
    void adopt(Plan plan) {
      Set<String> given = new HashSet<>();
      for (TaskAssignment task : plan.tasks()) {
        for (TableWork work : task.work()) {
          ((TableWork.ReadShards) work).shards().forEach(shard -> given.add(shard.id()));
        }
      }
      open.replaceAll(
          shard ->
              given.contains(shard.id())
                  ? new Open(shard.id(), shard.parent(), shard.id())
                  : shard);
    }

    ObservedTable observe() {
      List<ObservedShard> listing = new ArrayList<>();
      closed.forEach(listing::addAll);
      for (Open shard : open) {
        listing.add(
            new ObservedShard(
                shard.id(),
                shard.parent(),
                null,
                new ShardOffset.Read("1", 7, 1, shard.lineage()),
                false));
      }
      return new ObservedTable.Streaming("orders", "stream", listing, false, null);
    }

    private String nextId() {
      return "shardId-%08d".formatted(next++);
    }
  }
}
