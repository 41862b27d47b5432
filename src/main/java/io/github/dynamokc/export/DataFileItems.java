package io.github.dynamokc.export;

import io.github.dynamokc.delivery.RecordBatch;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.record.ExportRecordConverter;

/** The items of one data file of a full export. Not thread-safe. */
final class DataFileItems extends DataFileLines {
  private final ExportRecordConverter records;
  private final boolean skipped;

  /**
   * @param text the file's text; whoever opened the file closes it
   * @param skipped whether its items are left out
   */
  DataFileItems(DataFileText text, ExportRecordConverter records, boolean skipped) {
    super(text);
    this.records = records;
    this.skipped = skipped;
  }

  /** A line that is left out is not even looked at. */
  @Override
  boolean addTo(RecordBatch batch) throws InterruptedException {
    if (skipped) {
      return false;
    }
    batch.add(record());
    return true;
  }

  /**
   * The record of the item it stands at. A line is an object with one member that counts, {@code
   * Item}.
   *
   * @throws MalformedJsonException if the line is no item
   * @throws InterruptedException if the work is stopped while it waits for a schema
   */
  TrackedRecord record() throws InterruptedException {
    TrackedRecord record = null;
    JsonCursor line = cursor();
    for (boolean more = line.beginObject(); more; more = line.nextMember()) {
      line.readName();
      if (line.tokenIs("Item")) {
        record = records.item(line, offset());
      } else {
        line.skipValue();
      }
    }
    line.expectEnd();
    if (record == null) {
      throw new MalformedJsonException("there is no 'Item'");
    }
    return record;
  }
}
