package io.github.dynamokc.lineage;

import io.github.dynamokc.offset.ShardOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An offset that somebody has set by hand, and other offsets against which it has no effect: a
 * shard is to be read on, but shards that descend from it have offsets, which those get only when
 * all of it is read. The same may be left by a crash, as Connect commits partitions independently.
 * But the connector names a lineage in every offset that it writes, and somebody who sets one must
 * not.
 *
 * @param unread the shard that is to be read on
 * @param below the shards that descend from it and have offsets
 * @param byHand the shard whose offset was set by hand: {@code unread} or one of {@code below}
 */
public record SetByHand(ObservedShard unread, List<ObservedShard> below, ObservedShard byHand) {

  /** The first such shard, null without one. */
  public static @Nullable SetByHand in(Lineage lineage) {
    Map<String, ObservedShard> byId = new LinkedHashMap<>();
    Stream.of(lineage.listing(), lineage.forgotten())
        .flatMap(List::stream)
        .forEach(shard -> byId.put(shard.id(), shard));
    for (ObservedShard set : byId.values()) {
      if (isByHand(set)) {
        for (ObservedShard shard = set; shard != null; shard = parentOf(shard, byId)) {
          List<ObservedShard> below = isToBeRead(shard) ? withOffsetBelow(shard, byId) : List.of();
          if (!below.isEmpty()) {
            return new SetByHand(shard, below, isByHand(shard) ? shard : set);
          }
        }
      }
    }
    return null;
  }

  private static boolean isByHand(ObservedShard shard) {
    return shard.offset() != null && shard.offset().lineage() == null;
  }

  /** What is set to be skipped is told, whatever is below it. */
  private static boolean isToBeRead(ObservedShard shard) {
    ShardOffset offset = shard.offset();
    return offset != null && offset.endedAt() == null && !(offset instanceof ShardOffset.Skipped);
  }

  private static List<ObservedShard> withOffsetBelow(
      ObservedShard shard, Map<String, ObservedShard> byId) {
    Predicate<ObservedShard> isBelow =
        other ->
            Stream.iterate(other, Objects::nonNull, next -> parentOf(next, byId))
                .anyMatch(above -> shard.id().equals(above.parent()));
    List<ObservedShard> below = new ArrayList<>();
    for (ObservedShard other : byId.values()) {
      if (other.offset() != null && isBelow.test(other)) {
        below.add(other);
      }
    }
    return below;
  }

  private static @Nullable ObservedShard parentOf(
      ObservedShard shard, Map<String, ObservedShard> byId) {
    return shard.parent() == null ? null : byId.get(shard.parent());
  }
}
