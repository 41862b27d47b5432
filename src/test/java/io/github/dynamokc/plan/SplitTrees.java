package io.github.dynamokc.plan;

import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.offset.ShardOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/**
 * Listings of streams as they come about: shards that roll over or split, read by a connector that
 * keeps invariant A (no child has an offset before its parent was read to its end), and forgotten
 * from the front. A parent's end may lack its own offset, as a crash may leave it.
 */
final class SplitTrees {
  private SplitTrees() {}

  static Arbitrary<List<ObservedShard>> listings() {
    return Arbitraries.longs().map(seed -> grow(new Random(seed)));
  }

  private static List<ObservedShard> grow(Random random) {
    int size = random.nextInt(60);
    List<ObservedShard> shards = new ArrayList<>();
    Map<String, Integer> children = new HashMap<>();
    Map<String, Boolean> readToEnd = new HashMap<>();
    for (int i = 0; i < size; i++) {
      String id = "shardId-%05d".formatted(i);
      ObservedShard parent = parent(random, shards, children);
      boolean reachable = parent == null || readToEnd.getOrDefault(parent.id(), false);
      ShardOffset offset = reachable ? offset(random, id) : null;
      boolean closed = random.nextInt(3) > 0;
      boolean ended =
          reachable && closed && (offset instanceof ShardOffset.Finished || random.nextInt(4) == 0);
      readToEnd.put(id, ended);
      shards.add(
          new ObservedShard(
              id, parent == null ? null : parent.id(), closed ? "9" + i : null, offset, false));
      if (parent != null) {
        children.merge(parent.id(), 1, Integer::sum);
      }
    }
    return shards.subList(random.nextInt(size + 1) / 4, size);
  }

  private static @Nullable ObservedShard parent(
      Random random, List<ObservedShard> shards, Map<String, Integer> children) {
    List<ObservedShard> candidates =
        shards.stream()
            .filter(s -> s.endingSequence() != null && children.getOrDefault(s.id(), 0) < 2)
            .toList();
    return candidates.isEmpty() || random.nextInt(4) == 0
        ? null
        : candidates.get(random.nextInt(candidates.size()));
  }

  private static @Nullable ShardOffset offset(Random random, String id) {
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> new ShardOffset.Started(7, 1, null);
      case 2 -> new ShardOffset.Read("123", 7, 1, null);
      default -> new ShardOffset.Finished("124", 7, 1, 1, null);
    };
  }
}
