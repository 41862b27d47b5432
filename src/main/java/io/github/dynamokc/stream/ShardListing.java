package io.github.dynamokc.stream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a stream's listing.
 *
 * @param lastShard where the next page goes on, null if this is the last
 */
public record ShardListing(List<Shard> shards, @Nullable String lastShard) {
  public ShardListing {
    shards = List.copyOf(shards);
  }
}
