package io.github.dynamokc.monitor;

import io.github.dynamokc.plan.ObservedTable;
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
   * @param place of the table in the config
   */
  synchronized void put(int place, ObservedTable table) {
    latest[place] = table;
    news = true;
    notifyAll();
  }

  /** Waits until each table was observed, and one of them since the last call. */
  synchronized List<ObservedTable> awaitChange() throws InterruptedException {
    while (!news || Arrays.stream(latest).anyMatch(Objects::isNull)) {
      wait();
    }
    news = false;
    return Arrays.stream(latest).map(Objects::requireNonNull).toList();
  }
}
