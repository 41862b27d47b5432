package io.github.dynamokc.preflight;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a user may want to know of tables that are discovered, mostly what stands in their way. It
 * does not refuse a configuration: such tables are left out until they are ready. Thread-safe.
 */
final class Notes {
  /** In one validation; more than that nobody reads. */
  private static final int MAX_SHOWN = 50;

  private final Map<String, String> reasons = new TreeMap<>();

  /** A table's first reason counts. */
  synchronized void add(String table, String reason) {
    reasons.putIfAbsent(table, reason);
  }

  /** In the order of names. */
  synchronized List<String> all() {
    List<String> all = new ArrayList<>();
    reasons.entrySet().stream()
        .limit(MAX_SHOWN)
        .forEach(each -> all.add(each.getKey() + ": " + each.getValue()));
    if (reasons.size() > MAX_SHOWN) {
      all.add("and " + (reasons.size() - MAX_SHOWN) + " more");
    }
    return all;
  }
}
