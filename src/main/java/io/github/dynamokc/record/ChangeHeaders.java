package io.github.dynamokc.record;

import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.item.ItemKey;
import org.apache.kafka.connect.header.Header;

/** The headers of changes of one shard. What is the same in many is made once. Thread-safe. */
final class ChangeHeaders {
  private static final int BESIDES_KEY = 8;

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

  /** The change itself is not kept, as its images are part of an answer of AWS. */
  CompactHeaders of(ItemChange change, ItemKey key, long version) {
    return new OfChange(
        key,
        change.operation(),
        change.isTimeToLive(),
        change.createdAtMs(),
        version,
        change.eventId(),
        change.sequenceNumber());
  }

  private final class OfChange extends CompactHeaders {
    private final ItemKey key;
    private final Operation operation;
    private final boolean isTimeToLive;
    private final long createdAtMs;
    private final long version;
    private final String eventId;
    private final String sequence;

    private OfChange(
        ItemKey key,
        Operation operation,
        boolean isTimeToLive,
        long createdAtMs,
        long version,
        String eventId,
        String sequence) {
      this.key = key;
      this.operation = operation;
      this.isTimeToLive = isTimeToLive;
      this.createdAtMs = createdAtMs;
      this.version = version;
      this.eventId = eventId;
      this.sequence = sequence;
    }

    @Override
    int count() {
      return item.count(key) + BESIDES_KEY;
    }

    @Override
    Header header(int index) {
      int ofItem = item.count(key);
      if (index < ofItem) {
        return item.header(key, index);
      }
      return switch (index - ofItem) {
        case 0 -> ItemHeader.of(names.timestamp, createdAtMs);
        case 1 -> ItemHeader.of(names.documentVersion, version);
        case 2 -> operation == Operation.REMOVE ? deleted : indexed;
        case 3 -> eventName();
        case 4 -> isTimeToLive ? timeToLive : noTimeToLive;
        case 5 -> ItemHeader.of(names.eventId, eventId);
        case 6 -> ItemHeader.of(names.sequenceNumber, sequence);
        case 7 -> shard;
        default -> throw new IndexOutOfBoundsException(index);
      };
    }

    private Header eventName() {
      return switch (operation) {
        case INSERT -> insert;
        case MODIFY -> modify;
        case REMOVE -> remove;
      };
    }

    @Override
    CompactHeaders copy() {
      return new OfChange(key, operation, isTimeToLive, createdAtMs, version, eventId, sequence);
    }
  }
}
