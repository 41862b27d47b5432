package io.github.dynamokc.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.offset.ShardOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When uneven shares are worth a restart of all tasks. */
class RebalancePolicyTest {
  private static final int TASKS = 4;
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final RebalancePolicy policy = new RebalancePolicy();
  private final List<ObservedShard> shards = new ArrayList<>();

  @Test
  void aLastingImbalanceOfOpenShardsCallsForAPlanOnce() {
    Plan plan = planOfRoots(8);
    split("0", 60);

    assertThat(shouldRebalance(plan, 0)).isFalse();
    assertThat(shouldRebalance(plan, 9)).isFalse();
    assertThat(shouldRebalance(plan, 10)).isTrue();
    Plan even = Planner.plan(List.of(table()), TASKS);
    assertThat(shouldRebalance(even, 11)).isFalse();
    assertThat(shouldRebalance(even, 30)).isFalse();
  }

  @Test
  void aPassingImbalanceCallsForNoPlan() {
    Plan plan = planOfRoots(8);
    List<ObservedShard> before = List.copyOf(shards);
    split("0", 60);
    assertThat(shouldRebalance(plan, 0)).isFalse();
    List<ObservedShard> uneven = List.copyOf(shards);
    shards.clear();
    shards.addAll(before);
    assertThat(shouldRebalance(plan, 5)).isFalse();
    shards.clear();
    shards.addAll(uneven);

    assertThat(shouldRebalance(plan, 10)).isFalse();
    assertThat(shouldRebalance(plan, 19)).isFalse();
    assertThat(shouldRebalance(plan, 20)).isTrue();
  }

  @Test
  void fewShardsAreNeverWorthARestart() {
    Plan plan = planOfRoots(8);
    split("0", 12);

    assertThat(shouldRebalance(plan, 0)).isFalse();
    assertThat(shouldRebalance(plan, 100)).isFalse();
  }

  /** Below one unfinished shard lies work of one task, however it is planned. */
  @Test
  void anIndivisibleLoadCallsForNoPlan() {
    Plan plan = planOfRoots(8);
    shards.set(0, shard("root-0", null, null));
    for (int i = 0; i < 60; i++) {
      shards.add(shard("child-%02d".formatted(i), "root-0", null));
    }

    assertThat(shouldRebalance(plan, 0)).isFalse();
    assertThat(shouldRebalance(plan, 100)).isFalse();
  }

  private Plan planOfRoots(int roots) {
    for (int i = 0; i < roots; i++) {
      shards.add(shard("root-" + i, null, null));
    }
    return Planner.plan(List.of(table()), TASKS);
  }

  /** A root that is read to its end, with so many open children. */
  private void split(String root, int children) {
    String id = "root-" + root;
    shards.replaceAll(
        s -> s.id().equals(id) ? shard(id, null, new ShardOffset.Finished("4", 1, 1, 1, id)) : s);
    for (int i = 0; i < children; i++) {
      shards.add(shard("child-%02d".formatted(i), id, new ShardOffset.Started(1, 1, id)));
    }
  }

  private boolean shouldRebalance(Plan plan, int minute) {
    List<ObservedTable> tables = List.of(table());
    Plan replanned = Planner.plan(tables, TASKS);
    return policy.shouldRebalance(
        plan.openShards(tables),
        replanned.tasks().size(),
        () -> replanned.openShards(tables),
        minute * MINUTE);
  }

  private ObservedTable table() {
    return new ObservedTable.Streaming("table", "stream", shards, false, null);
  }

  private static ObservedShard shard(
      String id, @Nullable String parent, @Nullable ShardOffset offset) {
    String ending = offset instanceof ShardOffset.Finished ? "5" : null;
    return new ObservedShard(id, parent, ending, offset, false);
  }
}
