package io.github.dynamokc.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that was ever written to a table {@code orders} of items with a key {@code pk} and a number
 * {@code v}, which is another one with every write: what point-in-time recovery remembers.
 */
final class WrittenTable {
  private final Map<String, List<Write>> writes = new TreeMap<>();
  private long lastValue;

  /**
   * @param micros when, as exports have it, microseconds of the epoch
   * @param value null for a deletion
   */
  record Write(long micros, @Nullable Long value) {}

  /** An item that a window has changed; null for before or after where it was not there. */
  record NetChange(String key, long micros, @Nullable Long before, @Nullable Long after) {}

  /** Writes another value, and gives it. */
  long put(String key, long micros) {
    lastValue++;
    add(key, micros, lastValue);
    return lastValue;
  }

  void delete(String key, long micros) {
    add(key, micros, null);
  }

  private void add(String key, long micros, @Nullable Long value) {
    List<Write> known = writes.computeIfAbsent(key, k -> new ArrayList<>());
    long after = known.isEmpty() ? 0 : known.get(known.size() - 1).micros() + 1;
    known.add(new Write(Math.max(micros, after), value));
  }

  /** The item's number as it is now, null if there is none. */
  @Nullable Long value(String key) {
    List<Write> known = writes.getOrDefault(key, List.of());
    return known.isEmpty() ? null : known.get(known.size() - 1).value();
  }

  List<Write> writes(String key) {
    return writes.getOrDefault(key, List.of());
  }

  Iterable<String> keys() {
    return writes.keySet();
  }

  /** As it was before that microsecond. */
  @Nullable Long valueAt(String key, long micros) {
    Long value = null;
    for (Write write : writes(key)) {
      if (write.micros() < micros) {
        value = write.value();
      }
    }
    return value;
  }

  /** When the item was created that had this value, epoch ms. */
  long createdMs(String key, long value) {
    long created = 0;
    boolean there = false;
    for (Write write : writes(key)) {
      if (!there && write.value() != null) {
        created = write.micros() / 1000;
      }
      there = write.value() != null;
      if (write.value() != null && write.value() == value) {
        return created;
      }
    }
    throw new AssertionError("Item " + key + " never had " + value);
  }

  /** What an incremental export of a window has, both in microseconds; the end is not in it. */
  List<NetChange> netChanges(long from, long to) {
    List<NetChange> changes = new ArrayList<>();
    for (String key : writes.keySet()) {
      Write last = null;
      for (Write write : writes(key)) {
        last = write.micros() >= from && write.micros() < to ? write : last;
      }
      if (last != null) {
        Long before = valueAt(key, from);
        if (before != null || last.value() != null) {
          changes.add(new NetChange(key, last.micros(), before, last.value()));
        }
      }
    }
    return changes;
  }
}
