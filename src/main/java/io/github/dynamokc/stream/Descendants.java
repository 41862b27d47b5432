package io.github.dynamokc.stream;

import io.github.dynamokc.offset.ShardOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is committed of the shards below another one. */
final class Descendants {
  private Descendants() {}

  /** The facts of those shards that have one, by shard id. */
  static Map<String, ShardOffset> facts(StreamSource source, List<Shard> shards) {
    return shards.isEmpty()
        ? Map.of()
        : source
            .facts()
            .shards(source.table(), source.streamArn(), shards.stream().map(Shard::id).toList());
  }

  /**
   * The facts nearest below a shard: those of its children, or of theirs where one has none, as a
   * crash may have taken the facts of a whole line but for its last.
   */
  static List<ShardOffset> factsBelow(StreamSource source, String shardId) {
    List<Shard> children = source.api().children(source.streamArn(), shardId);
    Map<String, ShardOffset> facts = facts(source, children);
    List<ShardOffset> below = new ArrayList<>(facts.values());
    for (Shard child : children) {
      if (!facts.containsKey(child.id())) {
        below.addAll(factsBelow(source, child.id()));
      }
    }
    return below;
  }
}
