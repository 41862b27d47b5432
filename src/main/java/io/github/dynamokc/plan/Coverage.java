package io.github.dynamokc.plan;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The shards that a plan in force reaches: those it assigned, and every shard seen since that
 * descends from one of them. Kept from listing to listing, as a listing forgets a shard after 24
 * hours while its descendants go on.
 */
final class Coverage {
  private final Set<String> assigned;
  private Set<String> reached;

  /** What a plan reaches at first: the shards that it assigns. */
  Coverage(Collection<String> assigned) {
    this.assigned = Set.copyOf(assigned);
    reached = new HashSet<>(assigned);
  }

  /** Adds the descendants that a listing shows, and forgets what it does not list any more. */
  void observe(Collection<ObservedShard> listing) {
    Map<String, ObservedShard> byId = new HashMap<>();
    for (ObservedShard shard : listing) {
      byId.put(shard.id(), shard);
    }
    Set<String> now = new HashSet<>();
    for (ObservedShard shard : listing) {
      ObservedShard ancestor = shard;
      boolean covered = reached.contains(shard.id());
      while (!covered && ancestor != null && ancestor.parent() != null) {
        covered = reached.contains(ancestor.parent());
        ancestor = byId.get(ancestor.parent());
      }
      if (covered) {
        now.add(shard.id());
      }
    }
    if (!listing.isEmpty()) {
      reached = now;
    }
  }

  /** What both assign. */
  Coverage plus(Coverage other) {
    Set<String> both = new HashSet<>(assigned);
    both.addAll(other.assigned);
    return new Coverage(both);
  }

  /**
   * Whether the plan's tasks read a shard, or will. One that is overdue is taken for missed by the
   * task that read its parent (listings may show the second child of a split late), unless the plan
   * names it itself.
   */
  boolean covers(ObservedShard shard) {
    return reached.contains(shard.id()) && (!shard.overdue() || assigned.contains(shard.id()));
  }
}
