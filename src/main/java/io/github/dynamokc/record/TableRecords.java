package io.github.dynamokc.record;

import io.github.dynamokc.config.KeyFormat;
import io.github.dynamokc.config.RemoveView;
import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.offset.Delivery;
import io.github.dynamokc.offset.SourcePartition;
import org.jspecify.annotations.Nullable;

/**
 * How the records of one table are made.
 *
 * @param table the table's name
 * @param topic the topic for its items and changes
 * @param partitionKey name of the partition key attribute
 * @param sortKey name of the sort key attribute, null without one
 * @param removeView which image a REMOVE carries as its value
 */
public record TableRecords(
    String table,
    String topic,
    String partitionKey,
    @Nullable String sortKey,
    KeyFormat keyFormat,
    RemoveView removeView) {

  /**
   * A maker of the records of one data file, for one thread.
   *
   * @param exportTimeMs the export's point in time, epoch ms
   * @param version a document version below that of every change that is kept
   * @param delivery told of the fate of each record
   */
  public FileRecords ofFile(
      SourcePartition.OfFile partition, long exportTimeMs, long version, Delivery delivery) {
    return new FileRecords(this, partition, exportTimeMs, version, delivery);
  }

  /**
   * A maker of the records of changes, for one thread; it keeps buffers, so make few and use them
   * for many records.
   */
  public RecordMaker maker() {
    return new RecordMaker(this);
  }

  /** The key of a record in Kafka. */
  String kafkaKey(ItemKey key) {
    return switch (keyFormat) {
      case JSON -> key.json();
      case PRIMARY_KEY -> key.primaryKey();
    };
  }
}
