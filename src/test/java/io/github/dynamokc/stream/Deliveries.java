package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/** What must be true of a topic after whatever happened: the model of the guarantees. */
final class Deliveries {
  private Deliveries() {}

  /**
   * Every value from 1 to the last, and the last one last; repeats only as whole stretches. What
   * was removed has a tombstone behind it before anything else, but where a crash came in between,
   * after which it comes again.
   */
  static void assertAllOf(StreamWorld world, String key, int written, long seed) {
    List<Integer> values = new ArrayList<>();
    long version = 0;
    int seen = 0;
    boolean untilTombstone = false;
    Map<Integer, Long> versions = new HashMap<>();
    for (SourceRecord record : world.topic) {
      if (!record.key().equals("{\"pk\":\"" + key + "\"}")) {
        continue;
      }
      if (record.value() == null) {
        assertThat(untilTombstone)
            .as("seed %d, key %s: a tombstone after %s", seed, key, values)
            .isTrue();
        assertThat(record.headers().lastWithName("document_version").value())
            .isEqualTo(versions.get(values.get(values.size() - 1)));
        untilTombstone = false;
        continue;
      }
      int value = Integer.parseInt(((String) record.value()).replaceAll(".*\"v\":(\\d+).*", "$1"));
      assertThat(value)
          .as("seed %d, key %s: a gap after %s", seed, key, values)
          .isLessThanOrEqualTo((values.isEmpty() ? 0 : values.get(values.size() - 1)) + 1);
      long recordVersion = (Long) record.headers().lastWithName("document_version").value();
      Long before = versions.put(value, recordVersion);
      assertThat(before == null || before == recordVersion)
          .as(
              "seed %d, key %s, value %d: version %s became %d",
              seed, key, value, before, recordVersion)
          .isTrue();
      if (value > seen) {
        assertThat(recordVersion)
            .as("seed %d, key %s, value %d: versions grow", seed, key, value)
            .isGreaterThan(version);
        version = recordVersion;
        seen = value;
      }
      if (untilTombstone) {
        assertThat(value)
            .as("seed %d, key %s: no tombstone after %s", seed, key, values)
            .isLessThanOrEqualTo(values.get(values.size() - 1));
      }
      untilTombstone = "delete".equals(record.headers().lastWithName("opensearch_action").value());
      values.add(value);
    }
    assertThat(untilTombstone).as("seed %d, key %s: no tombstone in the end", seed, key).isFalse();
    assertThat(seen).as("seed %d, key %s: all of %s", seed, key, values).isEqualTo(written);
    if (written > 0) {
      assertThat(values.get(values.size() - 1))
          .as("seed %d, key %s: the last state", seed, key)
          .isEqualTo(written);
    }
  }
}
