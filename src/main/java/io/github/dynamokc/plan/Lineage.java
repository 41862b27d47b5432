package io.github.dynamokc.plan;

import io.github.dynamokc.offset.ShardOffset;
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
  private final Set<String> withDescendantFact = new HashSet<>();

  Lineage(Collection<ObservedShard> listing) {
    for (ObservedShard shard : listing) {
      byId.put(shard.id(), shard);
    }
    for (ObservedShard shard : listing) {
      if (shard.fact() != null) {
        ObservedShard ancestor = parentOf(shard);
        while (ancestor != null && withDescendantFact.add(ancestor.id())) {
          ancestor = parentOf(ancestor);
        }
      }
    }
  }

  /**
   * Whether nothing is left to read of a shard: it is marked so, or a descendant has a fact, which
   * invariant A allows only after the shard's last record was acknowledged.
   */
  boolean isDone(ObservedShard shard) {
    return shard.fact() instanceof ShardOffset.Finished || withDescendantFact.contains(shard.id());
  }

  /**
   * The unfinished shards whose ancestors are all done, ordered by id. Looking at the parent is
   * enough: if it is done, it or a descendant has a fact, and so everything above it is done.
   */
  List<ObservedShard> frontier() {
    return byId.values().stream()
        .filter(shard -> !isDone(shard) && parentDone(shard))
        .sorted(Comparator.comparing(ObservedShard::id))
        .toList();
  }

  private boolean parentDone(ObservedShard shard) {
    ObservedShard parent = parentOf(shard);
    return parent == null || isDone(parent);
  }

  private @Nullable ObservedShard parentOf(ObservedShard shard) {
    String parent = shard.parent();
    return parent == null ? null : byId.get(parent);
  }
}
