package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a window of time has made of each item, which is what an incremental export holds: its last
 * state in the window and the one before the window. An item that was made and deleted in between
 * is not among them; one that was changed and changed back is.
 */
final class NetChanges {
  private NetChanges() {}

  /**
   * An item that the window has changed.
   *
   * @param micros of its last change in the window
   * @param before the window; null if it was not there
   * @param after the window; null if it is gone
   */
  record Change(long micros, String key, @Nullable String before, @Nullable String after) {}

  /**
   * @param writes oldest first
   * @param from the first microsecond of the window
   * @param to the first one behind it
   */
  static List<Change> between(List<ItemWrite> writes, long from, long to) {
    Map<JsonNode, @Nullable String> known = new HashMap<>();
    Map<JsonNode, Change> changes = new LinkedHashMap<>();
    for (ItemWrite write : writes) {
      JsonNode key = parsed(write.key());
      if (write.micros() >= from && write.micros() < to) {
        Change earlier = changes.get(key);
        String before =
            earlier != null
                ? earlier.before()
                : known.containsKey(key) ? known.get(key) : write.before();
        changes.put(key, new Change(write.micros(), write.key(), before, write.after()));
      }
      if (write.micros() < from) {
        known.put(key, write.after());
      }
    }
    return changes.values().stream()
        .filter(change -> change.before() != null || change.after() != null)
        .toList();
  }

  /** Two texts of the same key are one. */
  static JsonNode parsed(String key) {
    try {
      return AwsJson.MAPPER.readTree(key);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("The key of a change must be JSON, is " + key, e);
    }
  }
}
