package io.github.dynamokc.record;

import io.github.dynamokc.item.ItemKey;
import org.apache.kafka.connect.header.Header;

/** The headers that say which item of which table a record is about. Thread-safe. */
final class KeyHeaders {
  private final HeaderNames names;
  private final Header table;

  KeyHeaders(HeaderNames names, String table) {
    this.names = names;
    this.table = ItemHeader.of(names.tableName, table);
  }

  /** How many there are. */
  int count(ItemKey key) {
    return key.sort() == null ? 3 : 4;
  }

  /** Makes one of them. */
  Header header(ItemKey key, int index) {
    return switch (index) {
      case 0 -> table;
      case 1 -> ItemHeader.of(names.partitionKey, key.partition().text());
      case 2 ->
          key.sort() == null ? primaryKey(key) : ItemHeader.of(names.sortKey, key.sort().text());
      case 3 -> primaryKey(key);
      default -> throw new IndexOutOfBoundsException(index);
    };
  }

  private Header primaryKey(ItemKey key) {
    return ItemHeader.of(names.primaryKey, key.primaryKey());
  }
}
