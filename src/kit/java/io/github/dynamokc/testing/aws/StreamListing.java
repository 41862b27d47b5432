package io.github.dynamokc.testing.aws;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer of DescribeStream.
 *
 * @param status ENABLED, DISABLED, ENABLING or DISABLING
 * @param lastEvaluatedShardId null on the last page
 */
public record StreamListing(
    String streamArn,
    String label,
    String tableName,
    StreamView viewType,
    String status,
    List<String> keyNames,
    List<ListedShard> shards,
    @Nullable String lastEvaluatedShardId) {
  public StreamListing {
    keyNames = List.copyOf(keyNames);
    shards = List.copyOf(shards);
  }

  /**
   * A shard as it is listed.
   *
   * @param endingSequenceNumber null while the shard is open
   */
  public record ListedShard(
      String shardId,
      @Nullable String parentShardId,
      String startingSequenceNumber,
      @Nullable String endingSequenceNumber) {}
}
