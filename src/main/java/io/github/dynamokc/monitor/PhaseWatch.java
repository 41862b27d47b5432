package io.github.dynamokc.monitor;

import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.Phase;
import io.github.dynamokc.metrics.TableMetrics;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Shows in which phase a table is, and for how long. On one thread of the monitor; what it shows is
 * seen from any.
 */
final class PhaseWatch {
  private final TableMetrics metrics;
  private final InstantSource clock;
  private @Nullable Phase phase;

  /** When the phase began, epoch ms. */
  private volatile long sinceMs;

  PhaseWatch(TableMetrics metrics, InstantSource clock) {
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * The table is in a phase of which nothing tells when it began but that it was not seen before.
   */
  void seen(Phase now) {
    if (now != phase) {
      in(now, clock.millis());
    }
  }

  /**
   * The table is in a phase.
   *
   * @param since when that began, epoch ms
   */
  void in(Phase now, long since) {
    sinceMs = since;
    if (now != phase) {
      phase = now;
      metrics.bind(Gauge.PHASE_MILLIS, () -> Math.max(0, clock.millis() - sinceMs));
      metrics.set(Gauge.PHASE, now.number());
    }
  }
}
