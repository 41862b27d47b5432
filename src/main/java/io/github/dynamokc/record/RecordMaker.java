package io.github.dynamokc.record;

import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.JsonCursor;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.event.Slice;
import io.github.dynamokc.event.UserIdentity;
import io.github.dynamokc.item.ByteSink;
import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.item.ItemTranscoder;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.offset.Delivery;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import org.apache.kafka.connect.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of a table from changes: key, plain JSON value and headers. Not thread-safe, as
 * it reuses its buffers.
 */
public final class RecordMaker {
  private static final String NO_IMAGE = "{}";

  private final TableRecords table;
  private final KeyNames keyNames;
  private final KeyHeaders keyHeaders;
  private final ItemTranscoder transcoder = ItemTranscoder.toPlainJson(null);
  private final ByteSink value = new ByteSink();
  private final JsonCursor cursor = new JsonCursor();

  RecordMaker(TableRecords table) {
    this.table = table;
    this.keyNames = new KeyNames(table.partitionKey(), table.sortKey());
    this.keyHeaders = new KeyHeaders(table.table());
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
        headers(
            key,
            change.createdAtMs(),
            offset.version(),
            removed ? HeaderNames.DELETE : HeaderNames.INDEX);
    headers.addString(HeaderNames.EVENT_NAME, change.operation().name());
    UserIdentity user = change.userIdentity();
    headers.addBoolean(HeaderNames.TTL_DELETE, removed && user != null && user.isTimeToLive());
    headers.addString(HeaderNames.EVENT_ID, change.eventId());
    headers.addString(HeaderNames.SEQUENCE_NUMBER, change.sequenceNumber());
    headers.addString(HeaderNames.SHARD_ID, partition.shard());
    String json = image == null ? NO_IMAGE : plainJson(cursor.reset(image));
    return new TrackedRecord(
        partition.toConnect(),
        offset.toConnect(),
        table.topic(),
        table.kafkaKey(key),
        json,
        change.createdAtMs(),
        headers,
        to);
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

  private Headers headers(ItemKey key, long timestampMs, long version, String action) {
    Headers headers = keyHeaders.of(key);
    headers.addLong(HeaderNames.TIMESTAMP, timestampMs);
    headers.addLong(HeaderNames.DOCUMENT_VERSION, version);
    headers.addString(HeaderNames.ACTION, action);
    return headers;
  }
}
