package io.github.dynamokc.task;

import io.github.dynamokc.config.LossResponse;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.Repair;
import io.github.dynamokc.offset.Repaired;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.record.Loss;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.repair.RepairWindows;
import io.github.dynamokc.stream.StreamStart;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
   * Commits that the table's stream is to be followed now: its export is loaded, or a repair was
   * given up. Nothing if that is committed.
   *
   * @return the table's offset as it will be
   */
  TableOffset loaded(String table) throws InterruptedException {
    TableOffset offset = tables.offset(table);
    TableOffset then = whenLoaded(table, offset);
    if (!then.equals(offset)) {
      StatusType type =
          then instanceof TableOffset.Registered
              ? StatusType.TABLE_REGISTERED
              : StatusType.EXPORT_LOADED;
      output.announce(type, new SourcePartition.OfTable(table), then);
    }
    return then;
  }

  /**
   * Commits that lost changes were loaded from incremental exports. Nothing if that is committed.
   *
   * @return the table's offset as it will be
   */
  TableOffset repaired(String table, TableWork.LoadedChanges loaded) throws InterruptedException {
    TableOffset offset = tables.offset(table);
    if (!(offset instanceof TableOffset.Repairing repairing)) {
      return offset;
    }
    TableOffset then = whenLoaded(table, offset);
    Repair repair = repairing.repair();
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("from", repair.fromMs());
    said.put("to", repair.endMs());
    said.put("items", loaded.items());
    said.put("deletions", loaded.deletions());
    said.put("mayRemain", mayRemain(repair));
    LOG.info(
        "Table {}: the gap is repaired with {} changed items, {} of them deleted. {}",
        table,
        loaded.items(),
        loaded.deletions(),
        mayRemain(repair));
    output.announce(StatusType.GAP_REPAIRED, new SourcePartition.OfTable(table), then, said);
    return then;
  }

  private static String mayRemain(Repair repair) {
    String always =
        "Items that were both created and deleted within %d s of the time up to which a shard was read may remain, and, if the worker died, such as were deleted before it would have committed their creation"
            .formatted(RepairWindows.AROUND_POSITION.toSeconds());
    String more = repair.mayRemain();
    return more == null ? always : always + ". " + more;
  }

  /** A table's offset when all is loaded that its phase is about: its stream is followed then. */
  TableOffset whenLoaded(String table, TableOffset offset) {
    if (offset instanceof TableOffset.ExportSubmitted submitted) {
      return new TableOffset.ExportLoaded(submitted.registration(), submitted.export());
    }
    if (!(offset instanceof TableOffset.InGap gap)) {
      return offset;
    }
    TableConfig config = tables.config(table);
    return config.stream().onDataLoss() == LossResponse.REPAIR
            && gap instanceof TableOffset.Repairing repairing
        ? repairing.repaired(config.stream().handoverOverlap().toMillis())
        : gap.givenUp();
  }

  /**
   * Whether a table, when all is loaded that its phase is about, has had its last gap repaired up
   * to a certain time. If not, a plan that says so is an old one.
   *
   * @param repairedUpToMs epoch ms, null for no gap at all
   */
  boolean isLoadedUpTo(String table, TableOffset offset, @Nullable Long repairedUpToMs) {
    Repaired repaired = whenLoaded(table, offset).registration().repaired();
    return Objects.equals(repairedUpToMs, repaired == null ? null : repaired.upToMs());
  }

  /**
   * Commits that a new snapshot is wanted, as lost changes cannot be had otherwise.
   *
   * @param reason why, in words for the user
   */
  void renewed(String table, TableOffset.InGap gap, String reason) throws InterruptedException {
    TableConfig config = tables.config(table);
    TableOffset.Export export = gap.export();
    long exportedUpTo = export == null ? 0 : config.stream().exportedUpToMs(export.timeMs());
    output.announce(
        StatusType.STREAM_HELD,
        new SourcePartition.OfTable(table),
        gap.holdAgain(exportedUpTo, gap.sinceMs()),
        Map.of("reason", reason));
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
