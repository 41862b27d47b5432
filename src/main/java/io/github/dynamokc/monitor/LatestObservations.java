package io.github.dynamokc.monitor;

import io.github.dynamokc.plan.ObservedTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was seen last of each table. The tables are observed side by side, so that one that AWS
 * keeps waiting does not hold the others. Thread-safe.
 */
final class LatestObservations {
  /** In the order of the config; what is added later follows by name. */
  private final Set<String> first;

  private final Set<String> added = new TreeSet<>();
  private final Map<String, ObservedTable> latest = new HashMap<>();
  private boolean begun;
  private boolean news = true;

  /**
   * @param tables names of those that are waited for at the beginning
   */
  LatestObservations(Collection<String> tables) {
    this.first = new LinkedHashSet<>(tables);
  }

  /** Has a table taken in as soon as it is observed. */
  synchronized void add(String table) {
    if (!first.contains(table)) {
      added.add(table);
    }
  }

  /** There is no such table any more: what is still seen of it counts for nothing. */
  synchronized void remove(String table) {
    first.remove(table);
    added.remove(table);
    if (latest.remove(table) != null) {
      tell();
    }
  }

  /** Notes what was seen of a table; the same again is no news. */
  synchronized void put(ObservedTable table) {
    boolean known = first.contains(table.table()) || added.contains(table.table());
    if (known && !table.equals(latest.get(table.table()))) {
      latest.put(table.table(), table);
      tell();
    }
  }

  /** The same as long as nothing was seen of the table. */
  synchronized void putIfFirst(ObservedTable table) {
    if (!latest.containsKey(table.table())) {
      put(table);
    }
  }

  private void tell() {
    news = true;
    notifyAll();
  }

  /**
   * Waits until each table of the beginning was observed, and then until something has changed
   * since the last call, but not longer than a given time.
   *
   * @return in a fixed order; the same object for a table of which nothing has changed
   */
  synchronized List<ObservedTable> awaitChange(Duration atMost) throws InterruptedException {
    while (!begun && !latest.keySet().containsAll(first)) {
      wait();
    }
    begun = true;
    for (boolean waited = false; !news && !waited; waited = true) {
      wait(Math.max(1, atMost.toMillis()));
    }
    news = false;
    List<ObservedTable> seen = new ArrayList<>();
    first.forEach(table -> addIfSeen(table, seen));
    added.forEach(table -> addIfSeen(table, seen));
    return seen;
  }

  private void addIfSeen(String table, List<ObservedTable> seen) {
    ObservedTable observed = latest.get(table);
    if (observed != null) {
      seen.add(observed);
    }
  }
}
