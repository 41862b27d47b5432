package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Shard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a stream's listing.
 *
 * @param lastShard where the next page goes on, null if this is the last
 * @param enabled whether the stream still takes changes in, so that a closed shard gets children
 */
public record ShardPage(List<Shard> shards, @Nullable String lastShard, boolean enabled) {
  public ShardPage {
    shards = List.copyOf(shards);
  }
}
