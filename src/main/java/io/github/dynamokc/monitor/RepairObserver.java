package io.github.dynamokc.monitor;

import io.github.dynamokc.aws.CountedRequests;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.export.ExportBucket;
import io.github.dynamokc.export.ExportStatus;
import io.github.dynamokc.export.Manifest;
import io.github.dynamokc.export.Manifest.DataFile;
import io.github.dynamokc.export.ManifestReader;
import io.github.dynamokc.export.RecoveryReach;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.ExportWindow;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.Repair;
import io.github.dynamokc.offset.Repaired;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ExportFiles;
import io.github.dynamokc.plan.ObservedFile;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.repair.Ghosts;
import io.github.dynamokc.repair.RepairWindows;
import io.github.dynamokc.table.TableDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the repair of a gap: when the stream is held for long enough, which windows are to be
 * exported, how far DynamoDB is with them, and how far their data files are loaded. On one thread
 * of the monitor.
 */
final class RepairObserver {
  private static final Logger LOG = LoggerFactory.getLogger(RepairObserver.class);

  private final TableConfig config;
  private final ObserverContext context;
  private final CountedRequests requests;
  private final SnapshotProgressReporter progress;

  /** By the ARN of the export. */
  private final Map<String, Manifest> manifests = new HashMap<>();

  private final Set<String> reportedFailures = new HashSet<>();

  /** The most attempts that are made of each window's export; by its beginning and end. */
  private final Map<ExportWindow, Long> lastAttempts = new HashMap<>();

  /** What was chosen and is not committed yet: choosing again would pay for other windows. */
  private TableWork.@Nullable ExportGap chosen;

  /** Items of gaps that were repaired before. */
  private long itemsBefore;

  /** The end of the gap whose repair was counted last, epoch ms. */
  private long countedEndMs = -1;

  RepairObserver(TableConfig config, ObserverContext context) {
    this.config = config;
    this.context = context;
    this.requests = CountedRequests.ofExport(context.metrics());
    this.progress =
        new SnapshotProgressReporter(
            name(), "the gap in its stream", context.metrics(), context.clock());
  }

  /** How far a repair is. */
  sealed interface State {
    /** Something is to be done first. */
    record Under(ObservedTable table) implements State {}

    /**
     * All windows are loaded.
     *
     * @param offset the table's offset as it is to be committed
     */
    record Done(TableOffset offset, TableWork.LoadedChanges loaded) implements State {}
  }

  /** How long before its end a gap is taken for lost: what is read up to later goes on there. */
  static Duration leastGap(Duration overlap) {
    Duration twice = overlap.multipliedBy(2);
    return twice.compareTo(ExportWindow.SHORTEST) > 0 ? twice : ExportWindow.SHORTEST;
  }

  /**
   * A gap whose end is not chosen yet. All lineages are held by now; after {@code
   * stream.handover.overlap.ms} without reads a window contains every change that was delivered.
   *
   * @param stream tells how far the stream is delivered
   * @param table what DynamoDB says of the table, null if there is no such table
   */
  ObservedTable afterHold(
      TableOffset.GapFound offset, StreamObserver stream, @Nullable TableDescription table)
      throws InterruptedException {
    TableWork.ExportGap known = chosen;
    if (known != null && known.heldSince() == offset.sinceMs()) {
      return new ObservedTable.ExportingGap(known);
    }
    long now = context.clock().millis();
    Duration overlap = config.stream().handoverOverlap();
    if (now - offset.sinceMs() < overlap.toMillis()) {
      return new ObservedTable.Holding(held(offset));
    }
    long end = now - now % 1000;
    long lostUpTo = end - leastGap(overlap).toMillis();
    List<Long> delivered = new ArrayList<>(offset.endedReadUpToMs());
    boolean ended = !delivered.isEmpty();
    if (ended) {
      // Nothing of the next stream was read.
      lostUpTo = end - overlap.toMillis();
    } else {
      List<Long> all = stream.deliveredUpToMs(offset, table);
      if (all == null) {
        return new ObservedTable.Holding(held(offset));
      }
      for (long time : all) {
        if (time <= lostUpTo) {
          delivered.add(time);
        }
      }
      if (offset.fromStart()) {
        delivered.addAll(stream.fromStart(offset));
      }
      if (delivered.isEmpty()) {
        delivered.add(lostUpTo);
      }
    }
    // Clocks differ, and a window has to begin before the stream goes on.
    long latest = end - overlap.toMillis() - Duration.ofSeconds(1).toMillis();
    delivered.replaceAll(time -> Math.min(time, latest));
    Instant earliest =
        RecoveryReach.earliest(
            context.aws().dynamoDb(), context.calls(), requests, offset.registration().tableArn());
    RepairWindows windows =
        RepairWindows.of(
            delivered, end, overlap, earliest == null ? Long.MIN_VALUE : earliest.toEpochMilli());
    TableWork.ExportGap export =
        new TableWork.ExportGap(
            name(), offset.sinceMs(), lostUpTo, windows.windows(), remains(windows), List.of());
    LOG.info(
        "Table {}: the gap is exported in {} windows, from {} to {}",
        name(),
        windows.windows().size(),
        windows.windows().get(0).from(),
        Instant.ofEpochMilli(end));
    chosen = export;
    return new ObservedTable.ExportingGap(export);
  }

  private static @Nullable String remains(RepairWindows windows) {
    return windows.ghosts().isEmpty()
        ? null
        : windows.ghosts().stream().map(Ghosts::toString).collect(Collectors.joining("; "));
  }

