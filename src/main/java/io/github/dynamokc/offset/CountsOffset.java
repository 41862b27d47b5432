package io.github.dynamokc.offset;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one task has counted of a table, in all its runs: a task's own numbers go with it, and its
 * next run may be in another worker.
 *
 * @param counts by the names of the counters; those that are 0 lack
 */
public record CountsOffset(SortedMap<String, Long> counts) implements SourceOffset {
  /** The counters that are kept, by the names that their metrics have. */
  public static final List<String> NAMES =
      List.of(
          "exportRecordProcessingErrors",
          "bytesReceived",
          "bytesProcessed",
          "changeEventsProcessed",
          "changeEventsProcessingErrors",
          "eventsSkippedBeforeStart",
          "eventsSkippedByOperation",
          "removalsWithoutOldImage");

  /**
   * @param counts by the names of the counters
   */
  public static CountsOffset of(Map<String, Long> counts) {
    SortedMap<String, Long> counted = new TreeMap<>(counts);
    counted.values().removeIf(count -> count == 0);
    return new CountsOffset(counted);
  }

  /**
   * The sums of both. What is more than a long holds, which only a count that was set by hand can
   * lead to, stays at the most.
   */
  public CountsOffset plus(CountsOffset other) {
    Map<String, Long> sums = new TreeMap<>(counts);
    other.counts.forEach(
        (name, count) ->
            sums.merge(name, count, (a, b) -> a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b));
    return of(sums);
  }

  @Override
  public Map<String, Object> toConnect() {
    if (!NAMES.containsAll(counts.keySet())) {
      throw new IllegalArgumentException(
          "An offset with these could not be read back: %s, known are %s"
              .formatted(counts.keySet(), NAMES));
    }
    OffsetMap.Builder map = OffsetMap.builder();
    counts.forEach(map::put);
    return map.build();
  }

  static CountsOffset read(OffsetMap.Reader reader) {
    SortedMap<String, Long> counts = new TreeMap<>();
    for (String name : NAMES) {
      Long count = reader.optionalNumber(name);
      if (count != null) {
        counts.put(name, count);
      }
    }
    return of(counts);
  }
}
