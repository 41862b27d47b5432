package io.github.dynamokc.record;

import io.github.dynamokc.config.DeleteMode;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.event.Change;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.offset.SourceOffset;
import io.github.dynamokc.offset.SourcePartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of changes, wherever those come from: key, value and headers. Not thread-safe,
 * as it reuses its buffers.
 */
final class ChangeRecords {
  private final String topic;
  private final KeyNames keyNames;
  private final KeyMaker keys;
  private final ValueMaker values;
  private final DeleteMode deleteMode;
  private final ChangeHeaders headers;
  private final @Nullable String shard;
  private final Map<String, Object> partition;
  private final RecordSize size;
  private final JsonCursor cursor = new JsonCursor();

  /**
   * @param shard where the changes come from, null for an incremental export
   */
  ChangeRecords(TableRecords table, SourcePartition partition, @Nullable String shard) {
    this.topic = table.topic();
    this.keyNames = table.keyNames();
    this.keys = table.keyMaker();
    this.values = table.valueMaker();
    this.deleteMode = table.config().deleteMode();
    this.headers = new ChangeHeaders(table.headerNames(), table.table(), shard);
    this.shard = shard;
    this.partition = partition.toConnect();
    this.size = table.size();
  }

  /**
   * The records of a change, at least one. Only the last of them has the offset behind it: were the
   * first acknowledged and the others lost in a crash, the change must come again.
   *
   * @param version the change's document version
   * @param before the partition's offset before the change
   * @param behind the partition's offset behind the change
   * @throws io.github.dynamokc.json.MalformedJsonException if an image or the keys are malformed
   * @throws OversizedRecordException if a record is larger than Kafka takes
   * @throws InterruptedException if the work is stopped while it waits for a schema
   */
  List<TrackedRecord> of(
      Change change, long version, SourceOffset before, SourceOffset behind, DeliveryCallback to)
      throws InterruptedException {
    ItemKey key = keyNames.read(cursor.reset(change.keys()));
    boolean removed = change.operation() == Operation.REMOVE;
    List<Payload> payloads = new ArrayList<>(2);
    if (!removed || deleteMode.writesDocument()) {
      payloads.add(values.changed(change, shard));
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
                  partition,
                  (last ? behind : before).toConnect(),
                  topic,
                  keys.of(key),
                  payloads.get(i),
                  change.createdAtMs(),
                  headers.of(change, key, version),
                  to,
                  !last)));
    }
    return records;
  }
}
