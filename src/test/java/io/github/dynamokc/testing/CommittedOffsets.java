package io.github.dynamokc.testing;

import io.github.dynamokc.offset.SourceOffset;
import io.github.dynamokc.offset.SourcePartition;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** Connect's committed offsets, held in memory. */
public final class CommittedOffsets implements OffsetStorageReader {
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new LinkedHashMap<>();

  /** Commits what a record carries. */
  public synchronized void put(Map<String, ?> partition, Map<String, ?> offset) {
    offsets.put(partition, offset);
  }

  public synchronized void put(SourcePartition partition, SourceOffset offset) {
    put(partition.toConnect(), offset.toConnect());
  }

  public synchronized @Nullable SourceOffset get(SourcePartition partition) {
    Map<String, ?> offset = offsets.get(partition.toConnect());
    return offset == null ? null : SourceOffset.fromConnect(partition, offset);
  }

  @Override
  public <T> Map<String, Object> offset(Map<String, T> partition) {
    throw new UnsupportedOperationException("The connector asks for many at once");
  }

  @Override
  public synchronized <T> Map<Map<String, T>, Map<String, Object>> offsets(
      Collection<Map<String, T>> partitions) {
    Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
    for (Map<String, T> partition : partitions) {
      Map<String, ?> offset = offsets.get(partition);
      if (offset != null) {
        found.put(partition, new HashMap<>(offset));
      }
    }
    return found;
  }
}
