package io.github.dynamokc.stream;

import io.github.dynamokc.config.StreamConfig;
import io.github.dynamokc.offset.FactsReader;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.TableRecords;
import io.github.dynamokc.record.TaskOutput;
import java.time.InstantSource;
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

  SourcePartition.OfShard partition(String shardId) {
    return new SourcePartition.OfShard(table, streamArn, shardId);
  }
}
