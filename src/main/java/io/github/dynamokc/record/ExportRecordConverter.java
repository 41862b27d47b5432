package io.github.dynamokc.record;

import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.SourcePartition;
import java.util.Map;

/**
 * Makes the records of the items of one data file: key, value and headers. What is the same in all
 * of them is made once and shared. Not thread-safe, as it reuses its buffers.
 */
public final class ExportRecordConverter {
  private final String topic;
  private final KeyMaker keys;
  private final ValueMaker values;
  private final ExportHeaders headers;
  private final RecordSize size;
  private final Map<String, Object> partition;
  private final SourceInfo origin;
  private final DeliveryCallback delivery;

  ExportRecordConverter(
      TableRecords table,
      SourcePartition.OfFile partition,
      long exportTimeMs,
      long version,
      DeliveryCallback delivery) {
    this.topic = table.topic();
    this.keys = table.keyMaker();
    this.values = table.valueMaker();
    this.headers = new ExportHeaders(table.headerNames(), table.table(), exportTimeMs, version);
    this.size = table.size();
    this.partition = partition.toConnect();
    this.origin = SourceInfo.ofExport(exportTimeMs);
    this.delivery = delivery;
  }

  /**
   * The record of an item.
   *
   * @param item where the item's object is next; it is stepped over
   * @param behind the file's offset behind the item
   * @throws io.github.dynamokc.json.MalformedJsonException if the item is none, or has no key
   * @throws OversizedRecordException if the record is larger than Kafka takes
   * @throws InterruptedException if the work is stopped while it waits for a schema
   */
  public TrackedRecord item(JsonCursor item, FileOffset behind) throws InterruptedException {
    ValueMaker.Exported exported = values.exported(item, origin);
    return size.checked(
        new TrackedRecord(
            partition,
            behind.toConnect(),
            topic,
            keys.of(exported.key()),
            exported.value(),
            origin.timestampMs(),
            headers.of(exported.key()),
            delivery,
            false));
  }
}
