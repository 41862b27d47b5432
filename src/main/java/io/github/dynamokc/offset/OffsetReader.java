package io.github.dynamokc.offset;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * Loads committed offsets. Reads go to the end of Connect's offsets topic: what was committed
 * before the call is seen. Safe for use by several threads, as Connect's reader is.
 */
public final class OffsetReader {
  private final OffsetStorageReader offsets;

  public OffsetReader(OffsetStorageReader offsets) {
    this.offsets = offsets;
  }

  public @Nullable TableOffset table(String table) {
    SourcePartition partition = new SourcePartition.OfTable(table);
    return (TableOffset) read(List.of(table), name -> partition).get(table);
  }

  /**
   * What was told last of a table that is not followed; null for nothing.
   *
   * @throws MalformedOffsetException if it is not understood
   */
  public @Nullable TroubleOffset trouble(String table) {
    SourcePartition partition = new SourcePartition.OfTrouble(table);
    return (TroubleOffset) read(List.of(table), name -> partition).get(table);
  }

  /**
   * The tables that the connector followed, as committed last.
   *
   * @throws MalformedOffsetException if that is not understood
   */
  public List<String> tables() {
    SourceOffset offset = read(List.of(""), name -> new SourcePartition.OfTables()).get("");
    return offset == null ? List.of() : ((TablesOffset) offset).tables();
  }

  /** The offsets of those data files that have one, by S3 key. */
  public Map<String, FileOffset> files(String table, String export, Collection<String> keys) {
    Map<String, FileOffset> found = new HashMap<>();
    read(keys, key -> new SourcePartition.OfFile(table, export, key))
        .forEach((key, offset) -> found.put(key, (FileOffset) offset));
    return found;
  }

  /** The offsets of those shards that have one, by shard id. */
  public Map<String, ShardOffset> shards(String table, String stream, Collection<String> ids) {
    Map<String, ShardOffset> found = new HashMap<>();
    read(ids, id -> new SourcePartition.OfShard(table, stream, id))
        .forEach((id, offset) -> found.put(id, (ShardOffset) offset));
    return found;
  }

  /** The shards that some tasks have written offsets of, by the ARN of their stream. */
  public Map<String, List<String>> shardsOf(String table, Collection<String> tasks) {
    Map<String, List<String>> found = new HashMap<>();
    for (SourceOffset offset :
        read(tasks, task -> new SourcePartition.OfShards(table, task)).values()) {
      ((ShardsOffset) offset)
          .shards()
          .forEach(
              (stream, ids) -> found.computeIfAbsent(stream, arn -> new ArrayList<>()).addAll(ids));
    }
    return found;
  }

  /**
   * What some tasks have counted of a table, one for each that has committed it.
   *
   * @throws MalformedOffsetException if one is not understood
   */
  public List<CountsOffset> counts(String table, Collection<String> tasks) {
    return read(tasks, task -> new SourcePartition.OfCounts(table, task)).values().stream()
        .map(CountsOffset.class::cast)
        .toList();
  }

  /**
   * What tasks were given, by their numbers, of those that have committed it.
   *
   * @throws MalformedOffsetException if one is not understood
   */
  public Map<Integer, AssignmentOffset> assignments(Collection<Integer> tasks) {
    Map<Integer, AssignmentOffset> found = new HashMap<>();
    read(tasks.stream().map(String::valueOf).toList(), SourcePartition.OfAssignment::new)
        .forEach((task, offset) -> found.put(Integer.parseInt(task), (AssignmentOffset) offset));
    return found;
  }

  /** Those of some tasks that have committed what they were given, understood or not. */
  public List<Integer> committedAssignments(Collection<Integer> tasks) {
    List<Map<String, Object>> partitions =
        tasks.stream().map(task -> SourcePartition.OfAssignment.of(task).toConnect()).toList();
    Map<Map<String, Object>, Map<String, Object>> stored =
        partitions.isEmpty() ? Map.of() : offsets.offsets(partitions);
    return tasks.stream()
        .filter(task -> stored.get(SourcePartition.OfAssignment.of(task).toConnect()) != null)
        .toList();
  }

  private Map<String, SourceOffset> read(
      Collection<String> names, Function<String, SourcePartition> partitionOf) {
    List<Map<String, Object>> maps = new ArrayList<>(names.size());
    for (String name : names) {
      maps.add(partitionOf.apply(name).toConnect());
    }
    Map<Map<String, Object>, Map<String, Object>> stored = offsets.offsets(maps);
    Map<String, SourceOffset> found = new HashMap<>();
    int place = 0;
    for (String name : names) {
      Map<String, Object> offset = stored.get(maps.get(place++));
      if (offset != null) {
        found.put(name, SourceOffset.fromConnect(partitionOf.apply(name), offset));
      }
    }
    return found;
  }
}
