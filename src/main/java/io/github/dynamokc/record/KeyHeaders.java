package io.github.dynamokc.record;

import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.item.KeyValue;
import org.apache.kafka.connect.header.Header;

/** The headers that say which item of which table a record is about. Thread-safe. */
final class KeyHeaders {
  private final HeaderNames names;
  private final Header table;

  KeyHeaders(HeaderNames names, String table) {
    this.names = names;
    this.table = ItemHeader.of(names.tableName, table);
  }

  /**
   * New headers.
   *
   * @param more what comes after those of the item
   */
  CompactHeaders of(ItemKey key, Header... more) {
    KeyValue sort = key.sort();
    Header[] headers = new Header[(sort == null ? 3 : 4) + more.length];
    int count = 0;
    headers[count++] = table;
    headers[count++] = ItemHeader.of(names.partitionKey, key.partition().text());
    if (sort != null) {
      headers[count++] = ItemHeader.of(names.sortKey, sort.text());
    }
    headers[count++] = ItemHeader.of(names.primaryKey, key.primaryKey());
    System.arraycopy(more, 0, headers, count, more.length);
    return new CompactHeaders(headers);
  }
}
