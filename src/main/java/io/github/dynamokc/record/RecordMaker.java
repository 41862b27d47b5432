package io.github.dynamokc.record;

import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.JsonCursor;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.event.Slice;
import io.github.dynamokc.event.UserIdentity;
import io.github.dynamokc.offset.Delivery;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourceOffset;
import io.github.dynamokc.offset.SourcePartition;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of a table from exported items and from changes: key, plain JSON value and
 * headers. Not thread-safe, as it reuses its buffers.
 */
public final class RecordMaker {
  private static final String INDEX = "index";
  private static final String DELETE = "delete";
  private static final String NO_IMAGE = "{}";

  private final TableRecords table;
  private final KeyNames keyNames;
  private final ItemTranscoder transcoder;
  private final ByteSink value = new ByteSink();
  private final JsonCursor cursor = new JsonCursor();

  RecordMaker(TableRecords table) {
    this.table = table;
    this.keyNames = new KeyNames(table.partitionKey(), table.sortKey());
    this.transcoder = new ItemTranscoder(keyNames);
  }

  /**
   * The record of an item of an export.
   *
   * @param item where the item's object is next; it is stepped over
   * @param exportTimeMs the export's point in time, epoch ms
   * @param version a document version below that of every change that is kept
   * @throws io.github.dynamokc.event.MalformedJsonException if the item is none, or has no key
   */
  public TrackedRecord item(
      JsonCursor item,
      long exportTimeMs,
      long version,
      SourcePartition.OfFile partition,
      FileOffset offset,
      Delivery delivery) {
    String json = plainJson(item);
    ItemKey key = keyNames.key(read(transcoder.partitionKey()), read(transcoder.sortKey()));
    Headers headers = headers(key, exportTimeMs, version, INDEX);
    headers.addString(HeaderNames.EVENT_NAME, null);
    headers.addBoolean(HeaderNames.TTL_DELETE, false);
    return record(partition, offset, key, json, exportTimeMs, headers, delivery);
  }

  /**
   * The record of a change.
   *
   * @throws io.github.dynamokc.event.MalformedJsonException if an image or the keys are malformed
   */
  public TrackedRecord change(
      ItemChange change, SourcePartition.OfShard partition, ShardOffset.Read offset, Delivery to) {
    ItemKey key = keyNames.read(change.keys());
    boolean removed = change.operation() == Operation.REMOVE;
    Slice image = removed ? removedImage(change) : change.newImage();
    Headers headers =
        headers(key, change.createdAtMs(), offset.version(), removed ? DELETE : INDEX);
    headers.addString(HeaderNames.EVENT_NAME, change.operation().name());
    UserIdentity user = change.userIdentity();
    headers.addBoolean(HeaderNames.TTL_DELETE, removed && user != null && user.isTimeToLive());
    headers.addString(HeaderNames.EVENT_ID, change.eventId());
    headers.addString(HeaderNames.SEQUENCE_NUMBER, change.sequenceNumber());
    headers.addString(HeaderNames.SHARD_ID, partition.shard());
    String json = image == null ? NO_IMAGE : plainJson(cursor.reset(image));
    return record(partition, offset, key, json, change.createdAtMs(), headers, to);
  }

  private @Nullable Slice removedImage(ItemChange change) {
    return switch (table.removeView()) {
      case NEW_IMAGE -> change.newImage();
      case OLD_IMAGE -> change.oldImage() != null ? change.oldImage() : change.newImage();
    };
  }

  private String plainJson(JsonCursor item) {
    value.clear();
    transcoder.transcode(item, value);
    return value.text();
  }

  private static @Nullable KeyValue read(@Nullable Slice typedValue) {
    return typedValue == null ? null : KeyValue.read(typedValue);
  }

  private Headers headers(ItemKey key, long timestampMs, long version, String action) {
    Headers headers = new ConnectHeaders();
    headers.addString(HeaderNames.TABLE_NAME, table.table());
    headers.addString(HeaderNames.PARTITION_KEY, key.partition().text());
    KeyValue sort = key.sort();
    if (sort != null) {
      headers.addString(HeaderNames.SORT_KEY, sort.text());
    }
    headers.addString(HeaderNames.PRIMARY_KEY, key.primaryKey());
    headers.addLong(HeaderNames.TIMESTAMP, timestampMs);
    headers.addLong(HeaderNames.DOCUMENT_VERSION, version);
    headers.addString(HeaderNames.ACTION, action);
    return headers;
  }

  private TrackedRecord record(
      SourcePartition partition,
      SourceOffset offset,
      ItemKey key,
      String json,
      long timestampMs,
      Headers headers,
      Delivery delivery) {
    String kafkaKey =
        switch (table.keyFormat()) {
          case JSON -> key.json();
          case PRIMARY_KEY -> key.primaryKey();
        };
    return new TrackedRecord(
        partition, offset, table.topic(), kafkaKey, json, timestampMs, headers, delivery);
  }
}
