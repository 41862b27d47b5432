package io.github.dynamokc.monitor;

import io.github.dynamokc.config.DataLossPolicy;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.stream.StreamLister;
import io.github.dynamokc.stream.StreamStart;
import io.github.dynamokc.table.TableDescription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the stream of one table: its shards with their offsets, and whether it is still the
 * table's. A stream that was disabled is read to its end, which it keeps for 24 hours. Only then it
 * counts that the table has no stream any more, or another one: what was written between the two is
 * in neither, which is for {@code stream.on.data.loss} to decide. On one thread of the monitor.
 */
final class StreamObserver {
  private static final Logger LOG = LoggerFactory.getLogger(StreamObserver.class);

  /** Well above what listings lag behind, a flush of offsets takes, and Kafka may be away. */
  private static final Duration OVERDUE = Duration.ofMinutes(20);

  /** A stream has ended when its last shards show no child for so many discovery intervals. */
  private static final int INTERVALS_WITHOUT_CHILD = 10;

  private final TableConfig config;
  private final ObserverContext context;
  private final StreamLister lister;
  private boolean saidThatItEnds;

  StreamObserver(TableConfig config, ObserverContext context) {
    this.config = config;
    this.context = context;
    this.lister = new StreamLister(context.stream(), context.calls().retrier());
  }

  /**
   * @param table what DynamoDB says of the table, null if there is no such table
   * @throws ConnectException if no shard is left to read and the connector cannot go on
   */
  ObservedTable observe(
      TableOffset offset, @Nullable TableDescription table, boolean announceLoaded)
      throws InterruptedException {
    String followed = followed(offset.registration());
    List<Shard> shards = lister.list(followed);
    String now = table == null ? null : table.streamArn();
    if (followed.equals(now)) {
      if (shards == null) {
        throw new ConnectException(
            "Stream %s of table %s does not exist, though DescribeTable names it"
                .formatted(followed, name()));
      }
      return streaming(followed, shards, announceLoaded, null);
    }
    if (shards != null) {
      ObservedTable.Streaming rest = streaming(followed, shards, announceLoaded, null);
      if (!isReadToItsEnd(rest)) {
        sayThatItEnds(followed, now);
        return rest;
      }
    }
    String next = checkCanGoOn(offset, shards == null, table);
    List<Shard> nextShards = lister.list(next);
    return streaming(next, nextShards == null ? List.of() : nextShards, announceLoaded, followed);
  }

  /**
   * The stream to go over to.
   *
   * @param gone whether the stream that was followed does not exist any more, read to its end or
   *     not
   */
  private String checkCanGoOn(TableOffset offset, boolean gone, @Nullable TableDescription table) {
    String followed = followed(offset.registration());
    String end =
        gone
            ? "Its stream %s is gone, and changes that were not read yet with it"
            : "Its stream %s was read to its end";
    String what = end.formatted(followed);
    if (table == null) {
      throw new ConnectException(
          "Table %s was deleted. %s. Delete the connector".formatted(name(), what));
    }
    String problem = table.streamProblem();
    if (problem != null) {
      throw new ConnectException(
          "%s. The stream that the connector's offsets are of was disabled. %s"
              .formatted(problem, what));
    }
    String next = String.valueOf(table.streamArn());
    if (config.stream().onDataLoss() == DataLossPolicy.FAIL
        && !StreamStart.of(offset, config).isInSnapshotBefore(next)) {
      context.metrics().add(Counter.DATA_LOSS_EVENTS, 1);
      throw new ConnectException(
          "Table %s has the stream %s, the connector's offsets are of %s: the stream was disabled and enabled again, and changes between the two are in neither. %s. Set another snapshot.id to take a new snapshot, or stream.on.data.loss=continue to go on with the new stream"
              .formatted(name(), next, followed, what));
    }
    return next;
  }

  private String followed(TableOffset.Registration registration) {
    String streamArn = registration.streamArn();
    if (streamArn == null) {
      throw new ConnectException(
          "The connector's offsets of table %s name no stream: the table had none when the connector first met it. Set another snapshot.id to take a new snapshot, which its stream can follow"
              .formatted(name()));
    }
    return streamArn;
  }

  /** While a snapshot is being loaded: it is early to say what will become of its end. */
  void warnIfEnded(TableOffset.Registration registration, @Nullable TableDescription table) {
    String now = table == null ? null : table.streamArn();
    if (!followed(registration).equals(now)) {
      sayThatItEnds(followed(registration), now);
    }
  }

  private void sayThatItEnds(String followed, @Nullable String now) {
    if (!saidThatItEnds) {
      saidThatItEnds = true;
      LOG.warn(
          "Stream {} of table {} was disabled (the table has {} now). It is read to its end before anything else is done about it",
          followed,
          name(),
          now == null ? "no stream" : now);
    }
  }

  /** Whether nothing is left to read, and no child of the last shards appeared for a while. */
  private boolean isReadToItsEnd(ObservedTable.Streaming stream) {
    Lineage lineage = new Lineage(stream.shards());
    long longAgo =
        context.clock().millis()
            - config.stream().shardDiscoveryInterval().toMillis() * INTERVALS_WITHOUT_CHILD;
    return stream.shards().stream()
        .allMatch(
            shard ->
                lineage.isSettled(shard)
                    || (shard.offset() instanceof ShardOffset.Finished finished
                        && finished.at() < longAgo));
  }

  private ObservedTable.Streaming streaming(
      String streamArn, List<Shard> shards, boolean announceLoaded, @Nullable String replaces) {
    Map<String, ShardOffset> positions =
        context.offsets().shards(name(), streamArn, shards.stream().map(Shard::id).toList());
    context
        .metrics()
        .set(
            Gauge.TOTAL_OPEN_SHARDS,
            shards.stream().filter(s -> s.endingSequence() == null).count());
    return new ObservedTable.Streaming(
        name(),
        streamArn,
        shards.stream()
            .map(
                shard ->
                    new ObservedShard(
                        shard.id(),
                        shard.parent(),
                        shard.endingSequence(),
                        positions.get(shard.id()),
                        overdue(shard, positions)))
            .toList(),
        announceLoaded,
        replaces);
  }

  private boolean overdue(Shard shard, Map<String, ShardOffset> positions) {
    return shard.parent() != null
        && !positions.containsKey(shard.id())
        && positions.get(shard.parent()) instanceof ShardOffset.Finished finished
        && context.clock().millis() - finished.at() > OVERDUE.toMillis();
  }

  private String name() {
    return config.table().name();
  }
}
