package io.github.dynamokc.monitor;

import io.github.dynamokc.aws.CountedRequests;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.export.ExportBucket;
import io.github.dynamokc.export.ExportStatus;
import io.github.dynamokc.export.Manifest;
import io.github.dynamokc.export.Manifest.DataFile;
import io.github.dynamokc.export.ManifestReader;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ExportFiles;
import io.github.dynamokc.plan.ObservedFile;
import io.github.dynamokc.plan.ObservedTable;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a snapshot under way: how far DynamoDB is with the export, which attempt is due, and how
 * far its data files are loaded. On one thread of the monitor.
 */
final class SnapshotObserver {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotObserver.class);

  private final TableConfig config;
  private final ObserverContext context;
  private final CountedRequests requests;
  private final SnapshotProgressReporter progress;
  private final RetentionWatch retention;
  private @Nullable Manifest manifest;

  /** The last attempt of an export that is made; 0 before it is known. */
  private long lastAttempt;

  /** The attempt whose failure was logged and counted. */
  private long reportedFailure;

  SnapshotObserver(TableConfig config, ObserverContext context) {
    this.config = config;
    this.context = context;
    this.requests = CountedRequests.ofExport(context.metrics());
    this.progress =
        new SnapshotProgressReporter(name(), "the snapshot", context.metrics(), context.clock());
    this.retention = new RetentionWatch(config, context.metrics(), context.clock());
  }

  /**
   * The table is to be registered, and its export to be asked for.
   *
   * @param before how many exports were asked for of the same snapshot that are loaded, and do not
   *     count any more
   */
  ObservedTable.Preparing firstAttempt(long before) {
    lastAttempt = before + config.snapshot().exportMaxAttempts();
    manifest = null;
    return new ObservedTable.Preparing(name(), before + 1);
  }

  /** The snapshot is loaded. */
  void over() {
    retention.over();
  }

  /**
   * @throws ConnectException if the export failed and no attempt is left, or changes that are to
   *     follow the snapshot are gone
   */
  ObservedTable observe(TableOffset.Export export) throws InterruptedException {
    ExportStatus status =
        ExportStatus.read(context.aws().dynamoDb(), context.calls(), requests, export.arn());
    if (status instanceof ExportStatus.Completed completed) {
      return observeFiles(export, completed);
    }
    boolean failed = status instanceof ExportStatus.Failed;
    if (lastAttempt == 0) {
      // A start of the connector grants all attempts anew: somebody may have removed the cause.
      lastAttempt = export.attempt() + config.snapshot().exportMaxAttempts() - (failed ? 0 : 1);
    }
    if (status instanceof ExportStatus.Failed failure) {
      return afterFailure(export, failure);
    }
    if (status instanceof ExportStatus.InProgress) {
      retention.check(export.timeMs());
      return new ObservedTable.Preparing(name(), export.attempt());
    }
    throw new IllegalStateException("Unknown status " + status);
  }

  private ObservedTable afterFailure(TableOffset.Export export, ExportStatus.Failed failure) {
    String what =
        "Export %s of table %s (attempt %d) failed: %s: %s"
            .formatted(export.arn(), name(), export.attempt(), failure.code(), failure.message());
    if (reportedFailure != export.attempt()) {
      reportedFailure = export.attempt();
      progress.exportFailed();
      LOG.warn("{}", what);
    }
    if (config.snapshot().exportArn() != null) {
      throw new ConnectException(what + ". It was given by export.arn; give another one");
    }
    if (export.attempt() >= lastAttempt) {
      throw new ConnectException(
          what + ". No attempt is left; remove the cause and restart the connector");
    }
    return new ObservedTable.Preparing(name(), export.attempt() + 1);
  }

  private ObservedTable observeFiles(TableOffset.Export export, ExportStatus.Completed completed)
      throws InterruptedException {
    Manifest read = manifest(completed);
    Map<String, FileOffset> loaded =
        context
            .offsets()
            .files(name(), export.arn(), read.files().stream().map(DataFile::key).toList());
    List<ObservedFile> files =
        read.files().stream().map(file -> observed(file, loaded.get(file.key()))).toList();
    progress.loaded(files);
    ObservedTable.Loading loading =
        new ObservedTable.Loading(
            name(),
            new ExportFiles(export.arn(), export.timeMs(), read.bucket(), read.filesKey()),
            files);
    if (!loading.done()) {
      retention.check(export.timeMs());
    }
    return loading;
  }

  /** Read once for each completed export. */
  private Manifest manifest(ExportStatus.Completed completed) throws InterruptedException {
    Manifest read = manifest;
    if (read == null) {
      ExportBucket bucket =
          ExportBucket.of(context.aws(), config.snapshot(), completed.bucket(), requests);
      read = new ManifestReader(bucket, context.calls()).read(completed.manifestSummaryKey());
      manifest = read;
      progress.exportCompleted();
    }
    return read;
  }

  static ObservedFile observed(DataFile file, @Nullable FileOffset offset) {
    return new ObservedFile(
        file.items(), offset == null ? 0 : offset.items(), offset != null && offset.done());
  }

  private String name() {
    return config.table().name();
  }
}
