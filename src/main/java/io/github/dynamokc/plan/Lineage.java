package io.github.dynamokc.plan;

import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.plan.TableWork.Inheritance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parent-child relation of a listing, and what the facts say of it. A shard whose parent is not
 * listed any more is a root: the parent was trimmed, after 24 hours.
 *
 * <p>A shard is <em>read</em> if it is marked so, or if a descendant has a fact, which invariant A
 * allows only after the shard's last record was acknowledged. It is <em>settled</em>, that is
 * nobody's work any more, if besides
 *
 * <ul>
 *   <li>a child of it is listed. A listing may lag behind by minutes; until it shows a child,
 *       somebody has to look for it.
 *   <li>its own end is committed, or all its children have facts or are settled. Otherwise a crash
 *       took the end's fact, and with it the version that a child without a fact starts from: the
 *       shard is gone through once more, without a record, to learn it.
 * </ul>
 */
final class Lineage {
  private final Map<String, ObservedShard> byId = new HashMap<>();
  private final Map<String, List<ObservedShard>> children = new HashMap<>();
  private final Set<String> withDescendantFact = new HashSet<>();

  Lineage(Collection<ObservedShard> listing) {
    for (ObservedShard shard : listing) {
      byId.put(shard.id(), shard);
    }
    for (ObservedShard shard : listing) {
      if (shard.parent() != null) {
        children.computeIfAbsent(shard.parent(), id -> new ArrayList<>()).add(shard);
      }
      if (shard.fact() != null) {
        ObservedShard ancestor = parentOf(shard);
        while (ancestor != null && withDescendantFact.add(ancestor.id())) {
          ancestor = parentOf(ancestor);
        }
      }
    }
  }

  boolean isSettled(ObservedShard shard) {
    List<ObservedShard> ofShard = children.getOrDefault(shard.id(), List.of());
    if (ofShard.isEmpty() || !isRead(shard)) {
      return false;
    }
    return shard.fact() instanceof ShardOffset.Finished
        || ofShard.stream().allMatch(child -> child.fact() != null || isSettled(child));
  }

  /** The shards to start at: not settled, with ancestors that all are, ordered by id. */
  List<ObservedShard> frontier() {
    return byId.values().stream()
        .filter(shard -> !isSettled(shard) && ancestorsSettled(shard))
        .sorted(Comparator.comparing(ObservedShard::id))
        .toList();
  }

  /**
   * Whether every unsettled shard is among {@code assigned} or descends from one that is. A shard
   * that is overdue was missed by the task that read its parent (listings may show the second child
   * of a split late) and counts only if it is assigned itself.
   */
  boolean allReachedFrom(Set<String> assigned) {
    return byId.values().stream()
        .filter(shard -> !isSettled(shard))
        .allMatch(
            shard ->
                assigned.contains(shard.id())
                    || (!shard.overdue() && anAncestorIsIn(assigned, shard)));
  }

  private boolean anAncestorIsIn(Set<String> assigned, ObservedShard shard) {
    for (ObservedShard ancestor = parentOf(shard);
        ancestor != null;
        ancestor = parentOf(ancestor)) {
      if (assigned.contains(ancestor.id())) {
        return true;
      }
    }
    return false;
  }

  /** What a shard takes over from its parent; null if the parent's end is not known. */
  @Nullable Inheritance inheritance(ObservedShard shard) {
    ObservedShard parent = parentOf(shard);
    return parent != null && parent.fact() instanceof ShardOffset.Finished finished
        ? new Inheritance(finished.version(), finished.at())
        : null;
  }

  private boolean isRead(ObservedShard shard) {
    return shard.fact() instanceof ShardOffset.Finished || withDescendantFact.contains(shard.id());
  }

  /** All of them: below a shard that is gone through once more, others may be settled. */
  private boolean ancestorsSettled(ObservedShard shard) {
    for (ObservedShard ancestor = parentOf(shard);
        ancestor != null;
        ancestor = parentOf(ancestor)) {
      if (!isSettled(ancestor)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable ObservedShard parentOf(ObservedShard shard) {
    String parent = shard.parent();
    return parent == null ? null : byId.get(parent);
  }
}
