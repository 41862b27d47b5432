package io.github.dynamokc.task;

import io.github.dynamokc.aws.CountedRequests;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.config.SnapshotMode;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.export.WindowNotExportableException;
import io.github.dynamokc.export.WindowSubmission;
import io.github.dynamokc.offset.ExportWindow;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.Repair;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.table.TableDescription;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares the repair of a gap, in one task of a table: holds the stream, commits which windows are
 * to be exported before the first of them costs anything, and has them exported. Each step is a
 * committed offset, so that a crash repeats at most the last one, which changes nothing: the client
 * token of an export follows from its window. What an old plan asks for is left alone.
 */
final class RepairWork {
  private static final Logger LOG = LoggerFactory.getLogger(RepairWork.class);

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(10);

  private final String connector;
  private final TaskTables tables;
  private final TaskResources resources;
  private final RetryingCalls calls;
  private final TaskOutput output;
  private final TableAnnouncements announcements;

  RepairWork(
      String connector,
      TaskTables tables,
      TaskResources resources,
      RetryingCalls calls,
      TaskOutput output) {
    this.connector = connector;
    this.tables = tables;
    this.resources = resources;
    this.calls = calls;
    this.output = output;
    this.announcements = new TableAnnouncements(tables, output);
  }

  /** Commits that changes are lost: from then on nothing of the stream is read. */
  void hold(TableWork.HoldStream work) throws InterruptedException {
    // The answer shows what time it is at AWS.
    TableDescription.readIfExists(
        resources.aws().dynamoDb(), calls, tables.config(work.table()).table());
    TableOffset offset = tables.offset(work.table());
    if (offset instanceof TableOffset.GapFound || !isOf(work, offset)) {
      LOG.info("Table {}: its stream is held already, or followed again", work.table());
      return;
    }
    if (work.announceLoaded()) {
      offset = announcements.loaded(work.table());
    }
    if (work.announceRepaired() != null) {
      offset = announcements.repaired(work.table(), work.announceRepaired());
    }
    TableWork.Gap gap = work.gap();
    long now = resources.timing().clock().millis();
    Registration table = offset.registration();
    String next = gap.next();
    if (next != null) {
      table = table.goneOverTo(next, now, gap.version());
    }
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("reason", gap.reason());
    said.put("shards", gap.shards());
    said.put("from", gap.from());
    output.announce(
        StatusType.GAP_FOUND,
        new SourcePartition.OfTable(work.table()),
        offset.gapFound(table, now, gap.endedReadUpTo(), gap.fromStart()),
        said);
  }

  /** Whether the table is where it was when the work was planned. */
  private boolean isOf(TableWork.HoldStream work, TableOffset offset) {
    boolean isLoaded =
        !(offset instanceof TableOffset.ExportSubmitted && !work.announceLoaded())
            && !(offset instanceof TableOffset.Repairing && work.announceRepaired() == null)
            && !(offset instanceof TableOffset.Held);
    return isLoaded
        && work.stream().equals(offset.registration().streamArn())
        && announcements.isLoadedUpTo(work.table(), offset, work.repairedUpTo());
  }

  /**
   * Has the windows exported that are not.
   *
   * @throws WindowNotExportableException if DynamoDB does not have the changes any more, unless a
   *     new snapshot is to be taken then
   */
  void export(TableWork.ExportGap work) throws InterruptedException {
    TableOffset offset = tables.offset(work.table());
    if (!(offset instanceof TableOffset.InGap gap) || gap.sinceMs() != work.heldSince()) {
      LOG.info("Table {}: the gap is repaired already, or another one is", work.table());
      return;
    }
    TableOffset.Repairing repairing;
    if (gap instanceof TableOffset.GapFound found) {
      repairing = found.repairing(repair(work));
      output.announce(
          StatusType.REPAIR_PLANNED, new SourcePartition.OfTable(work.table()), repairing);
      while (!repairing.equals(tables.offset(work.table()))) {
        calls.pause(tables.config(work.table()).snapshot().exportPollInterval());
      }
    } else {
      repairing = (TableOffset.Repairing) gap;
    }
    try {
      submit(work, repairing);
    } catch (WindowNotExportableException e) {
      TableConfig config = tables.config(work.table());
      if (config.snapshot().mode() != SnapshotMode.WHEN_NEEDED) {
        throw e;
      }
      LOG.warn("{}. A new snapshot is taken", e.getMessage());
      announcements.renewed(work.table(), repairing, String.valueOf(e.getMessage()));
    }
  }

  private static Repair repair(TableWork.ExportGap work) {
    List<Repair.WindowExport> windows =
        work.windows().stream().map(Repair.WindowExport::of).toList();
    return new Repair(work.lostUpTo(), windows, work.mayRemain());
  }

  private void submit(TableWork.ExportGap work, TableOffset.Repairing planned)
      throws InterruptedException {
    WindowSubmission exports =
        new WindowSubmission(
            connector,
            tables.config(work.table()),
            resources.aws().dynamoDb(),
            CountedRequests.ofExport(tables.metrics(work.table())),
            calls,
            resources.timing().clock());
    TableOffset.Repairing repairing = planned;
    for (int i = 0; i < repairing.repair().windows().size(); i++) {
      Repair.WindowExport export = repairing.repair().windows().get(i);
      String before = export.exportArn();
      if (before != null && !work.failed().contains(before)) {
        continue;
      }
      long attempt = export.attempt() + 1;
      if (attempt > 1) {
        calls.pause(BETWEEN_ATTEMPTS);
      }
      String arn = exports.submit(repairing.registration(), export.window(), attempt);
      repairing = repairing.submitted(i, arn);
      output.announce(
          StatusType.EXPORT_SUBMITTED,
          new SourcePartition.OfTable(work.table()),
          repairing,
          window(export.window(), arn));
    }
  }

  private static Map<String, Object> window(ExportWindow window, String arn) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("exportType", "INCREMENTAL_EXPORT");
    said.put("exportArn", arn);
    said.put("from", window.fromMs());
    said.put("to", window.toMs());
    return said;
  }
}
