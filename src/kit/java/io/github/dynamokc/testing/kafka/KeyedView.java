package io.github.dynamokc.testing.kafka;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a consumer that applies records by key ends with, and nothing cleverer: the last record of a
 * key wins, in the order of the topic; {@code opensearch_action} delete, or no value, removes.
 */
public final class KeyedView {
  private final Map<String, TopicRecord> records = new TreeMap<>();

  public static KeyedView of(List<TopicRecord> records) {
    KeyedView view = new KeyedView();
    view.apply(records);
    return view;
  }

  public void apply(List<TopicRecord> next) {
    next.forEach(this::apply);
  }

  public void apply(TopicRecord record) {
    String key = record.key();
    if (key == null) {
      throw new IllegalArgumentException("No key in " + record);
    }
    if (record.value() == null || "delete".equals(record.header("opensearch_action"))) {
      records.remove(key);
    } else {
      records.put(key, record);
    }
  }

  /** The record that stands for each key. */
  public Map<String, TopicRecord> records() {
    return Collections.unmodifiableMap(records);
  }

  /** The value that stands for each key. */
  public Map<String, String> values() {
    Map<String, String> values = new TreeMap<>();
    records.forEach((key, record) -> values.put(key, String.valueOf(record.value())));
    return values;
  }
}
