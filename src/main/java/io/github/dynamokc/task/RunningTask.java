package io.github.dynamokc.task;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.concurrent.WorkThreads;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.plan.FollowedTables;
import io.github.dynamokc.plan.PlannedTask;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.record.StatusForm;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.stream.RateLimiter;
import io.github.dynamokc.stream.ShardScheduler;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * What a started task owns: the AWS clients, the threads that do its assignment, and the queue
 * between them and Connect. It does what the assignment says and ends with {@link #close()}; a
 * restart resumes from the committed offsets.
 */
public final class RunningTask implements AutoCloseable {
  private final ConnectorConfig config;
  private final TaskResources resources;
  private final WorkThreads threads;
  private final OffsetReader offsets;
  private final TaskOutput output;
  private final TaskTables tables;
  private final TaskParts parts;
  private final TableRuns runs;
  private final RecordHandover handover;

  /** As many files of all tables at a time as the table with the most asks for; 0 finds it out. */
  private int fileThreads;

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
    RetryingCalls calls =
        new RetryingCalls(
            new Retrier(
                threads.stopped(), clock, resources.timing().random(), config.stallTimeout()));
    RecordQueue queue = new RecordQueue(config.delivery().maxQueueBytes());
    StatusRecords status =
        new StatusRecords(
            config.statusTopic(), StatusForm.of(config.shared().records()), clock, queue::fail);
    KeptCounts counts = new KeptCounts(tables, queue, status, clock);
    this.output =
        new TaskOutput(queue, status, config.connect().toleratesErrors(), counts, queue::fail);
    this.parts =
        new TaskParts(
            config,
            resources,
            tables,
            output,
            new TableTrouble(tables, output, clock),
            new RecordSetup(pluginVersion, config.connectorName(), calls.retrier(), clock),
            new ShardScheduler(resources.nanoTime()),
            RateLimiter.ofTask(
                resources.nanoTime(),
                config.streamDescribeRate(),
                planned == null ? 0 : planned.task(),
                planned == null ? config.tasksMax() : planned.tasks()),
            new FileLoaders(queue),
            this::startFileThreads);
    this.handover =
        new RecordHandover(
            config,
            resources,
            tables,
            output,
            counts,
            planned == null ? null : GivenAssignment.of(planned),
            this::tableFailed);
    this.runs = new TableRuns(parts, threads, calls, handover::unsettled);
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
            worker,
            FollowedTables.fromConfig(props));
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
    if (planned != null && planned.task() == 0) {
      start("tables", "Committing the tables", new FollowedTablesCommit(tables, output)::run);
    }
    for (int i = 0; i < pollThreads(assignment); i++) {
      start("stream", "Reading streams", parts.scheduler()::run);
    }
    fileThreads = fileThreads(assignment);
    assignment.work().stream()
        .collect(groupingBy(TableWork::table, LinkedHashMap::new, toList()))
        .values()
        .forEach(runs::begin);
    start("acknowledgments", "Watching acknowledgments", () -> handover.watch(threads.stopped()));
  }

  private void tableFailed(String table, ConnectException cause) {
    runs.failed(table, cause);
  }

  /** All streams of the task share the threads. */
  private int pollThreads(TaskAssignment assignment) {
    List<TableWork.ReadShards> reads = work(assignment, TableWork.ReadShards.class);
    int shards = reads.stream().mapToInt(read -> read.shards().size()).sum();
    return reads.isEmpty() ? 0 : tables.config(reads.get(0).table()).stream().pollThreads(shards);
  }

  private int fileThreads(TaskAssignment assignment) {
    return work(assignment, TableWork.LoadFiles.class).stream()
        .mapToInt(load -> tables.config(load.table()).snapshot().fileConcurrency())
        .max()
        .orElse(0);
  }

  private static <T extends TableWork> List<T> work(TaskAssignment assignment, Class<T> kind) {
    return assignment.work().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private void startFileThreads() {
    FileLoaders loaders = parts.loaders();
    Runnable thread = () -> threads.start("file", loaders::run);
    if (fileThreads > 0) {
      loaders.start(fileThreads, thread);
    } else {
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
    runs.stop();
    parts.scheduler().stop();
    threads.interrupt();
    resources.aws().close();
    runs.close();
    threads.close();
    tables.close();
  }

  private void start(String job, String what, TaskOutput.Work work) {
    threads.start(job, () -> output.run(what, work));
  }
}
