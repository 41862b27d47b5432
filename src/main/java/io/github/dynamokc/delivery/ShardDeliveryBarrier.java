package io.github.dynamokc.delivery;

import org.jspecify.annotations.Nullable;

/**
 * Counts the records of one shard that were handed over and that Kafka has not acknowledged yet.
 * This is what keeps a child from having an offset before every record of its parent is in Kafka.
 * Thread-safe: readers add, Connect's threads complete.
 */
public final class ShardDeliveryBarrier implements DeliveryCallback {
  private long outstanding;
  private @Nullable Runnable whenNone;

  /** Counts records in; call it before they can be acknowledged. */
  public synchronized void add(int records) {
    outstanding += records;
  }

  /** A dropped record is settled as well: nothing more will happen to it. */
  @Override
  public void dropped() {
    acknowledged();
  }

  @Override
  public void acknowledged() {
    Runnable action = null;
    synchronized (this) {
      outstanding--;
      if (outstanding == 0) {
        action = whenNone;
        whenNone = null;
      }
    }
    if (action != null) {
      action.run();
    }
  }

  /** Runs {@code action} once, now or when nothing is outstanding any more. */
  public void whenNoneOutstanding(Runnable action) {
    synchronized (this) {
      if (outstanding > 0) {
        whenNone = action;
        return;
      }
    }
    action.run();
  }

  public synchronized long count() {
    return outstanding;
  }
}
