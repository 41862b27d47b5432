package io.github.dynamokc.testing;

import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes {@link Steps} to the shards of a scripted stream and remembers them, so that a topic can
 * be held against what was written. The partition key is {@code pk}.
 */
public final class StepWriter {
  private final Map<String, List<Integer>> written = new HashMap<>();

  /** Writes the next {@code times} steps of the item, and gives the last sequence number. */
  public String write(ScriptedStream stream, String shard, String pk, int times) {
    String sequence = "";
    for (int i = 0; i < times; i++) {
      sequence = write(stream, shard, pk);
    }
    return sequence;
  }

  /** Writes the next step of the item, and gives its sequence number. */
  public String write(ScriptedStream stream, String shard, String pk) {
    List<Integer> steps = written.computeIfAbsent(kafkaKey(pk), key -> new ArrayList<>());
    steps.add(steps.size() + 1);
    return stream.append(
        shard,
        ScriptedChange.insert(
            "{\"pk\":{\"S\":\"%s\"}}".formatted(pk),
            "{\"pk\":{\"S\":\"%s\"},\"n\":{\"N\":\"%d\"}}".formatted(pk, steps.size())));
  }

  private static String kafkaKey(String pk) {
    return "{\"pk\":\"" + pk + "\"}";
  }

  /**
   * All that was written, by Kafka key in order: what {@link Steps#byKey} gives if none repeats.
   */
  public Map<String, List<Integer>> written() {
    return written;
  }

  /**
   * Whether the last step of each item is there. What repeats comes before it, as keys have order.
   */
  public boolean endIsIn(List<TopicRecord> records) {
    Map<String, List<Integer>> seen = Steps.byKey(records);
    return written.entrySet().stream()
        .allMatch(
            item -> seen.getOrDefault(item.getKey(), List.of()).contains(item.getValue().size()));
  }
}
