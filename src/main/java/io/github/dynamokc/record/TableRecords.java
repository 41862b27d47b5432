package io.github.dynamokc.record;

import io.github.dynamokc.config.KeyFormat;
import io.github.dynamokc.config.RemoveView;
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

  /** A maker for one thread; it keeps buffers, so make few and use them for many records. */
  public RecordMaker maker() {
    return new RecordMaker(this);
  }
}
