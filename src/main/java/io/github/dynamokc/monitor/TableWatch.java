package io.github.dynamokc.monitor;

import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.MetricTags;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.plan.TableWork;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observes one table over and over, on a thread of its own. What it cannot go on with ends the
 * monitor, or with {@code table.on.failure=isolate} parks the table: no task has work on it then,
 * and it is observed again after a pause that grows with each failure.
 */
final class TableWatch {
  private static final Logger LOG = LoggerFactory.getLogger(TableWatch.class);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(4);

  /** A table that was observed for so long has got over what made it fail. */
  private static final Duration SOUND_AFTER = Duration.ofMinutes(5);

  /** How soon a thread notices that its table is not followed any more. */
  private static final Duration TICK = Duration.ofSeconds(10);

  private final TableConfig config;
  private final ObserverContext context;
  private final TableObserver observer;
  private final LatestObservations observations;
  private final @Nullable BooleanSupplier found;
  private final boolean isolates;
  private final IntervalGrowth growth;

  private Duration pause = FIRST_PAUSE;

  /** When the table failed, as it is told; null if it has not. */
  private TableWork.@Nullable Park parked;

  /** From when on the table counts as sound again, epoch ms; null if it has not failed. */
  private @Nullable Long soundFromMs;

  private volatile boolean ended;

  /**
   * @param found whether the table is found now; null for one that the config names
   * @param isolates whether its failure is its own
   */
  TableWatch(
      TableConfig config,
      ObserverContext context,
      @Nullable BooleanSupplier found,
      boolean isolates,
      LatestObservations observations,
      IntervalGrowth growth) {
    this.config = config;
    this.context = context;
    this.found = found;
    this.observer = new TableObserver(config, context, found != null);
    this.observations = observations;
    this.isolates = isolates;
    this.growth = growth;
  }

  /** How many tables there are makes the pauses between looks longer. */
  @FunctionalInterface
  interface IntervalGrowth {
    Duration of(Duration interval);
  }

  TableMetrics metrics() {
    return context.metrics();
  }

  /**
   * Observes until the monitor stops or {@link #end} is called.
   *
   * @throws ConnectException if the connector cannot go on
   * @throws InterruptedException if the monitor stops
   */
  void run(String connector, MetricsSink worker) throws InterruptedException {
    observer.readCounts();
    metrics().show(MetricTags.ofConnector(connector, name()), worker);
    while (!ended) {
      pause(observe());
    }
  }

  private void pause(Duration wait) throws InterruptedException {
    Duration left = wait;
    while (!ended && left.compareTo(TICK) > 0) {
      context.calls().pause(TICK);
      left = left.minus(TICK);
    }
    context.calls().pause(left);
  }

  private Duration observe() throws InterruptedException {
    try {
      if (found != null && !found.getAsBoolean() && observer.isUnknown()) {
        // Its offsets were taken away, or it went before it had any: it is about to be left.
        return config.snapshot().exportPollInterval();
      }
      ObservedTable seen = observer.observe();
      noteSuccess();
      observations.put(seen);
      return growth.of(
          seen.awaitsNextPhase()
              ? config.snapshot().exportPollInterval()
              : config.stream().shardDiscoveryInterval());
    } catch (RuntimeException e) {
      if (!isolates || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      // What a call makes of being closed is no failure of the table.
      context.calls().pause(Duration.ZERO);
      return park(e);
    }
  }

  private void noteSuccess() {
    long now = context.clock().millis();
    if (parked != null) {
      LOG.info("Table {} is observed again", name());
      parked = null;
      soundFromMs = now + SOUND_AFTER.toMillis();
    }
    if (soundFromMs != null && now >= soundFromMs) {
      soundFromMs = null;
      pause = FIRST_PAUSE;
      metrics().set(Gauge.TABLE_FAILED, 0);
    }
  }

  private Duration park(RuntimeException cause) {
    Duration wait = pause;
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    LOG.error(
        "Table {} has failed and is looked at again in {} s, or when the connector is restarted. The others go on",
        name(),
        wait.toSeconds(),
        cause);
    TableWork.Park park = parked;
    if (park == null) {
      park =
          new TableWork.Park(name(), context.clock().millis(), String.valueOf(cause.getMessage()));
      parked = park;
    }
    soundFromMs = null;
    metrics().set(Gauge.TABLE_FAILED, 1);
    observations.put(new ObservedTable.Parked(park));
    return wait;
  }

  /** The table is not followed any more. */
  void end() {
    ended = true;
    observations.remove(name());
    metrics().close();
  }

  String name() {
    return config.table().name();
  }
}
