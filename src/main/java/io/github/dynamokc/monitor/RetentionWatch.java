package io.github.dynamokc.monitor;

import io.github.dynamokc.config.LossResponse;
import io.github.dynamokc.config.SnapshotMode;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.stream.Retention;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an eye on the time that a table's export and load take. The stream is read only after them,
 * and keeps changes for 24 hours: what takes longer leaves a gap. That is said as soon as it is
 * likely, and when it is certain there is no use in loading on. On one thread of the monitor.
 */
final class RetentionWatch {
  private static final Logger LOG = LoggerFactory.getLogger(RetentionWatch.class);
  private static final Duration LATE = Duration.ofHours(18);
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(30);

  private final TableConfig config;
  private final TableMetrics metrics;
  private final InstantSource clock;
  private Instant nextWarning = Instant.MIN;

  RetentionWatch(TableConfig config, TableMetrics metrics, InstantSource clock) {
    this.config = config;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * To be called while the export runs or its files are loaded.
   *
   * @param exportTimeMs the export's point in time, epoch ms
   * @throws ConnectException if changes that are needed are gone by now, unless {@code
   *     stream.on.data.loss} is {@code continue}: then the tasks report it when they get to the
   *     stream; or {@code repair}: then they come from incremental exports
   */
  void check(long exportTimeMs) {
    if (config.snapshot().mode() == SnapshotMode.INITIAL_ONLY) {
      return;
    }
    Instant now = clock.instant();
    Instant neededFrom = Instant.ofEpochMilli(config.stream().exportedUpToMs(exportTimeMs));
    Instant keptUntil = neededFrom.plus(Retention.TIME);
    Duration left = Duration.between(now, keptUntil);
    metrics.bind(
        Gauge.MILLIS_UNTIL_DATA_LOSS,
        () -> Math.max(0, Duration.between(clock.instant(), keptUntil).toMillis()));
    String table = config.table().name();
    if (left.isNegative() && failsTooLate()) {
      metrics.add(Counter.DATA_LOSS_EVENTS, 1);
      throw new ConnectException(
          "Table %s: its stream keeps changes for 24 hours, but those since %s are needed after the snapshot, which is not loaded yet. Take a new snapshot that is faster: more tasks, a higher export.file.concurrency, or a younger export; set another snapshot.id (with export.arn, reset the connector's offsets). To have the changes loaded from incremental exports, set stream.on.data.loss=repair. To load on all the same, and go on with a DATA_LOSS record in the status topic, set stream.on.data.loss=continue"
              .formatted(table, neededFrom));
    }
    if (left.compareTo(Retention.TIME.minus(LATE)) < 0 && !now.isBefore(nextWarning)) {
      nextWarning = now.plus(BETWEEN_WARNINGS);
      LOG.warn(
          "Table {}: the snapshot is not loaded yet, and the changes since {} that are to follow it {}",
          table,
          neededFrom,
          left.isNegative()
              ? "are no longer in the stream"
              : "leave the stream in " + left.toMinutes() + " minutes");
    }
  }

  /** A new snapshot would be too late as well. */
  private boolean failsTooLate() {
    LossResponse response = config.stream().onDataLoss();
    return response == LossResponse.FAIL || response == LossResponse.NEW_SNAPSHOT;
  }

  /** The snapshot is loaded, and the stream is followed or not wanted. */
  void over() {
    metrics.unbind(Gauge.MILLIS_UNTIL_DATA_LOSS);
  }
}
