package io.github.dynamokc.monitor;

import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.stream.RateLimiter;
import io.github.dynamokc.testing.OrdersWorld;

/** What the observers of a test look at. */
final class Observers {
  private Observers() {}

  static ObserverContext context(OrdersWorld world, TableMetrics metrics) {
    return new ObserverContext(
        world.aws,
        world.streamApi,
        RateLimiter.ofMonitor(System::nanoTime, 1e9),
        world.calls(),
        new OffsetReader(world.offsets),
        metrics,
        world.clock,
        4,
        soFar -> {});
  }
}
