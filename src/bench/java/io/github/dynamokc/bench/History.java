package io.github.dynamokc.bench;

import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.offset.ShardOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listing of a big stream: lineages that have rolled over every four hours for the 24 that the
 * stream keeps, so that each has one open shard, or two where it has split, behind its closed ones.
 */
final class History {
  private static final int GENERATIONS = 7;
  private static final int EVERY_NTH_SPLITS = 20;
  private static final int SPLIT_AT = 4;
  private static final int EVERY_NTH_IS_BEHIND = 10;
  private static final int BEHIND_AT = 3;

  /** How much of the history is committed. */
  enum Offsets {
    /** The connector has not read anything yet. */
    NONE,
    /** All open shards are read; only the last closed ones still have their offsets. */
    RETIRED,
    /** All open shards are read, and no offset was retired. */
    ALL,
    /** As with ALL, but a tenth of the lineages are stuck in the middle. */
    BEHIND
  }

  private final Offsets offsets;
  private final List<ObservedShard> shards = new ArrayList<>();

  private History(Offsets offsets) {
    this.offsets = offsets;
  }

  static List<ObservedShard> listing(int size, Offsets offsets) {
    History history = new History(offsets);
    for (int lineage = 0; history.shards.size() < size; lineage++) {
      history.grow(lineage, 0, null);
    }
    return history.shards;
  }

  private void grow(int lineage, int generation, @Nullable String parent) {
    boolean open = generation == GENERATIONS - 1;
    String id = "shardId-%011d%09d-%08x".formatted(generation, shards.size(), shards.size());
    shards.add(
        shard(id, parent, open ? null : number(generation), offset(lineage, generation, open)));
    if (!open) {
      grow(lineage, generation + 1, id);
      if (generation == SPLIT_AT && lineage % EVERY_NTH_SPLITS == 0) {
        grow(lineage, generation + 1, id);
      }
    }
  }

  private @Nullable ShardOffset offset(int lineage, int generation, boolean open) {
    boolean behind = offsets == Offsets.BEHIND && lineage % EVERY_NTH_IS_BEHIND == 0;
    if (offsets == Offsets.NONE
        || (offsets == Offsets.RETIRED && generation < GENERATIONS - 2)
        || (behind && generation > BEHIND_AT)) {
      return null;
    }
    return open || (behind && generation == BEHIND_AT)
        ? new ShardOffset.Read(number(generation), 7, 1, null)
        : new ShardOffset.Finished(number(generation), 7, 1, 1, null);
  }

  private static String number(int generation) {
    return "%021d".formatted(1000 + generation);
  }

  /** The one place that knows what the planner is told of a shard. */
  private static ObservedShard shard(
      String id, @Nullable String parent, @Nullable String ending, @Nullable ShardOffset offset) {
    return new ObservedShard(id, parent, ending, offset, false);
  }
}
