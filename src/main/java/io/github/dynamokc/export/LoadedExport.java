package io.github.dynamokc.export;

import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.TableRecords;

/**
 * A full export, whose items are loaded.
 *
 * @param table the table's name
 * @param exportArn the export's ARN
 * @param timeMs its point in time, epoch ms
 * @param version the document version of all its items
 */
public record LoadedExport(String table, String exportArn, long timeMs, long version)
    implements ExportedData {
  @Override
  public DataFileLines lines(
      DataFileText text, TableRecords records, SourcePartition.OfFile file, FileOffset committed) {
    return new DataFileItems(
        text,
        records.ofFile(file, timeMs, version, DeliveryCallback.NO_OP),
        records.skipsSnapshot());
  }

  @Override
  public String lineKind() {
    return "an item";
  }
}
