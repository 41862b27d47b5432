package io.github.dynamokc.export;

import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.TableRecords;

/** The export that is loaded: all items of a table, or what became of them in a window of time. */
public sealed interface ExportedData permits LoadedExport, LoadedWindow {
  /** The table's name. */
  String table();

  /** The export's ARN. */
  String exportArn();

  /** The document version of all its records. */
  long version();

  /** What is committed of a data file is kept for this. */
  default SourcePartition.OfFile partition(String fileKey) {
    return new SourcePartition.OfFile(table(), exportArn(), fileKey);
  }

  /**
   * The lines of a data file.
   *
   * @param text the file's text; whoever opened the file closes it
   * @param committed how far the file is in Kafka, 0 items for not at all
   */
  DataFileLines lines(
      DataFileText text, TableRecords records, SourcePartition.OfFile file, FileOffset committed);

  /** What a line holds, for messages, with its article. */
  String lineKind();
}