  /** The plan that led here, for as long as its hold lasts. */
  private TableWork.HoldStream held(TableOffset.GapFound offset) {
    Repaired repaired = offset.registration().repaired();
    return new TableWork.HoldStream(
        name(),
        String.valueOf(offset.registration().streamArn()),
        new TableWork.Gap("the stream is held", 0, 0, false, null, DocumentVersion.NONE, List.of()),
        false,
        repaired == null ? null : repaired.upToMs(),
        null);
  }

  /**
   * Windows that are being exported or loaded.
   *
   * @throws ConnectException if an export failed and no attempt is left
   */
  State observe(TableOffset.Repairing offset) throws InterruptedException {
    chosen = null;
    List<String> failed = new ArrayList<>();
    List<ExportStatus.Completed> completed = new ArrayList<>();
    for (Repair.WindowExport export : offset.repair().windows()) {
      String arn = export.exportArn();
      ExportStatus status = arn == null ? new ExportStatus.InProgress() : status(arn);
      noteAttempts(export, status);
      if (status instanceof ExportStatus.Failed failure) {
        afterFailure(export, String.valueOf(arn), failure);
        failed.add(String.valueOf(arn));
      } else if (status instanceof ExportStatus.Completed done) {
        completed.add(done);
      }
    }
    if (completed.size() < offset.repair().windows().size()) {
      return new State.Under(new ObservedTable.ExportingGap(exporting(offset, failed)));
    }
    return observeFiles(offset, completed);
  }

  private TableWork.ExportGap exporting(TableOffset.Repairing offset, List<String> failed) {
    Repair repair = offset.repair();
    return new TableWork.ExportGap(
        name(),
        offset.sinceMs(),
        repair.lostUpToMs(),
        repair.windows().stream().map(Repair.WindowExport::window).toList(),
        repair.mayRemain(),
        failed);
  }

  private ExportStatus status(String arn) throws InterruptedException {
    return ExportStatus.read(context.aws().dynamoDb(), context.calls(), requests, arn);
  }

  /** A start of the connector grants all attempts anew: somebody may have removed the cause. */
  private void noteAttempts(Repair.WindowExport export, ExportStatus status) {
    boolean failed = status instanceof ExportStatus.Failed;
    long most = config.snapshot().exportMaxAttempts();
    long more = failed || export.attempt() == 0 ? most : most - 1;
    lastAttempts.putIfAbsent(export.window(), export.attempt() + more);
  }

  private void afterFailure(Repair.WindowExport export, String arn, ExportStatus.Failed failure) {
    String what =
        "Export %s of the changes of table %s from %s (attempt %d) failed: %s: %s"
            .formatted(
                arn, name(), export.window(), export.attempt(), failure.code(), failure.message());
    if (reportedFailures.add(arn)) {
      progress.exportFailed();
      LOG.warn("{}", what);
    }
    if (export.attempt() >= lastAttempts.getOrDefault(export.window(), 0L)) {
      throw new ConnectException(
          what + ". No attempt is left; remove the cause and restart the connector");
    }
  }

  private State observeFiles(TableOffset.Repairing offset, List<ExportStatus.Completed> completed)
      throws InterruptedException {
    long items = 0;
    long deletions = 0;
    List<ObservedFile> all = new ArrayList<>();
    List<ObservedTable.Loading> next = new ArrayList<>();
    long nextEndMs = Long.MAX_VALUE;
    for (int i = 0; i < completed.size(); i++) {
      Repair.WindowExport export = offset.repair().windows().get(i);
      String arn = String.valueOf(export.exportArn());
      Manifest manifest = manifest(export.window(), arn, completed.get(i));
      Map<String, FileOffset> loaded =
          context
              .offsets()
              .files(name(), arn, manifest.files().stream().map(DataFile::key).toList());
      List<ObservedFile> files =
          manifest.files().stream()
              .map(file -> SnapshotObserver.observed(file, loaded.get(file.key())))
              .toList();
      all.addAll(files);
      items += files.stream().mapToLong(ObservedFile::committed).sum();
      deletions += loaded.values().stream().mapToLong(FileOffset::deletions).sum();
      ObservedTable.Loading loading =
          new ObservedTable.Loading(
              name(),
              ExportFiles.of(export.window(), arn, manifest.bucket(), manifest.filesKey()),
              files);
      if (!loading.done() && export.window().toMs() <= nextEndMs) {
        nextEndMs = export.window().toMs();
        next.add(loading);
      }
    }
    context.metrics().set(Counter.REPAIR_ITEMS, itemsBefore + items);
    progress.loaded(all);
    if (!next.isEmpty()) {
      return new State.Under(new ObservedTable.LoadingGap(name(), next));
    }
    if (countedEndMs != offset.repair().endMs()) {
      countedEndMs = offset.repair().endMs();
      itemsBefore += items;
      context.metrics().add(Counter.GAPS_REPAIRED, 1);
    }
    return new State.Done(
        offset.repaired(config.stream().handoverOverlap().toMillis()),
        new TableWork.LoadedChanges(items, deletions));
  }

  /** Read once for each completed export. */
  private Manifest manifest(ExportWindow window, String arn, ExportStatus.Completed completed)
      throws InterruptedException {
    Manifest known = manifests.get(arn);
    if (known == null) {
      ExportBucket bucket =
          ExportBucket.of(context.aws(), config.snapshot(), completed.bucket(), requests);
      known =
          new ManifestReader(bucket, context.calls())
              .readIncremental(completed.manifestSummaryKey(), window);
      manifests.put(arn, known);
      progress.exportCompleted();
    }
    return known;
  }

  /** No gap is being repaired. */
  void over() {
    manifests.clear();
    reportedFailures.clear();
    lastAttempts.clear();
    chosen = null;
  }

  private String name() {
    return config.table().name();
  }
}
