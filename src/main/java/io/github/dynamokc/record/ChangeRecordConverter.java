package io.github.dynamokc.record;

import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import java.util.List;

/**
 * Makes the records of a shard from changes: key, value and headers. Not thread-safe, as it reuses
 * its buffers.
 */
public final class ChangeRecordConverter {
  private final ChangeRecords records;

  ChangeRecordConverter(TableRecords table, SourcePartition.OfShard shard) {
    this.records = new ChangeRecords(table, shard, shard.shard());
  }

  /**
   * The records of a change, at least one. Only the last of them has the change as its offset: were
   * the first acknowledged and the others lost in a crash, the change must come again.
   *
   * @param before the shard's offset before the change
   * @param offset the offset that the change is read
   * @throws io.github.dynamokc.json.MalformedJsonException if an image or the keys are malformed
   * @throws OversizedRecordException if a record is larger than Kafka takes
   * @throws InterruptedException if the work is stopped while it waits for a schema
   */
  public List<TrackedRecord> change(
      ItemChange change, ShardOffset before, ShardOffset.Read offset, DeliveryCallback to)
      throws InterruptedException {
    return records.of(change, offset.version(), before, offset, to);
  }
}
