package io.github.dynamokc.export;

import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.TableRecords;

/**
 * An incremental export, whose net changes are loaded.
 *
 * @param table the table's name
 * @param exportArn the export's ARN
 * @param version the document version of all its changes, below that of every change that follows
 */
public record LoadedWindow(String table, String exportArn, long version) implements ExportedData {
  @Override
  public DataFileLines lines(
      DataFileText text, TableRecords records, SourcePartition.OfFile file, FileOffset committed) {
    return new DataFileChanges(
        text,
        records,
        records.ofChangesFile(file, version, DeliveryCallback.NO_OP),
        committed.deletions());
  }

  @Override
  public String lineKind() {
    return "a change";
  }
}
