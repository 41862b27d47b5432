package io.github.dynamokc.export;

import io.github.dynamokc.delivery.RecordBatch;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.offset.FileOffset;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one data file, one after the other: gunzip, lines, records, and nothing held but the
 * line it stands at. Not thread-safe.
 */
abstract sealed class DataFileLines permits DataFileItems, DataFileChanges {
  private final DataFileText text;
  private final LineReader lines;
  private final JsonCursor cursor = new JsonCursor();

  /**
   * @param text the file's text; whoever opened the file closes it
   */
  DataFileLines(DataFileText text) {
    this.text = text;
    this.lines = text.lines();
  }

  /**
   * Goes to the next line that is not blank. Each of them is of one item.
   *
   * @return false at the end of the file
   * @throws io.github.dynamokc.json.MalformedJsonException if the line is too long to be of an item
   */
  final boolean next() throws IOException {
    return text.next();
  }

  /** The number of the line that was looked at last, from 1. */
  final long line() {
    return text.line();
  }

  /** How many items there were so far. */
  final long count() {
    return text.count();
  }

  /** The file's offset behind the line that it stands at. */
  FileOffset offset() {
    return new FileOffset(count(), false, 0, position());
  }

  /** A place at or before the line from which on the file can be read, null for its start. */
  final @Nullable String position() {
    return text.position();
  }

  /** How many bytes the line has that it stands at. */
  final int length() {
    return lines.to() - lines.from();
  }

  /** At the beginning of the line, and good until the next one. */
  final JsonCursor cursor() {
    return cursor.reset(lines.buffer(), lines.from(), lines.to());
  }

  /**
   * Adds the records of the line it stands at, all or none.
   *
   * @return false if there are none, as {@code skipped.operations} leaves the line out
   * @throws io.github.dynamokc.json.MalformedJsonException if the line does not hold what it should
   * @throws io.github.dynamokc.record.OversizedRecordException if a record is larger than Kafka
   *     takes
   * @throws InterruptedException if the work is stopped while it waits for a schema
   */
  abstract boolean addTo(RecordBatch batch) throws InterruptedException;
}
