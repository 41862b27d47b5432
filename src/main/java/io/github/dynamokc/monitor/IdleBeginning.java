package io.github.dynamokc.monitor;

import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.Shard;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a long listing in which nothing is to be done, so that tasks need not list it:
 * only closed shards without offsets, none of them left to be read or below one that is.
 */
final class IdleBeginning {
  /** A beginning of fewer shards costs a few calls. */
  private static final int LONG = 300;

  private IdleBeginning() {}

  /**
   * Its last shard, null if it is not worth to be known.
   *
   * @param lineage what is to be done of the listing
   */
  static @Nullable String of(List<Shard> listing, Lineage lineage) {
    Set<String> left = new HashSet<>();
    lineage.frontier().forEach(shard -> left.add(shard.id()));
    Set<String> toDo = new HashSet<>(lineage.owners(left).keySet());
    lineage.listing().stream()
        .filter(shard -> shard.offset() != null || !lineage.isSettled(shard))
        .forEach(shard -> toDo.add(shard.id()));
    int idle = 0;
    while (idle < listing.size()
        && listing.get(idle).endingSequence() != null
        && !toDo.contains(listing.get(idle).id())) {
      idle++;
    }
    return idle < LONG ? null : listing.get(idle - 1).id();
  }
}
