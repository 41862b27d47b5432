package io.github.dynamokc.testing;

import java.util.concurrent.CountDownLatch;

/** Waiting where an interruption cannot be passed on. */
public final class Latches {
  private Latches() {}

  /** Waits until the latch opens or the thread is interrupted, which it stays. */
  public static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
