package io.github.dynamokc.record;

import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.item.KeyValue;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;

/** The headers that say which item of which table a record is about. Thread-safe. */
final class KeyHeaders {
  private final Header table;

  KeyHeaders(String table) {
    this.table =
        new ConnectHeaders()
            .addString(HeaderNames.TABLE_NAME, table)
            .lastWithName(HeaderNames.TABLE_NAME);
  }

  /** New headers, to which more may be added. */
  Headers of(ItemKey key) {
    Headers headers = new ConnectHeaders().add(table);
    headers.addString(HeaderNames.PARTITION_KEY, key.partition().text());
    KeyValue sort = key.sort();
    if (sort != null) {
      headers.addString(HeaderNames.SORT_KEY, sort.text());
    }
    return headers.addString(HeaderNames.PRIMARY_KEY, key.primaryKey());
  }
}
