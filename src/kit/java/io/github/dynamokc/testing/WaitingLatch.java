package io.github.dynamokc.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The latch that stopping opens, on which waits let a manual clock go on instead of the real one.
 */
public final class WaitingLatch extends CountDownLatch {
  private final ManualClock clock;

  public WaitingLatch(ManualClock clock) {
    super(1);
    this.clock = clock;
  }

  @Override
  public void await() {
    throw new UnsupportedOperationException("A wait without an end");
  }

  @Override
  public boolean await(long timeout, TimeUnit unit) {
    clock.advance(Duration.of(timeout, unit.toChronoUnit()));
    return getCount() == 0;
  }
}
