package io.github.dynamokc.stream;

import io.github.dynamokc.config.StreamConfig;
import io.github.dynamokc.offset.FactsReader;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TableRecords;
import io.github.dynamokc.record.TaskOutput;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The stream of one table, and what its readers share.
 *
 * @param streamArn the stream's ARN
 * @param skipUpToMs changes up to this time (epoch ms) are left out until a lineage has its first
 *     later one; negative to leave out nothing
 */
public record StreamSource(
    String table,
    String streamArn,
    long skipUpToMs,
    StreamApi api,
    FactsReader facts,
    TableRecords records,
    TaskOutput output,
    StreamConfig config,
    InstantSource clock,
    RandomGenerator random) {

  /** Gives a shard its first fact; the caller has made sure that invariant A allows it. */
  void announceStarted(String shardId, ShardOffset.Started fact) throws InterruptedException {
    output
        .queue()
        .put(List.of(output.status().record(StatusType.SHARD_STARTED, partition(shardId), fact)));
  }

  SourcePartition.OfShard partition(String shardId) {
    return new SourcePartition.OfShard(table, streamArn, shardId);
  }
}
