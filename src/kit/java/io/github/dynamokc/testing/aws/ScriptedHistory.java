package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The changes of scripted tables, which nothing forgets. A change is of the time of the clock when
 * it is made, whatever second it claims, and its texts are as scripted. Empty until it begins, as
 * simulations make millions of changes that nobody exports. Thread-safe.
 */
final class ScriptedHistory implements WriteHistory {
  private static final long MICROS_A_MILLI = 1000;

  private final Clock clock;
  private final Map<String, List<ItemWrite>> tables = new HashMap<>();
  private boolean begun;
  private long lastMicros;

  ScriptedHistory(Clock clock) {
    this.clock = clock;
  }

  synchronized void begin() {
    begun = true;
  }

  synchronized void add(String table, ScriptedChange change) {
    if (begun) {
      lastMicros = Math.max(lastMicros + 1, clock.millis() * MICROS_A_MILLI);
      tables
          .computeIfAbsent(table, name -> new ArrayList<>())
          .add(
              new ItemWrite(
                  lastMicros,
                  change.keys(),
                  change.eventName().equals("REMOVE") ? null : change.newImage(),
                  change.oldImage()));
    }
  }

  @Override
  public synchronized List<ItemWrite> writes(String table, JsonNode keySchema) {
    return List.copyOf(tables.getOrDefault(table, List.of()));
  }
}
