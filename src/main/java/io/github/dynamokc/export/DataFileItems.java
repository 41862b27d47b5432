package io.github.dynamokc.export;

import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.record.ExportRecordConverter;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * The items of one data file, one after the other: gunzip, lines, records, and nothing held but the
 * line it stands at. Not thread-safe.
 */
final class DataFileItems {
  private static final int GZIP_BUFFER = 64 * 1024;

  private final LineReader lines;
  private final ExportRecordConverter records;
  private final JsonCursor cursor = new JsonCursor();
  private long line;
  private long count;

  /**
   * @param compressed the file as it is in S3; whoever opened it closes it
   */
  DataFileItems(InputStream compressed, ExportRecordConverter records) throws IOException {
    this.lines = new LineReader(new GZIPInputStream(compressed, GZIP_BUFFER));
    this.records = records;
  }

  /**
   * Goes to the next item. Blank lines hold none.
   *
   * @return false at the end of the file
   * @throws MalformedJsonException if the line is too long to be an item
   */
  boolean next() throws IOException {
    do {
      line++;
      if (!lines.next()) {
        return false;
      }
    } while (lines.isBlank());
    count++;
    return true;
  }

  /** The number of the line that was looked at last, from 1. */
  long line() {
    return line;
  }

  /** How many items there were so far. */
  long count() {
    return count;
  }

  /** How many bytes the line has that it stands at. */
  int length() {
    return lines.to() - lines.from();
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
    cursor.reset(lines.buffer(), lines.from(), lines.to());
    for (boolean more = cursor.beginObject(); more; more = cursor.nextMember()) {
      cursor.readName();
      if (cursor.tokenIs("Item")) {
        record = records.item(cursor, count);
      } else {
        cursor.skipValue();
      }
    }
    cursor.expectEnd();
    if (record == null) {
      throw new MalformedJsonException("there is no 'Item'");
    }
    return record;
  }
}
