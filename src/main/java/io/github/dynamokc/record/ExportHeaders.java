package io.github.dynamokc.record;

import io.github.dynamokc.item.ItemKey;
import org.apache.kafka.connect.header.Header;

/** The headers of items of one data file. What is the same in all is made once. Thread-safe. */
final class ExportHeaders {
  private final KeyHeaders item;
  private final Header[] same;

  /**
   * @param exportTimeMs the export's point in time, epoch ms
   */
  ExportHeaders(HeaderNames names, String table, long exportTimeMs, long version) {
    this.item = new KeyHeaders(names, table);
    this.same =
        new Header[] {
          ItemHeader.of(names.timestamp, exportTimeMs),
          ItemHeader.of(names.documentVersion, version),
          ItemHeader.of(names.action, HeaderNames.INDEX),
          ItemHeader.none(names.eventName),
          ItemHeader.of(names.ttlDelete, false)
        };
  }

  CompactHeaders of(ItemKey key) {
    return new OfItem(key);
  }

  private final class OfItem extends CompactHeaders {
    private final ItemKey key;

    private OfItem(ItemKey key) {
      this.key = key;
    }

    @Override
    int count() {
      return item.count(key) + same.length;
    }

    @Override
    Header header(int index) {
      int ofItem = item.count(key);
      return index < ofItem ? item.header(key, index) : same[index - ofItem];
    }

    @Override
    CompactHeaders copy() {
      return new OfItem(key);
    }
  }
}
