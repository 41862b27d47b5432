package io.github.dynamokc.record;

import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.item.KeyValue;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;

/** The headers that say which item of which table a record is about. Thread-safe. */
final class KeyHeaders {
  private final HeaderNames names;
  private final Header table;

  KeyHeaders(HeaderNames names, String table) {
    this.names = names;
    this.table =
        new ConnectHeaders().addString(names.tableName, table).lastWithName(names.tableName);
  }

  /** New headers, to which more may be added. */
  Headers of(ItemKey key) {
    Headers headers = new ConnectHeaders().add(table);
    headers.addString(names.partitionKey, key.partition().text());
    KeyValue sort = key.sort();
    if (sort != null) {
      headers.addString(names.sortKey, sort.text());
    }
    return headers.addString(names.primaryKey, key.primaryKey());
  }
}
