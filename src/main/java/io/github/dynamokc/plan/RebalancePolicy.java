package io.github.dynamokc.plan;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the shares of the tasks are worth a restart of all tasks, because they have become
 * uneven, or because a table that grew could be spread over more tasks. One task has read more open
 * shards than each task of another plan would have on average, for ten minutes: a third more (and a
 * margin) if that plan has a third more tasks, else twice as many (and the margin); and the longest
 * share of that plan is at most three quarters of today's. So each growth that causes a plan is one
 * by a third at least, and few plans lie between two tasks and many.
 *
 * <p>Shards below one unfinished shard belong to one task, so such a lineage alone never causes
 * another plan.
 */
final class RebalancePolicy {
  private static final int MARGIN = 10;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Another plan costs more than to see that shares are uneven. */
  private static final Duration BETWEEN_COMPARISONS = Duration.ofMinutes(1);

  private @Nullable Long sinceMs;
  private @Nullable Long comparedAtMs;

  /**
   * To be asked at every observation.
   *
   * @param open how many open shards each task has by now
   * @param tasks how many tasks another plan would have
   * @param replanned how many open shards each of them would have; asked for only if it counts
   * @param nowMs epoch ms
   * @return whether to go over to the other plan
   */
  boolean shouldRebalance(
      List<Integer> open, int tasks, Supplier<List<Integer>> replanned, long nowMs) {
    if (!isUneven(open, tasks)) {
      sinceMs = null;
      return false;
    }
    Long since = sinceMs;
    boolean longEnough = since != null && nowMs - since >= PATIENCE.toMillis();
    if (!longEnough && isComparedAt(nowMs)) {
      return false;
    }
    comparedAtMs = nowMs;
    if (longest(replanned.get()) * 4L > longest(open) * 3L) {
      sinceMs = null;
      return false;
    }
    sinceMs = longEnough ? null : since == null ? Long.valueOf(nowMs) : since;
    return longEnough;
  }

  private boolean isComparedAt(long nowMs) {
    Long compared = comparedAtMs;
    return compared != null
        && nowMs >= compared
        && nowMs - compared < BETWEEN_COMPARISONS.toMillis();
  }

  private static boolean isUneven(List<Integer> open, int tasks) {
    double average = open.stream().mapToLong(Integer::longValue).sum() / (double) tasks;
    boolean grown = tasks * 3L >= open.size() * 4L;
    return longest(open) > (grown ? average * 4 / 3 : average * 2) + MARGIN;
  }

  private static int longest(List<Integer> open) {
    return open.isEmpty() ? 0 : Collections.max(open);
  }
}
