package io.github.dynamokc.task;

import io.github.dynamokc.aws.CountedRequests;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.concurrent.WorkThreads;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.StreamConfig;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.export.ExportBucket;
import io.github.dynamokc.export.ExportedData;
import io.github.dynamokc.export.LoadedExport;
import io.github.dynamokc.export.LoadedWindow;
import io.github.dynamokc.export.SnapshotContext;
import io.github.dynamokc.export.SnapshotLoad;
import io.github.dynamokc.export.TablePreparation;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.plan.ExportFiles;
import io.github.dynamokc.plan.PlannedTask;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.record.StatusForm;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.stream.RateLimiter;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a started task owns: the AWS clients, the threads that do its assignment, and the queue
 * between them and Connect. It does what the assignment says and ends with {@link #close()}; a
 * restart resumes from the committed offsets.
 */
public final class RunningTask implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningTask.class);

  private final ConnectorConfig config;
  private final TaskResources resources;
  private final WorkThreads threads;
  private final RetryingCalls calls;
  private final OffsetReader offsets;
  private final TaskOutput output;
  private final TaskTables tables;
  private final RecordSetup records;
  private final StreamWork streams;
  private final RepairWork repairs;
  private final RecordHandover handover;

  private RunningTask(
      String pluginVersion,
      ConnectorConfig config,
      @Nullable PlannedTask planned,
      TaskResources resources,
      TaskTables tables) {
    this.config = config;
    this.resources = resources;
    this.offsets = tables.offsets();
    this.tables = tables;
    InstantSource clock = resources.timing().clock();
    this.threads = new WorkThreads(config.connectorName() + "-task-" + tables.task());
    this.calls =
        new RetryingCalls(
            new Retrier(
                threads.stopped(), clock, resources.timing().random(), config.stallTimeout()));
    RecordQueue queue = new RecordQueue(config.delivery().maxQueueBytes());
    StatusRecords status =
        new StatusRecords(
            config.statusTopic(), StatusForm.of(config.shared().records()), clock, queue::fail);
    KeptCounts counts = new KeptCounts(tables, queue, status, clock);
    this.output = new TaskOutput(queue, status, config.connect().toleratesErrors(), counts);
    this.records = new RecordSetup(pluginVersion, config.connectorName(), calls.retrier(), clock);
    this.streams =
        new StreamWork(
            tables,
            resources,
            calls,
            output,
            records,
            RateLimiter.ofTask(
                resources.nanoTime(),
                config.streamDescribeRate(),
                planned == null ? 0 : planned.task(),
                planned == null ? config.tasksMax() : planned.tasks()));
    this.repairs = new RepairWork(config.connectorName(), tables, resources, calls, output);
    this.handover =
        new RecordHandover(
            config,
            resources,
            tables,
            output,
            counts,
            planned == null ? null : GivenAssignment.of(planned));
  }

  /**
   * @param pluginVersion as records show it
   * @throws org.apache.kafka.common.config.ConfigException if the task config is unusable
   */
  public static RunningTask start(
      String pluginVersion,
      Map<String, String> props,
      OffsetStorageReader offsets,
      MetricsSink worker) {
    ConnectorConfig config = ConnectorConfig.from(props);
    TaskAssignment assignment = assignment(props);
    TaskResources resources = TaskResources.create(config);
    TaskTables tables =
        new TaskTables(
            config,
            new OffsetReader(offsets),
            assignment,
            String.valueOf(props.get(TaskAssignment.ID_KEY)),
            worker);
    return start(
        pluginVersion, config, assignment, PlannedTask.fromConfig(props), tables, resources);
  }

  /**
   * The same with given resources, which the task closes.
   *
   * @param planned of which plan the assignment is a part; null if that is not known
   */
  static RunningTask start(
      String pluginVersion,
      ConnectorConfig config,
      TaskAssignment assignment,
      @Nullable PlannedTask planned,
      TaskTables tables,
      TaskResources resources) {
    RunningTask task = null;
    boolean started = false;
    try {
      task = new RunningTask(pluginVersion, config, planned, resources, tables);
      task.begin(assignment, planned);
      started = true;
      return task;
    } finally {
      if (task == null) {
        resources.aws().close();
        tables.close();
      } else if (!started) {
        task.close();
      }
    }
  }

  private static TaskAssignment assignment(Map<String, String> props) {
    String text = props.get(TaskAssignment.CONFIG_KEY);
    if (text == null) {
      throw new ConnectException("The task config has no " + TaskAssignment.CONFIG_KEY);
    }
    return TaskAssignment.fromConfig(text);
  }

  private void begin(TaskAssignment assignment, @Nullable PlannedTask planned) {
    if (planned != null) {
      start(
          "assignment",
          "Committing the assignment",
          new AssignmentCommit(planned, config.tasksMax(), offsets, output)::run);
    }
    WorkStarter starter = new WorkStarter();
    for (TableWork work : assignment.work()) {
      LOG.info("Work on table {}: {}", work.table(), work.getClass().getSimpleName());
      work.dispatch(starter);
    }
    for (int i = 0; i < starter.pollThreads(); i++) {
      start("stream", "Reading streams", streams.scheduler()::run);
    }
    loadFiles(starter);
    start("acknowledgments", "Watching acknowledgments", () -> handover.watch(threads.stopped()));
  }

  private void loadFiles(WorkStarter starter) {
    FileLoaders loaders = starter.loaders;
    Runnable thread = () -> threads.start("file", loaders::run);
    if (starter.fileThreads > 0) {
      loaders.start(starter.fileThreads, thread);
    } else if (starter.findsFileThreads) {
      start(
          "files",
          "Loading files",
          () -> loaders.steer(threads.stopped(), new FileConcurrency(), thread));
    }
  }

  /** On the task thread; returns within about half a second, with null if there is nothing. */
  public @Nullable List<SourceRecord> poll() throws InterruptedException {
    List<SourceRecord> records = handover.poll();
    return records.isEmpty() ? null : records;
  }

  /**
   * Called for every record that {@link #poll} gave, once, from Connect's threads.
   *
   * @param acknowledged false for a record that was dropped
   */
  public void settled(SourceRecord record, boolean acknowledged) {
    if (record instanceof TrackedRecord tracked) {
      handover.settled(tracked, acknowledged);
    }
  }

  @Override
  public void close() {
    handover.stopping();
    threads.interrupt();
    resources.aws().close();
    threads.close();
    tables.close();
  }

  private void start(String job, String what, TaskOutput.Work work) {
    threads.start(job, () -> output.run(what, work));
  }

  /** Starts each piece of work on threads of its own. */
  private final class WorkStarter implements TableWork.Handler {
    /** All streams of the task share the threads. */
    private @Nullable StreamConfig streamConfig;

    private int shards;

    /** All tables of the task load as many files at a time as the table with the most asks for. */
    private int fileThreads;

    /** Whether a table leaves it to the task how many; those that say a number decide. */
    private boolean findsFileThreads;

    private final FileLoaders loaders = new FileLoaders(output);

    @Override
    public void prepare(TableWork.Prepare work) {
      TablePreparation preparation =
          new TablePreparation(
              config.connectorName(),
              tables.config(work.table()),
              resources.aws().dynamoDb(),
              CountedRequests.ofExport(tables.metrics(work.table())),
              calls,
              offsets,
              output,
              resources.timing().clock());
      start(
          "prepare-" + work.table(),
          "Preparing table " + work.table(),
          () -> preparation.run(work.exportAttempt()));
    }

    @Override
    public void loadFiles(TableWork.LoadFiles work) {
      int concurrency = tables.config(work.table()).snapshot().fileConcurrency();
      fileThreads = Math.max(fileThreads, concurrency);
      findsFileThreads |= concurrency == 0;
      loaders.add(work.table(), work.files().indexes().size(), () -> open(work));
    }

    @Override
    public void awaitListing(TableWork.AwaitListing work) {
      // The connector gives this task another assignment when it has listed the stream.
    }

    @Override
    public void readShards(TableWork.ReadShards work) {
      streamConfig = tables.config(work.table()).stream();
      shards += work.shards().size();
      start(
          "open-" + work.table(),
          "Opening the stream of table " + work.table(),
          () -> streams.begin(work));
    }

    private int pollThreads() {
      return streamConfig == null ? 0 : streamConfig.pollThreads(shards);
    }

    @Override
    public void holdStream(TableWork.HoldStream work) {
      start(
          "hold-" + work.table(),
          "Holding the stream of table " + work.table(),
          () -> repairs.hold(work));
    }

    @Override
    public void exportGap(TableWork.ExportGap work) {
      start(
          "repair-" + work.table(),
          "Exporting lost changes of table " + work.table(),
          () -> repairs.export(work));
    }

    @Override
    public void complete(TableWork.Complete work) {
      if (work.announceLoaded()) {
        start(
            "complete-" + work.table(),
            "Completing table " + work.table(),
            () -> new TableAnnouncements(tables, output).loaded(work.table()));
      }
    }
  }

  private static ExportedData exported(TableConfig table, ExportFiles export) {
    String name = table.table().name();
    long version = DocumentVersion.ofExport(table.stream().exportedUpToMs(export.exportTimeMs()));
    return export.window() == null
        ? new LoadedExport(name, export.exportArn(), export.exportTimeMs(), version)
        : new LoadedWindow(name, export.exportArn(), version);
  }

  private SnapshotLoad open(TableWork.LoadFiles load) throws InterruptedException {
    TableConfig table = tables.config(load.table());
    TableMetrics metrics = tables.metrics(load.table());
    ExportFiles export = load.export();
    SnapshotContext context =
        new SnapshotContext(
            exported(table, export),
            ExportBucket.of(
                resources.aws(),
                table.snapshot(),
                export.bucket(),
                CountedRequests.ofExport(metrics)),
            records.of(table, tables.offset(load.table()), export.exportArn()),
            metrics,
            resources.timing().clock());
    return SnapshotLoad.open(
        context, calls, output, offsets, export.manifestFilesKey(), load.files().indexes());
  }
}
