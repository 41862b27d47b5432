package io.github.dynamokc.monitor;

import io.github.dynamokc.aws.AwsClients;
import io.github.dynamokc.aws.CountedRequests;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.config.SnapshotMode;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.export.ExportStatus;
import io.github.dynamokc.export.Manifest;
import io.github.dynamokc.export.Manifest.DataFile;
import io.github.dynamokc.export.ManifestReader;
import io.github.dynamokc.metrics.MetricTags;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ExportFiles;
import io.github.dynamokc.plan.ObservedFile;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.stream.SdkStreamApi;
import io.github.dynamokc.stream.StreamLister;
import io.github.dynamokc.table.TableDescription;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at one table: its offsets, and what AWS says of the table, its export, its data files and
 * its shards, as far as the phase asks for it. On one thread of the monitor.
 */
final class TableObserver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableObserver.class);

  private final TableConfig config;
  private final AwsClients aws;
  private final RetryingCalls calls;
  private final OffsetReader offsets;
  private final StreamObserver stream;
  private final RetentionWatch retention;
  private final TableMetrics metrics;
  private final CountedRequests requests;
  private final SnapshotProgressReporter snapshot;
  private @Nullable Manifest manifest;
  private long lastAttempt;
  private long reportedFailure;

  TableObserver(
      String connector,
      TableConfig config,
      MetricsSink worker,
      AwsClients aws,
      RetryingCalls calls,
      OffsetReader offsets,
      InstantSource clock) {
    this.config = config;
    this.aws = aws;
    this.calls = calls;
    this.offsets = offsets;
    this.metrics = TableMetrics.register(MetricTags.ofConnector(connector, name()), worker);
    this.requests = CountedRequests.ofExport(metrics);
    this.snapshot = new SnapshotProgressReporter(name(), metrics, clock);
    StreamLister lister =
        new StreamLister(new SdkStreamApi(aws.streams(), CountedRequests.ofStream(metrics)), calls);
    this.stream = new StreamObserver(config, lister, offsets, metrics, clock);
    this.retention = new RetentionWatch(config, metrics, clock);
  }

  /**
   * @throws ConnectException if the table cannot go on: it is another table now, its stream is
   *     another one, its exports fail, or AWS refuses
   */
  ObservedTable observe() throws InterruptedException {
    TableOffset offset = offsets.table(name());
    if (offset == null) {
      return firstAttempt();
    }
    TableDescription table = describe(offset.registration());
    boolean loadsItems = config.snapshot().mode().loadsItems();
    TableOffset.Export export = offset.export();
    if (export == null) {
      boolean ready = !loadsItems && isFollowedWithoutSnapshot(offset);
      return ready ? afterSnapshot(offset, table, false) : firstAttempt();
    }
    if (loadsItems && !export.snapshot().equals(config.snapshot().id())) {
      return firstAttempt();
    }
    checkIsTheGivenExport(export);
    if (offset instanceof TableOffset.ExportSubmitted submitted) {
      if (!loadsItems) {
        checkCanBeGivenUp(submitted);
        return firstAttempt();
      }
      return observeExport(submitted, table);
    }
    return afterSnapshot(offset, table, false);
  }

  private static boolean isFollowedWithoutSnapshot(TableOffset offset) {
    return offset instanceof TableOffset.Registered && offset.registration().start().followed();
  }

  /**
   * Where the stream was followed before, it goes on with or without the snapshot. Otherwise the
   * items that are there already would stay without those that are not.
   */
  private void checkCanBeGivenUp(TableOffset.ExportSubmitted offset) {
    if (!offset.registration().start().followed()) {
      throw new ConnectException(
          "Table %s: snapshot.mode is no_data, but the export %s is only partly loaded. Set it back until the status topic has EXPORT_LOADED, or reset the connector's offsets to follow the stream without a snapshot"
              .formatted(name(), offset.export().arn()));
    }
  }

  private ObservedTable firstAttempt() {
    lastAttempt = config.snapshot().exportMaxAttempts();
    return new ObservedTable.Preparing(name(), 1);
  }

  private ObservedTable afterSnapshot(
      TableOffset offset, @Nullable TableDescription table, boolean announceLoaded)
      throws InterruptedException {
    retention.over();
    return config.snapshot().mode() == SnapshotMode.INITIAL_ONLY
        ? new ObservedTable.Completed(name(), announceLoaded)
        : stream.observe(offset, table, announceLoaded);
  }

  /** Null if the table does not exist any more. */
  private @Nullable TableDescription describe(TableOffset.Registration registration)
      throws InterruptedException {
    TableDescription table = TableDescription.readIfExists(aws.dynamoDb(), calls, config.table());
    if (table != null && !table.id().equals(registration.tableId())) {
      throw new ConnectException(
          "Table %s was deleted and created again: it has id %s, the connector's offsets are of %s. Reset the connector's offsets to load the new table"
              .formatted(name(), table.id(), registration.tableId()));
    }
    return table;
  }

  /** An export is chosen once for a snapshot. */
  private void checkIsTheGivenExport(TableOffset.Export export) {
    String given = config.snapshot().exportArn();
    if (given != null && !given.equals(export.arn())) {
      throw new ConnectException(
          "Table %s: export.arn is %s, but the connector's offsets are of export %s. Remove export.arn, or reset the connector's offsets to begin anew with the given one"
              .formatted(name(), given, export.arn()));
    }
  }

  private ObservedTable observeExport(
      TableOffset.ExportSubmitted offset, @Nullable TableDescription table)
      throws InterruptedException {
    TableOffset.Export export = offset.export();
    ExportStatus status = ExportStatus.read(aws.dynamoDb(), calls, requests, export.arn());
    if (status instanceof ExportStatus.Completed completed) {
      return observeFiles(offset, completed, table);
    }
    boolean failed = status instanceof ExportStatus.Failed;
    if (lastAttempt == 0) {
      // A start of the connector grants all attempts anew: somebody may have removed the cause.
      lastAttempt = export.attempt() + config.snapshot().exportMaxAttempts() - (failed ? 0 : 1);
    }
    if (status instanceof ExportStatus.Failed failure) {
      return afterFailure(export, failure);
    }
    retention.check(export.timeMs());
    return new ObservedTable.Preparing(name(), export.attempt());
  }

  private ObservedTable afterFailure(TableOffset.Export export, ExportStatus.Failed failure) {
    String what =
        "Export %s of table %s (attempt %d) failed: %s: %s"
            .formatted(export.arn(), name(), export.attempt(), failure.code(), failure.message());
    if (reportedFailure != export.attempt()) {
      reportedFailure = export.attempt();
      snapshot.exportFailed();
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

  private ObservedTable observeFiles(
      TableOffset.ExportSubmitted offset,
      ExportStatus.Completed completed,
      @Nullable TableDescription table)
      throws InterruptedException {
    TableOffset.Export export = offset.export();
    Manifest read = manifest;
    if (read == null) {
      read =
          new ManifestReader(
                  aws.s3(config.snapshot().s3Region()),
                  config.snapshot().bucketOwner(),
                  calls,
                  requests)
              .read(completed.bucket(), completed.manifestSummaryKey());
      manifest = read;
      snapshot.exportCompleted();
    }
    Map<String, FileOffset> loaded =
        offsets.files(name(), export.arn(), read.files().stream().map(DataFile::key).toList());
    List<ObservedFile> files =
        read.files().stream().map(file -> observed(file, loaded.get(file.key()))).toList();
    snapshot.loaded(files);
    ObservedTable.Loading loading =
        new ObservedTable.Loading(
            name(),
            new ExportFiles(export.arn(), export.timeMs(), read.bucket(), read.filesKey()),
            files);
    if (loading.done()) {
      return afterSnapshot(offset, table, true);
    }
    if (config.snapshot().mode() != SnapshotMode.INITIAL_ONLY) {
      stream.warnIfEnded(offset.registration(), table);
      retention.check(export.timeMs());
    }
    return loading;
  }

  private static ObservedFile observed(DataFile file, @Nullable FileOffset offset) {
    return new ObservedFile(
        file.items(), offset == null ? 0 : offset.items(), offset != null && offset.done());
  }

  @Override
  public void close() {
    metrics.close();
  }

  private String name() {
    return config.table().name();
  }
}
