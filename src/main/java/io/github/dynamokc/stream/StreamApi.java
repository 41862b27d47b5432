package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Shard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The four questions the connector asks of a DynamoDB stream. One try each, no waiting.
 * Thread-safe.
 *
 * <p>All throw {@link StreamApiException}, whose kind says what can be done.
 */
public interface StreamApi {
  /**
   * One page of the listing of shards.
   *
   * @param afterShard the last shard of the page before, null for the first page
   */
  ShardPage list(String streamArn, @Nullable String afterShard);

  /** The children of a shard that the listing shows by now; it may lag behind by minutes. */
  List<Shard> children(String streamArn, String parent);

  /** A place to read on from; good for 15 minutes. */
  String iterator(String streamArn, String shardId, ShardPosition position);

  /**
   * What stands at an iterator.
   *
   * @param streamArn and {@code shardId}, for messages: what the iterator is of
   */
  RecordsPage records(String streamArn, String shardId, String iterator);
}
