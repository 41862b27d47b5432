package io.github.dynamokc.task;

import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.record.Loss;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.stream.StreamStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits the offset of a table when its work enters another phase, or another stream. */
final class TableAnnouncements {
  private static final Logger LOG = LoggerFactory.getLogger(TableAnnouncements.class);

  private final TaskTables tables;
  private final TaskOutput output;

  TableAnnouncements(TaskTables tables, TaskOutput output) {
    this.tables = tables;
    this.output = output;
  }

  /**
   * Commits that the table's export is loaded, unless that is committed.
   *
   * @return the table's offset as it will be
   */
  TableOffset loaded(String table) throws InterruptedException {
    TableOffset offset = tables.offset(table);
    if (!(offset instanceof TableOffset.ExportSubmitted submitted)) {
      return offset;
    }
    TableOffset loaded = new TableOffset.ExportLoaded(submitted.registration(), submitted.export());
    output.announce(StatusType.EXPORT_LOADED, new SourcePartition.OfTable(table), loaded);
    return loaded;
  }

  /**
   * Commits the change to the stream that took the place of an ended one, as the loss of what
   * happened in between.
   *
   * @param start of the next stream
   * @param nowMs epoch ms
   */
  void replaced(
      String table,
      TableOffset offset,
      TableWork.Replacement ended,
      String next,
      StreamStart start,
      long nowMs)
      throws InterruptedException {
    TableOffset changed =
        offset.with(offset.registration().goneOverTo(next, nowMs, ended.version()));
    String reason =
        "the stream %s was disabled and %s enabled after it; changes in between are in neither, and what %1$s held is missing if it was gone before it was read"
            .formatted(ended.stream(), next);
    if (start.isInSnapshotBefore(next)) {
      reason += ". " + StreamStart.IN_SNAPSHOT;
    }
    tables.metrics(table).add(Counter.DATA_LOSS_EVENTS, 1);
    LOG.error("Table {}: {}. Going on", table, reason);
    output.announceLoss(
        new SourcePartition.OfTable(table),
        changed,
        new Loss(reason, ended.readUpTo(), nowMs, null),
        DeliveryCallback.NO_OP);
  }
}
