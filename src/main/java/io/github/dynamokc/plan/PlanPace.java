package io.github.dynamokc.plan;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How soon a plan may follow another one: each restarts all tasks of the connector. News of several
 * tables are gathered, so that the tasks restart at most once in {@code
 * tables.restart.interval.ms}; a table that moves alone does not wait. For one thread.
 */
final class PlanPace {
  private final Duration interval;

  /** Epoch ms; null before the first plan. */
  private @Nullable Long plannedAtMs;

  /** The tables that the latest plan was made for. */
  private Set<String> planned = Set.of();

  PlanPace(Duration interval) {
    this.interval = interval;
  }

  /**
   * How long another plan has to wait, in milliseconds.
   *
   * @param concerned the tables that it would be for, and those that will soon want one
   * @param nowMs epoch ms
   */
  long waitMs(Set<String> concerned, long nowMs) {
    if (plannedAtMs == null) {
      return 0;
    }
    Set<String> all = new HashSet<>(concerned);
    all.addAll(planned);
    long left = plannedAtMs + interval.toMillis() - nowMs;
    // A clock that is set back makes nobody wait for it.
    return all.size() <= 1 || left > interval.toMillis() ? 0 : Math.max(0, left);
  }

  /** A plan is made for these tables. */
  void planned(Set<String> concerned, long nowMs) {
    plannedAtMs = nowMs;
    planned = Set.copyOf(concerned);
  }
}
