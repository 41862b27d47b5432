package io.github.dynamokc.testing.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What listings of tables show, by name or by tags: all at first, and with a test's help less, or
 * later, as they are eventually consistent at AWS. Thread-safe.
 */
public final class Listings {
  private final Clock clock;
  private final Map<String, Instant> created = new HashMap<>();
  private final Map<String, Instant> deleted = new HashMap<>();
  private final Set<String> omitted = new HashSet<>();
  private Duration lag = Duration.ZERO;
  private int pageSize = Integer.MAX_VALUE;

  Listings(Clock clock) {
    this.clock = clock;
  }

  /** How many tables a page has at most, whatever is asked for. */
  public synchronized void pageSize(int most) {
    pageSize = most;
  }

  /** For how long tables that are created or deleted from now on are listed as they were. */
  public synchronized void lag(Duration time) {
    lag = time;
  }

  /** The next page that would have the table lacks it. */
  public synchronized void omitOnce(String table) {
    omitted.add(table);
  }

  synchronized void created(String table) {
    deleted.remove(table);
    late(created, table);
  }

  synchronized void deleted(String table) {
    created.remove(table);
    late(deleted, table);
  }

  private void late(Map<String, Instant> times, String table) {
    if (!lag.isZero()) {
      times.put(table, clock.instant().plus(lag));
    }
  }

  /** The tables that are listed, if these are there. */
  synchronized SortedSet<String> of(Collection<String> there) {
    Instant now = clock.instant();
    created.values().removeIf(until -> !until.isAfter(now));
    deleted.values().removeIf(until -> !until.isAfter(now));
    SortedSet<String> listed = new TreeSet<>(there);
    listed.removeAll(created.keySet());
    listed.addAll(deleted.keySet());
    return listed;
  }

  /** Takes away what a page is to lack, once. */
  synchronized void omit(Collection<String> page) {
    Set<String> lacking = new HashSet<>(omitted);
    lacking.retainAll(page);
    page.removeAll(lacking);
    omitted.removeAll(lacking);
  }

  synchronized int page(int asked) {
    return Math.min(asked, pageSize);
  }
}
