package io.github.dynamokc.offset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request to {@code PATCH /connectors/<name>/offsets}, for messages that tell
 * somebody what to set.
 */
public final class OffsetsRequest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private OffsetsRequest() {}

  /** Sets one offset. */
  public static String setting(SourcePartition partition, SourceOffset offset) {
    return body(List.of(pair(partition, offset)));
  }

  /** Takes offsets away. */
  public static String takingAway(Collection<? extends SourcePartition> partitions) {
    return body(partitions.stream().map(partition -> pair(partition, null)).toList());
  }

  private static Map<String, Object> pair(
      SourcePartition partition, @Nullable SourceOffset offset) {
    Map<String, Object> pair = new LinkedHashMap<>();
    pair.put("partition", new TreeMap<>(partition.toConnect()));
    pair.put("offset", offset == null ? null : new TreeMap<>(offset.toConnect()));
    return pair;
  }

  private static String body(List<Map<String, Object>> pairs) {
    try {
      return JSON.writeValueAsString(Map.of("offsets", new ArrayList<>(pairs)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Strings, longs and booleans are always JSON", e);
    }
  }
}
