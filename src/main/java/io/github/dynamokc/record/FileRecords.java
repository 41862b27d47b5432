package io.github.dynamokc.record;

import io.github.dynamokc.event.JsonCursor;
import io.github.dynamokc.item.ByteSink;
import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.item.ItemTranscoder;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.offset.Delivery;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.SourcePartition;
import java.util.Map;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;

/**
 * Makes the records of the items of one data file: key, plain JSON value and headers. What is the
 * same in all of them is made once and shared. Not thread-safe, as it reuses its buffers.
 */
public final class FileRecords {
  private final TableRecords table;
  private final KeyNames keyNames;
  private final ItemTranscoder transcoder;
  private final KeyHeaders keyHeaders;
  private final ConnectHeaders sameHeaders = new ConnectHeaders();
  private final Map<String, Object> partition;
  private final Long exportTimeMs;
  private final Delivery delivery;
  private final ByteSink value = new ByteSink();

  FileRecords(
      TableRecords table,
      SourcePartition.OfFile partition,
      long exportTimeMs,
      long version,
      Delivery delivery) {
    this.table = table;
    this.keyNames = new KeyNames(table.partitionKey(), table.sortKey());
    this.transcoder = ItemTranscoder.toPlainJson(keyNames);
    this.keyHeaders = new KeyHeaders(table.table());
    this.partition = partition.toConnect();
    this.exportTimeMs = exportTimeMs;
    this.delivery = delivery;
    sameHeaders.addLong(HeaderNames.TIMESTAMP, exportTimeMs);
    sameHeaders.addLong(HeaderNames.DOCUMENT_VERSION, version);
    sameHeaders.addString(HeaderNames.ACTION, HeaderNames.INDEX);
    sameHeaders.addString(HeaderNames.EVENT_NAME, null);
    sameHeaders.addBoolean(HeaderNames.TTL_DELETE, false);
  }

  /**
   * The record of an item.
   *
   * @param item where the item's object is next; it is stepped over
   * @param number the item's place in the file, from 1
   * @throws io.github.dynamokc.event.MalformedJsonException if the item is none, or has no key
   */
  public TrackedRecord item(JsonCursor item, long number) {
    value.clear();
    transcoder.transcode(item, value);
    ItemKey key = keyNames.key(transcoder.partitionKey(), transcoder.sortKey());
    Headers headers = keyHeaders.of(key);
    for (Header same : sameHeaders) {
      headers.add(same);
    }
    return new TrackedRecord(
        partition,
        new FileOffset(number, false).toConnect(),
        table.topic(),
        table.kafkaKey(key),
        value.text(),
        exportTimeMs,
        headers,
        delivery);
  }
}
