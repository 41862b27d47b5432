package io.github.dynamokc.record;

import io.github.dynamokc.config.DeleteMode;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.header.Headers;

/**
 * Makes the records of a table from changes: key, value and headers. Not thread-safe, as it reuses
 * its buffers.
 */
public final class ChangeRecordConverter {
  private final String topic;
  private final KeyNames keyNames;
  private final KeyMaker keys;
  private final ValueMaker values;
  private final DeleteMode deleteMode;
  private final HeaderNames names;
  private final KeyHeaders keyHeaders;
  private final RecordSize size;

  ChangeRecordConverter(TableRecords table) {
    this.topic = table.topic();
    this.keyNames = table.keyNames();
    this.keys = table.keyMaker();
    this.values = table.valueMaker();
    this.deleteMode = table.config().deleteMode();
    this.names = table.headerNames();
    this.keyHeaders = new KeyHeaders(names, table.table());
    this.size = table.size();
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
      ItemChange change,
      SourcePartition.OfShard partition,
      ShardOffset before,
      ShardOffset.Read offset,
      DeliveryCallback to)
      throws InterruptedException {
    ItemKey key = keyNames.read(change.keys());
    boolean removed = change.operation() == Operation.REMOVE;
    List<Payload> payloads = new ArrayList<>(2);
    if (!removed || deleteMode.writesDocument()) {
      payloads.add(values.changed(change, partition.shard()));
    }
    if (removed && deleteMode.writesTombstone()) {
      payloads.add(Payload.NONE);
    }
    List<TrackedRecord> records = new ArrayList<>(payloads.size());
    for (int i = 0; i < payloads.size(); i++) {
      boolean last = i == payloads.size() - 1;
      records.add(
          size.checked(
              new TrackedRecord(
                  partition.toConnect(),
                  (last ? offset : before).toConnect(),
                  topic,
                  keys.of(key),
                  payloads.get(i),
                  change.createdAtMs(),
                  headers(change, key, partition.shard(), offset.version()),
                  to,
                  !last)));
    }
    return records;
  }

  private Headers headers(ItemChange change, ItemKey key, String shard, long version) {
    boolean removed = change.operation() == Operation.REMOVE;
    Headers headers = keyHeaders.of(key);
    headers.addLong(names.timestamp, change.createdAtMs());
    headers.addLong(names.documentVersion, version);
    headers.addString(names.action, removed ? HeaderNames.DELETE : HeaderNames.INDEX);
    headers.addString(names.eventName, change.operation().name());
    headers.addBoolean(names.ttlDelete, change.isTimeToLive());
    headers.addString(names.eventId, change.eventId());
    headers.addString(names.sequenceNumber, change.sequenceNumber());
    headers.addString(names.shardId, shard);
    return headers;
  }
}
