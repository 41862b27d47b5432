package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.lineage.RootEvidence;
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.offset.ShardOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All the shards that a stream showed at one time; none if the stream does not exist any more. */
final class ShardListing {
  private final Map<String, Shard> byId = new HashMap<>();
  private final Map<String, List<Shard>> children = new HashMap<>();

  private final boolean enabled;

  /**
   * @param enabled whether the stream still takes changes in
   */
  ShardListing(List<Shard> shards, boolean enabled) {
    this.enabled = enabled;
    for (Shard shard : shards) {
      byId.put(shard.id(), shard);
      if (shard.parent() != null) {
        children.computeIfAbsent(shard.parent(), id -> new ArrayList<>(2)).add(shard);
      }
    }
  }

  /** Whether the stream still takes changes in, so that a closed shard gets children. */
  boolean isOfEnabledStream() {
    return enabled;
  }

  /** Whether no shard is listed: the stream is gone, or said to be. */
  boolean isEmpty() {
    return byId.isEmpty();
  }

  Set<String> ids() {
    return byId.keySet();
  }

  boolean isClosed(String shardId) {
    Shard shard = byId.get(shardId);
    return shard != null && shard.endingSequence() != null;
  }

  boolean has(String shardId) {
    return byId.containsKey(shardId);
  }

  /** The children of a shard, which need not be listed itself. */
  List<Shard> childrenOf(String shardId) {
    return children.getOrDefault(shardId, List.of());
  }

  /** The children of a shard of which nothing shows that they were read. */
  List<Shard> unreadChildrenOf(String shardId, StreamContext context) {
    Lineage below = below(shardId, context);
    Set<String> unread =
        below.listing().stream()
            .filter(shard -> shard.offset() == null && !below.isRead(shard))
            .map(ObservedShard::id)
            .collect(Collectors.toSet());
    return childrenOf(shardId).stream().filter(child -> unread.contains(child.id())).toList();
  }

  /** What is below a shard, with what is committed of it. */
  Lineage below(String shardId, StreamContext context) {
    List<Shard> below = new ArrayList<>(childrenOf(shardId));
    for (int i = 0; i < below.size(); i++) {
      below.addAll(childrenOf(below.get(i).id()));
    }
    return new Lineage(observed(below, context.offsetsOf(below.stream().map(Shard::id).toList())));
  }

  /**
   * Everything, with what is committed of it, and of parents that are not listed any more.
   *
   * @param assigned shards of which an offset counts though they are not listed any more
   * @param evidence takes this listing in, and tells what is to be left alone
   * @param nowMs epoch ms
   */
  Lineage all(List<String> assigned, StreamContext context, RootEvidence evidence, long nowMs) {
    Set<String> unlisted = new LinkedHashSet<>(assigned);
    unlisted.addAll(children.keySet());
    unlisted.removeIf(this::has);
    List<String> ids = new ArrayList<>(byId.keySet());
    ids.addAll(unlisted);
    Map<String, ShardOffset> offsets = context.offsetsOf(ids);
    List<ObservedShard> forgotten = new ArrayList<>();
    for (String id : unlisted) {
      ShardOffset offset = offsets.get(id);
      if (offset != null) {
        forgotten.add(new ObservedShard(id, null, null, offset, false));
      }
    }
    Set<String> heldBack = evidence.heldBack(List.copyOf(byId.values()), offsets, nowMs);
    return new Lineage(observed(byId.values(), offsets), forgotten, heldBack);
  }

  private static List<ObservedShard> observed(
      Iterable<Shard> shards, Map<String, ShardOffset> offsets) {
    List<ObservedShard> observed = new ArrayList<>();
    for (Shard shard : shards) {
      observed.add(observed(shard, offsets.get(shard.id())));
    }
    return observed;
  }

  static ObservedShard observed(Shard shard, @Nullable ShardOffset offset) {
    return new ObservedShard(shard.id(), shard.parent(), shard.endingSequence(), offset, false);
  }
}
