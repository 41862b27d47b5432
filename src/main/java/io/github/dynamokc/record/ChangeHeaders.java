package io.github.dynamokc.record;

import io.github.dynamokc.event.Change;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.item.ItemKey;
import java.util.Objects;
import org.apache.kafka.connect.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The headers of changes of one shard, or of one incremental export. What is the same in many is
 * made once. Thread-safe.
 */
final class ChangeHeaders {
  /** Of any change, besides those of its key. */
  private static final int OF_ALL = 5;

  /** More of a change of a shard: which event it was, and where. */
  private static final int OF_EVENT = 3;

  private final HeaderNames names;
  private final KeyHeaders item;
  private final Header indexed;
  private final Header deleted;
  private final Header insert;
  private final Header modify;
  private final Header remove;

  private final Header timeToLive;
  private final Header noTimeToLive;
  private final @Nullable Header shard;
  private final int besidesKey;

  /**
   * @param shard null for an incremental export
   */
  ChangeHeaders(HeaderNames names, String table, @Nullable String shard) {
    this.names = names;
    this.item = new KeyHeaders(names, table);
    this.indexed = ItemHeader.of(names.action, HeaderNames.INDEX);
    this.deleted = ItemHeader.of(names.action, HeaderNames.DELETE);
    this.insert = ItemHeader.of(names.eventName, Operation.INSERT.name());
    this.modify = ItemHeader.of(names.eventName, Operation.MODIFY.name());
    this.remove = ItemHeader.of(names.eventName, Operation.REMOVE.name());
    this.timeToLive = ItemHeader.of(names.ttlDelete, true);
    this.noTimeToLive = ItemHeader.of(names.ttlDelete, false);
    this.shard = shard == null ? null : ItemHeader.of(names.shardId, shard);
    this.besidesKey = shard == null ? OF_ALL : OF_ALL + OF_EVENT;
  }

  /** The change itself is not kept, as its images are part of an answer of AWS. */
  CompactHeaders of(Change change, ItemKey key, long version) {
    String eventId = null;
    String sequence = null;
    if (change instanceof ItemChange event) {
      eventId = event.eventId();
      sequence = event.sequenceNumber();
    }
    return new OfChange(
        key,
        change.operation(),
        change.isTimeToLive(),
        change.createdAtMs(),
        version,
        eventId,
        sequence);
  }

  private final class OfChange extends CompactHeaders {
    private final ItemKey key;
    private final Operation operation;
    private final boolean isTimeToLive;
    private final long createdAtMs;
    private final long version;
    private final @Nullable String eventId;
    private final @Nullable String sequence;

    private OfChange(
        ItemKey key,
        Operation operation,
        boolean isTimeToLive,
        long createdAtMs,
        long version,
        @Nullable String eventId,
        @Nullable String sequence) {
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
      return item.count(key) + besidesKey;
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
        case 5 -> ItemHeader.of(names.eventId, Objects.requireNonNull(eventId));
        case 6 -> ItemHeader.of(names.sequenceNumber, Objects.requireNonNull(sequence));
        case 7 -> Objects.requireNonNull(shard);
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
