package io.github.dynamokc.delivery;

import java.util.ArrayList;
import java.util.List;

/**
 * Records on their way to the queue: of a page of changes, or of a data file, in parts, so that a
 * thread that waits for room holds few besides what it reads. Not thread-safe.
 */
public final class RecordBatch {
  private static final int FULL_RECORDS = 256;
  private static final long FULL_BYTES = 512 * 1024;

  private List<TrackedRecord> records = new ArrayList<>();
  private long bytes;

  public void add(TrackedRecord record) {
    records.add(record);
    bytes += record.bytes();
  }

  /** Whether it is time to {@link #take} them. */
  public boolean isFull() {
    return records.size() >= FULL_RECORDS || bytes >= FULL_BYTES;
  }

  /** Gives the records, and begins another batch. */
  public List<TrackedRecord> take() {
    List<TrackedRecord> taken = records;
    records = new ArrayList<>(taken.size());
    bytes = 0;
    return taken;
  }
}
