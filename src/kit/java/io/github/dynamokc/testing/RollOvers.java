package io.github.dynamokc.testing;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends the open shards of all tables of DynamoDB Local at random moments, on a thread of its own,
 * until it is closed.
 */
public final class RollOvers implements AutoCloseable {
  private final int atMostMillis;
  private final Random random;
  private final AtomicInteger generations = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CompletableFuture<Void> done;

  private RollOvers(Duration atMost, Random random) {
    this.atMostMillis = Math.toIntExact(atMost.toMillis());
    this.random = random;
    this.done = CompletableFuture.runAsync(this::rollOver);
  }

  /**
   * @param atMost how long a shard lives at most
   */
  public static RollOvers start(Duration atMost, Random random) {
    return new RollOvers(atMost, random);
  }

  private void rollOver() {
    try {
      while (!closed.await(random.nextInt(atMostMillis), TimeUnit.MILLISECONDS)) {
        EndToEnd.aws().tables().rollOverAll();
        generations.incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many generations of shards have ended. */
  public int generations() {
    return generations.get();
  }

  /** Ends it; throws if a generation could not be ended. */
  @Override
  public void close() {
    closed.countDown();
    done.join();
  }
}
