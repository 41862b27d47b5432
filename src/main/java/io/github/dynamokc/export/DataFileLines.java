package io.github.dynamokc.export;

import io.github.dynamokc.delivery.RecordBatch;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.offset.FileOffset;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * The lines of one data file, one after the other: gunzip, lines, records, and nothing held but the
 * line it stands at. Not thread-safe.
 */
abstract sealed class DataFileLines permits DataFileItems, DataFileChanges {
  private static final int GZIP_BUFFER = 64 * 1024;

  private final LineReader lines;
  private final JsonCursor cursor = new JsonCursor();
  private long line;
  private long count;

  /**
   * @param compressed the file as it is in S3; whoever opened it closes it
   */
  DataFileLines(InputStream compressed) throws IOException {
    this.lines = new LineReader(new GZIPInputStream(compressed, GZIP_BUFFER));
  }

  /**
   * Goes to the next line that is not blank. Each of them is of one item.
   *
   * @return false at the end of the file
   * @throws io.github.dynamokc.json.MalformedJsonException if the line is too long to be of an item
   */
  final boolean next() throws IOException {
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
  final long line() {
    return line;
  }

  /** How many items there were so far. */
  final long count() {
    return count;
  }

  /** The file's offset behind the line that it stands at. */
  FileOffset offset() {
    return new FileOffset(count, false);
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
