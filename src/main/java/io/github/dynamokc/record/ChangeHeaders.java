package io.github.dynamokc.record;

import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.item.ItemKey;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;

/** The headers of changes of one shard. What is the same in many is made once. Thread-safe. */
final class ChangeHeaders {
  private final HeaderNames names;
  private final KeyHeaders item;
  private final Header indexed;
  private final Header deleted;
  private final Header insert;
  private final Header modify;
  private final Header remove;

  private final Header timeToLive;
  private final Header noTimeToLive;
  private final Header shard;

  ChangeHeaders(HeaderNames names, String table, String shard) {
    this.names = names;
    this.item = new KeyHeaders(names, table);
    this.indexed = ItemHeader.of(names.action, HeaderNames.INDEX);
    this.deleted = ItemHeader.of(names.action, HeaderNames.DELETE);
    this.insert = ItemHeader.of(names.eventName, Operation.INSERT.name());
    this.modify = ItemHeader.of(names.eventName, Operation.MODIFY.name());
    this.remove = ItemHeader.of(names.eventName, Operation.REMOVE.name());
    this.timeToLive = ItemHeader.of(names.ttlDelete, true);
    this.noTimeToLive = ItemHeader.of(names.ttlDelete, false);
    this.shard = ItemHeader.of(names.shardId, shard);
  }

  Headers of(ItemChange change, ItemKey key, long version) {
    return item.of(
        key,
        ItemHeader.of(names.timestamp, change.createdAtMs()),
        ItemHeader.of(names.documentVersion, version),
        change.operation() == Operation.REMOVE ? deleted : indexed,
        eventName(change.operation()),
        change.isTimeToLive() ? timeToLive : noTimeToLive,
        ItemHeader.of(names.eventId, change.eventId()),
        ItemHeader.of(names.sequenceNumber, change.sequenceNumber()),
        shard);
  }

  private Header eventName(Operation operation) {
    return switch (operation) {
      case INSERT -> insert;
      case MODIFY -> modify;
      case REMOVE -> remove;
    };
  }
}
