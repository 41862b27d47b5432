package io.github.dynamokc.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The latch that stopping opens, on which waits are over at once; notes how long they would be. */
public final class ImpatientLatch extends CountDownLatch {
  private final List<Duration> waits = new ArrayList<>();

  public ImpatientLatch() {
    super(1);
  }

  /** What was waited for, in order. */
  public List<Duration> waits() {
    return waits;
  }

  @Override
  public void await() {
    throw new UnsupportedOperationException("A wait without an end");
  }

  @Override
  public boolean await(long timeout, TimeUnit unit) {
    waits.add(Duration.of(timeout, unit.toChronoUnit()));
    return getCount() == 0;
  }
}
