package io.github.dynamokc.task;

import io.github.dynamokc.aws.CountedRequests;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.concurrent.WorkThreads;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.export.ExportBucket;
import io.github.dynamokc.export.ExportedData;
import io.github.dynamokc.export.LoadedExport;
import io.github.dynamokc.export.LoadedWindow;
import io.github.dynamokc.export.SnapshotContext;
import io.github.dynamokc.export.SnapshotLoad;
import io.github.dynamokc.export.TablePreparation;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.plan.ExportFiles;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.stream.TableJobs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of one table in a task, from its start to its end: its threads, its jobs among those of
 * the task, and its way into the queue. When it is stopped, the work of other tables goes on.
 */
final class TableRun {
  private static final Logger LOG = LoggerFactory.getLogger(TableRun.class);

  private final TaskParts parts;
  private final String table;
  private final List<TableWork> work;
  private final WorkThreads threads;
  private final RetryingCalls calls;
  private final TableGate gate;
  private final TaskOutput output;
  private final TableJobs jobs;
  private final List<FileLoaders.TableFiles> files = new ArrayList<>();

  /**
   * @param work all of one table
   * @param failures told of what the work could not go on with, maybe several times
   */
  TableRun(TaskParts parts, List<TableWork> work, Consumer<ConnectException> failures) {
    this.parts = parts;
    this.work = List.copyOf(work);
    this.table = work.get(0).table();
    this.threads = new WorkThreads(parts.threadsName());
    this.calls =
        new RetryingCalls(
            new Retrier(
                threads.stopped(),
                parts.resources().timing().clock(),
                parts.resources().timing().random(),
                parts.config().stallTimeout()));
    this.gate = new TableGate(parts.output().way());
    this.output = parts.output().through(gate, failures);
    this.jobs = new TableJobs(parts.scheduler(), failures);
  }

  String table() {
    return table;
  }

  /** Begins; returns at once. */
  void start() {
    WorkStarter starter = new WorkStarter();
    for (TableWork piece : work) {
      LOG.info("Work on table {}: {}", table, piece.getClass().getSimpleName());
      piece.dispatch(starter);
    }
    if (!files.isEmpty()) {
      parts.startFileThreads().run();
    }
  }

  /** Ends the work and does not wait for it. */
  void stop() {
    gate.shut();
    jobs.stop();
    files.forEach(parts.loaders()::remove);
    threads.interrupt();
  }

  /** Whether nothing of it runs any more. To be asked after {@link #stop}. */
  boolean hasEnded() {
    return threads.haveEnded()
        && jobs.isIdle()
        && files.stream().allMatch(FileLoaders.TableFiles::isIdle)
        && gate.isIdle();
  }

  /** Waits a few seconds for the end of what was stopped. */
  void close() {
    threads.close();
  }

  private void start(String job, String what, TaskOutput.Work piece) {
    threads.start(job + "-" + table, () -> output.run(what + " table " + table, piece));
  }

  /** Starts each piece of work. */
  private final class WorkStarter implements TableWork.Handler {
    @Override
    public void prepare(TableWork.Prepare piece) {
      TablePreparation preparation =
          new TablePreparation(
              parts.config().connectorName(),
              parts.tables().config(table),
              parts.resources().aws().dynamoDb(),
              CountedRequests.ofExport(metrics()),
              calls,
              parts.tables().offsets(),
              output,
              parts.resources().timing().clock());
      if (parts.tables().isDiscovered(table)) {
        start(
            "prepare",
            "Preparing",
            () -> newTable().prepare(() -> preparation.run(piece.exportAttempt())));
      } else {
        start("prepare", "Preparing", () -> preparation.run(piece.exportAttempt()));
      }
    }

    private NewTable newTable() {
      return new NewTable(
          table,
          parts.tables(),
          calls,
          parts.trouble(),
          parts.config().selection(),
          parts.resources().aws().dynamoDb());
    }

    @Override
    public void loadFiles(TableWork.LoadFiles piece) {
      files.add(
          parts
              .loaders()
              .add(table, output, piece.files().indexes().size(), () -> TableRun.this.open(piece)));
    }

    @Override
    public void awaitListing(TableWork.AwaitListing piece) {
      // The connector gives this task another assignment when it has listed the stream.
    }

    @Override
    public void readShards(TableWork.ReadShards piece) {
      StreamWork streams =
          new StreamWork(
              parts.tables(),
              parts.resources(),
              calls,
              output,
              parts.records(),
              parts.limiter(),
              jobs);
      start("open", "Opening the stream of", () -> streams.begin(piece));
    }

    @Override
    public void holdStream(TableWork.HoldStream piece) {
      start("hold", "Holding the stream of", () -> repairs().hold(piece));
    }

    @Override
    public void exportGap(TableWork.ExportGap piece) {
      start("repair", "Exporting lost changes of", () -> repairs().export(piece));
    }

    @Override
    public void complete(TableWork.Complete piece) {
      if (piece.announceLoaded()) {
        start(
            "complete",
            "Completing",
            () -> new TableAnnouncements(parts.tables(), output).loaded(table));
      }
    }

    @Override
    public void park(TableWork.Park piece) {
      metrics().set(Gauge.TABLE_FAILED, 1);
      start("parked", "Telling of the failure of", () -> tellParked(piece));
    }

    private void tellParked(TableWork.Park piece) throws InterruptedException {
      parts.trouble().failed(table, piece.reason(), () -> {});
    }

    @Override
    public void remove(TableWork.Remove piece) {
      TableRemoval removal =
          new TableRemoval(
              parts.tables(),
              output,
              calls,
              parts.resources().aws(),
              CountedRequests.ofExport(metrics()));
      start("remove", "Removing", () -> removal.run(piece));
    }

    private RepairWork repairs() {
      return new RepairWork(
          parts.config().connectorName(), parts.tables(), parts.resources(), calls, output);
    }
  }

  private TableMetrics metrics() {
    return parts.tables().metrics(table);
  }

  private static ExportedData exported(TableConfig table, ExportFiles export) {
    String name = table.table().name();
    long version = DocumentVersion.ofExport(table.stream().exportedUpToMs(export.exportTimeMs()));
    return export.window() == null
        ? new LoadedExport(name, export.exportArn(), export.exportTimeMs(), version)
        : new LoadedWindow(name, export.exportArn(), version);
  }

  private SnapshotLoad open(TableWork.LoadFiles load) throws InterruptedException {
    TableConfig config = parts.tables().config(table);
    ExportFiles export = load.export();
    SnapshotContext context =
        new SnapshotContext(
            exported(config, export),
            ExportBucket.of(
                parts.resources().aws(),
                config.snapshot(),
                export.bucket(),
                CountedRequests.ofExport(metrics())),
            parts.records().of(config, parts.tables().offset(table), export.exportArn()),
            metrics(),
            parts.resources().timing().clock());
    return SnapshotLoad.open(
        context,
        calls,
        output,
        parts.tables().offsets(),
        export.manifestFilesKey(),
        load.files().indexes());
  }
}
