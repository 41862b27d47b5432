package io.github.dynamokc.testing;

import io.github.dynamokc.offset.SourceOffset;
import io.github.dynamokc.offset.SourcePartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * Committed offsets by partition; answers as Connect's reader does, null for what is not there.
 * Thread-safe.
 */
public final class CommittedOffsets implements OffsetStorageReader {
  private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
  private final List<Integer> reads = new ArrayList<>();

  /** A null offset takes the partition's away, as a tombstone does. */
  public synchronized CommittedOffsets commit(
      Map<String, ?> partition, @Nullable Map<String, ?> offset) {
    if (offset == null) {
      offsets.remove(partition);
    } else {
      offsets.put(partition, new HashMap<>(offset));
    }
    return this;
  }

  public CommittedOffsets commit(SourcePartition partition, SourceOffset offset) {
    return commit(partition.toConnect(), offset.toConnect());
  }

  /** As if it had never been committed. */
  public synchronized void forget(SourcePartition partition) {
    offsets.remove(partition.toConnect());
  }

  /** What is committed of a partition, null for nothing. */
  public synchronized @Nullable SourceOffset get(SourcePartition partition) {
    Map<String, Object> offset = offsets.get(partition.toConnect());
    return offset == null ? null : SourceOffset.fromConnect(partition, offset);
  }

  /** How many partitions have an offset. */
  public synchronized int size() {
    return offsets.size();
  }

  /** How many partitions of a kind have an offset. */
  public synchronized int size(String kind) {
    return (int) offsets.keySet().stream().filter(p -> kind.equals(p.get("kind"))).count();
  }

  /** How many partitions each read asked for. */
  public synchronized List<Integer> reads() {
    return List.copyOf(reads);
  }

  @Override
  public <T> Map<String, Object> offset(Map<String, T> partition) {
    throw new UnsupportedOperationException(
        "One partition at a time costs a read of the topic each");
  }

  @Override
  public synchronized <T> Map<Map<String, T>, Map<String, Object>> offsets(
      Collection<Map<String, T>> partitions) {
    reads.add(partitions.size());
    Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
    partitions.forEach(partition -> found.put(partition, offsets.get(partition)));
    return found;
  }
}
