package io.github.dynamokc.stream;

import io.github.dynamokc.offset.SourcePartition;

/**
 * Which stream of which table.
 *
 * @param table the table's name
 * @param arn the stream's ARN
 */
public record StreamIdentity(String table, String arn) {
  SourcePartition.OfShard partition(String shardId) {
    return new SourcePartition.OfShard(table, arn, shardId);
  }

  /** How messages call a shard. */
  String nameOf(String shardId) {
    return "Shard " + shardId + " of table " + table;
  }
}
