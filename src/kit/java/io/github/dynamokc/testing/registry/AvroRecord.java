package io.github.dynamokc.testing.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record of a topic with an Avro value. Its key may be Avro, too, or text: the topic does not
 * say, so the reader has to.
 *
 * @param rawKey the key as stored
 * @param value null is a tombstone
 * @param headers by name, in their order; null is a header without a value
 */
public record AvroRecord(
    int partition,
    long offset,
    long timestamp,
    byte @Nullable [] rawKey,
    @Nullable AvroData key,
    @Nullable AvroData value,
    Map<String, @Nullable String> headers) {

  /** The key of a StringConverter. */
  public @Nullable String textKey() {
    return rawKey == null ? null : new String(rawKey, UTF_8);
  }

  /** The text of a header; null if it is absent or has no value. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }
}
