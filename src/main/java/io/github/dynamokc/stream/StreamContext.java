package io.github.dynamokc.stream;

import io.github.dynamokc.concurrent.RetryDeadline;
import io.github.dynamokc.config.StreamConfig;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TableRecords;
import io.github.dynamokc.record.TaskOutput;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;

/** The stream of one table, and what its readers share. */
public record StreamContext(
    StreamIdentity stream,
    StreamStart start,
    StreamAccess access,
    StreamSink sink,
    StreamConfig config,
    Timing timing) {
  /** The same for another stream of the table. */
  StreamContext ofStream(String otherArn) {
    return new StreamContext(
        new StreamIdentity(table(), otherArn), start, access, sink, config, timing);
  }

  /**
   * Commits the first offset of a shard; the caller has made sure that invariant A allows it.
   *
   * @throws InterruptedException if the task stops while the queue is full
   */
  void announceStarted(String shardId, ShardOffset offset) throws InterruptedException {
    output().announce(StatusType.SHARD_STARTED, partition(shardId), offset);
  }

  /** The committed offsets of those shards that have one, by id. */
  Map<String, ShardOffset> offsetsOf(Collection<String> shardIds) {
    return shardIds.isEmpty() ? Map.of() : access.offsets().shards(table(), streamArn(), shardIds);
  }

  /** A deadline for one thing that is tried over and over. */
  RetryDeadline deadline() {
    return new RetryDeadline(clock(), timing.random(), config.stallTimeout());
  }

  RateLimiter.Permit describePermit() {
    return access.limiter().new Permit();
  }

  SourcePartition.OfShard partition(String shardId) {
    return stream.partition(shardId);
  }

  String nameOf(String shardId) {
    return stream.nameOf(shardId);
  }

  String table() {
    return stream.table();
  }

  String streamArn() {
    return stream.arn();
  }

  StreamApi api() {
    return access.api();
  }

  TaskOutput output() {
    return sink.output();
  }

  TableRecords records() {
    return sink.records();
  }

  TableMetrics metrics() {
    return sink.metrics();
  }

  StreamLag lag() {
    return sink.lag();
  }

  InstantSource clock() {
    return timing.clock();
  }

  /**
   * For how long answers have to lack what may be older than the retention, and may as well be
   * younger, before it is taken for gone. What is wrong with an answer is waited out until then.
   */
  Duration untilYoungIsGone() {
    return config.stallTimeout().dividedBy(2);
  }
}
