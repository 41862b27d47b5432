package io.github.dynamokc.testing;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends the open shards of all tables of DynamoDB Local at random moments, on a thread of its own,
 * until it is closed.
 */
public final class RollOvers implements AutoCloseable {
  private final String table;
  private final int atMostMillis;
  private final Random random;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CompletableFuture<Integer> count;

  private RollOvers(String table, Duration atMost, Random random) {
    this.table = table;
    this.atMostMillis = Math.toIntExact(atMost.toMillis());
    this.random = random;
    this.count = CompletableFuture.supplyAsync(this::rollOver);
  }

  /**
   * @param table any table with a stream
   * @param atMost how long a shard lives at most
   */
  public static RollOvers start(String table, Duration atMost, Random random) {
    return new RollOvers(table, atMost, random);
  }

  private int rollOver() {
    int generations = 0;
    try {
      while (!closed.await(random.nextInt(atMostMillis), TimeUnit.MILLISECONDS)) {
        EndToEnd.aws().tables().rollOver(table);
        generations++;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return generations;
  }

  /** Ends it and gives how many generations of shards have ended; throws if one could not. */
  public int end() {
    closed.countDown();
    return count.join();
  }

  @Override
  public void close() {
    end();
  }
}
