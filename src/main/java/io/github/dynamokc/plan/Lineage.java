package io.github.dynamokc.plan;

import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.plan.TableWork.Inheritance;
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
 */
final class Lineage {
  private final Map<String, ObservedShard> byId = new HashMap<>();
  private final Set<String> withChild = new HashSet<>();
  private final Set<String> withDescendantFact = new HashSet<>();
  private final Map<String, Long> latestVersion = new HashMap<>();

  Lineage(Collection<ObservedShard> listing) {
    for (ObservedShard shard : listing) {
      byId.put(shard.id(), shard);
    }
    for (ObservedShard shard : listing) {
      if (shard.parent() != null) {
        withChild.add(shard.parent());
      }
      if (shard.fact() != null) {
        latestVersion.merge(shard.id(), shard.fact().version(), Math::max);
        for (ObservedShard ancestor = parentOf(shard);
            ancestor != null;
            ancestor = parentOf(ancestor)) {
          withDescendantFact.add(ancestor.id());
          latestVersion.merge(ancestor.id(), shard.fact().version(), Math::max);
        }
      }
    }
  }

  /**
   * Whether nothing is left to read of a shard: it is marked so, or a descendant has a fact, which
   * invariant A allows only after the shard's last record was acknowledged.
   */
  boolean isRead(ObservedShard shard) {
    return shard.fact() instanceof ShardOffset.Finished || withDescendantFact.contains(shard.id());
  }

  /**
   * Whether a shard is nobody's work any more: it is read, and its children are listed. A listing
   * may lag behind by minutes; until it shows a child, somebody has to look for it.
   */
  boolean isDone(ObservedShard shard) {
    return isRead(shard) && withChild.contains(shard.id());
  }

  /**
   * The unfinished shards whose ancestors are all done, ordered by id. Looking at the parent is
   * enough: if it is done, it or a descendant has a fact, and so everything above it is done.
   */
  List<ObservedShard> frontier() {
    return byId.values().stream()
        .filter(shard -> !isDone(shard) && parentRead(shard))
        .sorted(Comparator.comparing(ObservedShard::id))
        .toList();
  }

  /**
   * What a shard takes over from its parent. The parent's own last fact may have been lost in a
   * crash while one of another child was committed, so everything known below the parent counts: a
   * version that is too high does no harm, one that goes back does.
   */
  @Nullable Inheritance inheritance(ObservedShard shard) {
    ObservedShard parent = parentOf(shard);
    if (parent == null) {
      return null;
    }
    long readAt = parent.fact() instanceof ShardOffset.Finished finished ? finished.at() : 0;
    return new Inheritance(latestVersion.getOrDefault(parent.id(), 0L), readAt);
  }

  private boolean parentRead(ObservedShard shard) {
    ObservedShard parent = parentOf(shard);
    return parent == null || isRead(parent);
  }

  private @Nullable ObservedShard parentOf(ObservedShard shard) {
    String parent = shard.parent();
    return parent == null ? null : byId.get(parent);
  }
}
