package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.TableMetrics;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * For each shard of one table in one task, the time up to which it has been read. Later changes are
 * unread. A shard counts until its children do, or it is known to have none. Thread-safe.
 *
 * <p>An idle shard stays near the end of the stream, while one that cannot be read, or whose
 * records find no room, falls behind as time goes by.
 */
public final class StreamLag {
  private static final long NO_SHARD = -1;

  private final InstantSource clock;
  private final Map<String, Long> readUpToMs = new ConcurrentHashMap<>();

  private StreamLag(InstantSource clock) {
    this.clock = clock;
  }

  /** A lag that is shown in the table's metrics. */
  public static StreamLag shownIn(TableMetrics metrics, InstantSource clock) {
    StreamLag lag = new StreamLag(clock);
    metrics.bind(Gauge.ACTIVE_SHARDS_IN_PROCESSING, lag.readUpToMs::size);
    metrics.bind(Gauge.MILLIS_BEHIND_LATEST, lag::millisBehindLatest);
    metrics.bind(Gauge.MILLIS_UNTIL_DATA_LOSS, lag::millisUntilDataLoss);
    return lag;
  }

  /**
   * A shard is resumed, or was read on.
   *
   * @param timeMs up to when, epoch ms
   */
  void readUpTo(String shardId, long timeMs) {
    readUpToMs.put(shardId, timeMs);
  }

  /** Children were found of a shard: they hold what came after it, whenever it ended. */
  void handOn(String parent, List<Shard> children) {
    Long parentUpToMs = readUpToMs.remove(parent);
    if (parentUpToMs != null) {
      for (Shard child : children) {
        readUpToMs.computeIfPresent(child.id(), (id, upTo) -> Math.min(upTo, parentUpToMs));
      }
    }
  }

  /** Nothing more is read of a shard, nor of what came after it. */
  void end(String shardId) {
    readUpToMs.remove(shardId);
  }

  private long millisBehindLatest() {
    OptionalLong oldest = readUpToMs.values().stream().mapToLong(Long::longValue).min();
    // What DynamoDB's clock says may be ahead of ours.
    return oldest.isEmpty() ? NO_SHARD : Math.max(0, clock.millis() - oldest.getAsLong());
  }

  private long millisUntilDataLoss() {
    long behind = millisBehindLatest();
    return behind == NO_SHARD ? NO_SHARD : Math.max(0, Retention.TIME.toMillis() - behind);
  }
}
