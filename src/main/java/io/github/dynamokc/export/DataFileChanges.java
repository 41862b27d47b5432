package io.github.dynamokc.export;

import io.github.dynamokc.delivery.RecordBatch;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.event.NetChange;
import io.github.dynamokc.event.NetChangeReader;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.record.NetChangeRecordConverter;
import io.github.dynamokc.record.TableRecords;

/** The net changes of one data file of an incremental export. Not thread-safe. */
final class DataFileChanges extends DataFileLines {
  private final TableRecords table;
  private final NetChangeRecordConverter records;
  private final NetChangeReader reader = new NetChangeReader();
  private long deletions;

  /**
   * @param text the file's text; whoever opened the file closes it
   * @param table says which operations are left out
   * @param deletions how many deletions are among the lines that are in Kafka already
   */
  DataFileChanges(
      DataFileText text, TableRecords table, NetChangeRecordConverter records, long deletions) {
    super(text);
    this.deletions = deletions;
    this.table = table;
    this.records = records;
  }

  @Override
  boolean addTo(RecordBatch batch) throws InterruptedException {
    NetChange change = reader.read(cursor());
    FileOffset before = new FileOffset(count() - 1, false, deletions, position());
    if (change.operation() == Operation.REMOVE) {
      deletions++;
    }
    if (table.skips(change)) {
      return false;
    }
    for (TrackedRecord record : records.change(change, before, offset())) {
      batch.add(record);
    }
    return true;
  }

  @Override
  FileOffset offset() {
    return new FileOffset(count(), false, deletions, position());
  }
}
