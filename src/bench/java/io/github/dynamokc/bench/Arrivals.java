package io.github.dynamokc.bench;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** Reads a topic all the time and notes when each written item is there to be read. */
final class Arrivals implements AutoCloseable {
  private static final Duration POLL = Duration.ofSeconds(1);

  private final KeyReader reader;
  private final Map<Integer, Long> delays = new ConcurrentHashMap<>();
  private final Semaphore arrived = new Semaphore(0);
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "arrivals");

  private Arrivals(KeyReader reader) {
    this.reader = reader;
  }

  /**
   * @param topic one that exists
   */
  static Arrivals follow(String bootstrapServers, String topic) {
    Arrivals arrivals = new Arrivals(new KeyReader(bootstrapServers, topic));
    arrivals.thread.start();
    return arrivals;
  }

  private void run() {
    try (reader) {
      while (true) {
        reader.poll(POLL, this::arrived);
      }
    } catch (WakeupException e) {
      // Closed.
    } catch (RuntimeException e) {
      failure.set(e);
    }
  }

  /** A record may come again, which at least once allows; what counts is the first time. */
  private void arrived(ItemId item) {
    if (delays.putIfAbsent(item.index(), System.nanoTime() - item.writtenNanos()) == null) {
      arrived.release();
    }
  }

  /**
   * Waits for all items that were written, once.
   *
   * @return how long each took
   */
  Percentiles awaitAll(int written, Duration timeout) throws InterruptedException {
    return awaitFrom(0, written, timeout);
  }

  /** The same of those from a number on, when all before it were awaited. */
  Percentiles awaitFrom(int first, int written, Duration timeout) throws InterruptedException {
    boolean all = arrived.tryAcquire(written - first, timeout.toMillis(), TimeUnit.MILLISECONDS);
    RuntimeException met = failure.get();
    if (met != null) {
      throw new IllegalStateException("The topic could not be read", met);
    }
    if (!all) {
      throw new IllegalStateException(
          "Of %,d items only %,d have arrived after %s".formatted(written, delays.size(), timeout));
    }
    return Percentiles.ofNanos(
        delays.entrySet().stream()
            .filter(delay -> delay.getKey() >= first)
            .map(Map.Entry::getValue)
            .toList());
  }

  @Override
  public void close() {
    reader.wakeUp();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
