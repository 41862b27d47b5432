package io.github.dynamokc.record;

import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.event.NetChange;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.SourcePartition;
import java.util.List;

/**
 * Makes the records of one data file of an incremental export. They are those of changes of a
 * shard, but for what a line does not tell: they have no headers with an event id, a sequence
 * number or a shard. Envelopes have {@code incremental} as {@code source.snapshot}. Not
 * thread-safe, as it reuses its buffers.
 */
public final class NetChangeRecordConverter {
  private final ChangeRecords records;
  private final long version;
  private final DeliveryCallback delivery;

  NetChangeRecordConverter(
      TableRecords table,
      SourcePartition.OfFile partition,
      long version,
      DeliveryCallback delivery) {
    this.records = new ChangeRecords(table, partition, null);
    this.version = version;
    this.delivery = delivery;
  }

  /**
   * The records of a change, at least one. Only the last of them has the change's line as its
   * offset: were the first acknowledged and the others lost in a crash, the line must come again.
   *
   * @param before the file's offset before the line
   * @param behind the file's offset behind it
   * @throws io.github.dynamokc.json.MalformedJsonException if an image or the keys are malformed
   * @throws OversizedRecordException if a record is larger than Kafka takes
   * @throws InterruptedException if the work is stopped while it waits for a schema
   */
  public List<TrackedRecord> change(NetChange change, FileOffset before, FileOffset behind)
      throws InterruptedException {
    return records.of(change, version, before, behind, delivery);
  }
}
