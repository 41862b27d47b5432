package io.github.dynamokc.offset;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Of which shards a task has written offsets. Connect cannot list offsets, and a shard is shown for
 * a day only after it was closed: what is longer ago is found here, and taken away.
 *
 * @param shards ids, by the ARN of their stream; none is empty
 */
public record ShardsOffset(SortedMap<String, List<String>> shards) implements SourceOffset {
  /** The key of the shards, which are too many for a status record. */
  public static final String SHARDS = "shards";

  /** What a record of Connect's offsets topic has room for, with ids of DynamoDB. */
  private static final int MOST = 10_000;

  /**
   * @param shards ids, by the ARN of their stream
   */
  public static ShardsOffset of(Map<String, ? extends Collection<String>> shards) {
    SortedMap<String, List<String>> sorted = new TreeMap<>();
    int left = MOST;
    for (Map.Entry<String, ? extends Collection<String>> stream : shards.entrySet()) {
      List<String> ids = stream.getValue().stream().sorted().limit(left).toList();
      if (!ids.isEmpty()) {
        left -= ids.size();
        sorted.put(stream.getKey(), ids);
      }
    }
    return new ShardsOffset(sorted);
  }

  /** A line for each stream: its ARN, and then the ids, which have no blanks. */
  @Override
  public Map<String, Object> toConnect() {
    String text =
        shards.entrySet().stream()
            .map(stream -> stream.getKey() + " " + String.join(" ", stream.getValue()))
            .collect(Collectors.joining("\n"));
    return OffsetMap.builder().put(SHARDS, text).build();
  }

  static ShardsOffset read(OffsetMap.Reader reader) {
    SortedMap<String, List<String>> shards = new TreeMap<>();
    for (String line : reader.string(SHARDS).lines().toList()) {
      List<String> words = Arrays.asList(line.split(" ", -1));
      if (words.size() < 2) {
        throw reader.wrongType(SHARDS, line, "lines of a stream's ARN and ids of shards");
      }
      shards.put(words.get(0), List.copyOf(words.subList(1, words.size())));
    }
    return new ShardsOffset(shards);
  }
}
