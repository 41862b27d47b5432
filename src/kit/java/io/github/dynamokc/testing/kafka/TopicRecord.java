package io.github.dynamokc.testing.kafka;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record of a topic, as text.
 *
 * @param headers by name, in their order; null is a header without a value
 */
public record TopicRecord(
    String topic,
    int partition,
    long offset,
    long timestamp,
    @Nullable String key,
    @Nullable String value,
    Map<String, @Nullable String> headers) {

  /** The text of a header; null if it is absent or has no value. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** The number in a header that must be there. */
  public long longHeader(String name) {
    String text = headers.get(name);
    if (text == null) {
      throw new IllegalStateException("No header " + name + " in " + this);
    }
    return Long.parseLong(text);
  }
}
