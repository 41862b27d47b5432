package io.github.dynamokc.plan;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the shares of the tasks have become so uneven that even shares are worth a restart
 * of all tasks: one task has read more than twice as many open shards as the average, plus a
 * margin, for ten minutes, and another plan would be better. Shards below one unfinished shard
 * belong to one task, so such a lineage alone never causes another plan.
 */
public final class RebalancePolicy {
  private static final int MARGIN = 10;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private @Nullable Long sinceMs;

  /**
   * To be asked at every observation.
   *
   * @param plan the plan in force, which stands
   * @param replanned what would be planned now
   * @param nowMs epoch ms
   * @return whether to go over to {@code replanned}
   */
  public boolean shouldRebalance(
      Plan plan, Plan replanned, List<ObservedTable> tables, long nowMs) {
    List<Integer> open = plan.openShards(tables);
    if (!isUneven(open) || longest(replanned.openShards(tables)) * 4L > longest(open) * 3L) {
      sinceMs = null;
      return false;
    }
    Long since = sinceMs;
    if (since == null) {
      sinceMs = nowMs;
      return false;
    }
    if (nowMs - since < PATIENCE.toMillis()) {
      return false;
    }
    sinceMs = null;
    return true;
  }

  private static boolean isUneven(List<Integer> open) {
    long sum = open.stream().mapToLong(Integer::longValue).sum();
    return longest(open) > 2.0 * sum / open.size() + MARGIN;
  }

  private static int longest(List<Integer> open) {
    return Collections.max(open);
  }
}
