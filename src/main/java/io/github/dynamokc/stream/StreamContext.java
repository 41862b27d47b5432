package io.github.dynamokc.stream;

import io.github.dynamokc.config.StreamConfig;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TableRecords;
import io.github.dynamokc.record.TaskOutput;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream of one table, and what its readers share.
 *
 * @param streamArn the stream's ARN
 * @param skipUpToMs changes up to this time (epoch ms) are left out until a lineage has its first
 *     later one; negative to leave out nothing
 * @param inSnapshotUpToMs what is lost of the stream up to this time (epoch ms) is in a snapshot
 *     that was loaded since the stream is followed, but for deletions; negative without such a one
 * @param pace of DescribeStream calls, shared by all streams of a task
 */
public record StreamContext(
    String table,
    String streamArn,
    long skipUpToMs,
    long inSnapshotUpToMs,
    StreamApi api,
    RateLimiter pace,
    OffsetReader offsets,
    TableRecords records,
    TaskOutput output,
    TableMetrics metrics,
    StreamLag lag,
    StreamConfig config,
    InstantSource clock,
    RandomGenerator random) {
  /** How long DynamoDB keeps the changes of a stream. */
  public static final Duration RETENTION = Duration.ofHours(24);

  /**
   * What to say of changes that are lost from the stream, but have left their mark in a snapshot.
   */
  public static final String IN_SNAPSHOT =
      "The snapshot that was taken since has the items as they were then. Items that were deleted in"
          + " between are not in it, and no deletion of them is in Kafka: whoever keeps a copy of the table"
          + " should build it anew from the snapshot";

  private static final Logger LOG = LoggerFactory.getLogger(StreamContext.class);

  /** The same for another stream of the table. */
  StreamContext ofStream(String otherArn) {
    return new StreamContext(
        table,
        otherArn,
        skipUpToMs,
        inSnapshotUpToMs,
        api,
        pace,
        offsets,
        records,
        output,
        metrics,
        lag,
        config,
        clock,
        random);
  }

  /** Gives a shard its first offset; the caller has made sure that invariant A allows it. */
  void announceStarted(String shardId, ShardOffset offset) throws InterruptedException {
    output
        .queue()
        .put(List.of(output.status().record(StatusType.SHARD_STARTED, partition(shardId), offset)));
  }

  SourcePartition.OfShard partition(String shardId) {
    return new SourcePartition.OfShard(table, streamArn, shardId);
  }

  /** The committed offsets of those shards that have one, by id. */
  Map<String, ShardOffset> offsetsOf(Collection<String> shardIds) {
    return shardIds.isEmpty() ? Map.of() : offsets.shards(table, streamArn, shardIds);
  }

  /** How messages call a shard. */
  String nameOf(String shardId) {
    return "Shard " + shardId + " of table " + table;
  }

  /**
   * Decides what becomes of a shard of which changes are gone unread: the rule of {@code
   * stream.on.data.loss}. Returns if reading goes on.
   *
   * @param reason what is gone, and why
   * @return what to say of it in a {@code DATA_LOSS} record
   * @throws ConnectException if the policy is to fail
   */
  String tolerateLoss(String shardId, String reason) {
    metrics.add(Counter.DATA_LOSS_EVENTS, 1);
    String what = nameOf(shardId) + ": " + withoutFullStop(reason);
    if (isInSnapshot()) {
      LOG.error("{}. {}", what, IN_SNAPSHOT);
      return withoutFullStop(reason) + ". " + IN_SNAPSHOT;
    }
    switch (config.onDataLoss()) {
      case FAIL ->
          throw new ConnectException(
              "%s. Changes may be missing in Kafka. Take a new snapshot: set another snapshot.id. To go on without them, with a DATA_LOSS record in the status topic, set stream.on.data.loss=continue. The stream is %s"
                  .formatted(what, streamArn));
      case CONTINUE -> LOG.error("{}. Changes may be missing in Kafka; going on", what);
    }
    return reason;
  }

  /** What a stream has lost is older than it keeps changes. */
  private boolean isInSnapshot() {
    return inSnapshotUpToMs > clock.millis() - RETENTION.toMillis();
  }

  private static String withoutFullStop(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
