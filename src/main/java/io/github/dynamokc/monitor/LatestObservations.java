package io.github.dynamokc.monitor;

import io.github.dynamokc.plan.ObservedTable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was seen last of each table. The tables are observed side by side, so that one that AWS
 * keeps waiting does not hold the others. Thread-safe.
 */
final class LatestObservations {
  private final @Nullable ObservedTable[] latest;
  private boolean news;

  LatestObservations(int tables) {
    this.latest = new ObservedTable[tables];
  }

  /**
   * Notes what was seen of a table; the same again is no news.
   *
   * @param place of the table in the config
   */
  synchronized void put(int place, ObservedTable table) {
    if (!table.equals(latest[place])) {
      latest[place] = table;
      news = true;
      notifyAll();
    }
  }

  /** The same as long as nothing was seen of the table. */
  synchronized void putIfFirst(int place, ObservedTable table) {
    if (latest[place] == null) {
      put(place, table);
    }
  }

  /**
   * Waits until each table was observed, and then until one of them has changed since the last
   * call, but not longer than a given time.
   *
   * @return by place; the same object for a table of which nothing has changed
   */
  synchronized List<ObservedTable> awaitChange(Duration atMost) throws InterruptedException {
    while (Arrays.stream(latest).anyMatch(Objects::isNull)) {
      wait();
    }
    for (boolean waited = false; !news && !waited; waited = true) {
      wait(atMost.toMillis());
    }
    news = false;
    return Arrays.stream(latest).map(Objects::requireNonNull).toList();
  }
}
