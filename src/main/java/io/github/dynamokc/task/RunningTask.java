package io.github.dynamokc.task;

import io.github.dynamokc.aws.AwsClients;
import io.github.dynamokc.aws.CountedRequests;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.WorkThreads;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.DeliveryConfig;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.delivery.InFlightRecords;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.export.SnapshotContext;
import io.github.dynamokc.export.SnapshotLoad;
import io.github.dynamokc.export.TablePreparation;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.MetricTags;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.record.StatusForm;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.stream.EndedStreamCleanup;
import io.github.dynamokc.stream.RateLimiter;
import io.github.dynamokc.stream.SdkStreamApi;
import io.github.dynamokc.stream.ShardScheduler;
import io.github.dynamokc.stream.StreamContext;
import io.github.dynamokc.stream.StreamLag;
import io.github.dynamokc.stream.StreamReader;
import io.github.dynamokc.stream.StreamStart;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a started task owns: the AWS clients, the threads that do its assignment, and the queue
 * between them and Connect. It does what the assignment says and ends with {@link #close()}; a
 * restart takes up whatever the committed offsets say.
 */
public final class RunningTask implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningTask.class);

  /** Connect stops a task only between polls. */
  private static final Duration POLL_PATIENCE = Duration.ofMillis(500);

  private final ConnectorConfig config;
  private final AwsClients aws;
  private final WorkThreads threads;
  private final RetryingCalls calls;
  private final OffsetReader offsets;
  private final TaskOutput output;
  private final RecordSetup records;
  private final @Nullable AcknowledgmentGuard guard;
  private final Map<String, TableMetrics> metrics = new HashMap<>();
  private final InstantSource clock = InstantSource.system();
  private final Random random = new Random();

  private RunningTask(
      String pluginVersion, ConnectorConfig config, AwsClients aws, OffsetStorageReader offsets) {
    this.config = config;
    this.aws = aws;
    this.threads = new WorkThreads(config.connectorName() + "-task");
    this.calls = new RetryingCalls(threads.stopped(), clock, random, config.stallTimeout());
    this.offsets = new OffsetReader(offsets);
    RecordQueue queue = new RecordQueue(config.delivery().maxQueueBytes());
    this.output =
        new TaskOutput(
            queue,
            new StatusRecords(
                config.statusTopic(),
                StatusForm.of(config.tables().get(0).records()),
                clock,
                queue::fail),
            config.toleratesErrors());
    this.records = new RecordSetup(pluginVersion, config.connectorName(), calls, clock);
    DeliveryConfig.AcknowledgmentTimeouts timeouts = config.delivery().acknowledgments();
    this.guard =
        timeouts == null
            ? null
            : new AcknowledgmentGuard(
                timeouts,
                !config.transactionsSpanPolls(),
                new InFlightRecords(System::nanoTime),
                queue,
                clock);
  }

  /**
   * @throws org.apache.kafka.common.config.ConfigException if the task config is unusable
   */
  public static RunningTask start(
      String pluginVersion,
      Map<String, String> props,
      OffsetStorageReader offsets,
      MetricsSink worker) {
    ConnectorConfig config = ConnectorConfig.from(props);
    String text = props.get(TaskAssignment.CONFIG_KEY);
    if (text == null) {
      throw new ConnectException("The task config has no " + TaskAssignment.CONFIG_KEY);
    }
    TaskAssignment assignment = TaskAssignment.fromConfig(text);
    RunningTask task =
        new RunningTask(
            pluginVersion, config, AwsClients.create(config.aws(), config.region()), offsets);
    boolean started = false;
    try {
      task.register(assignment, String.valueOf(props.get(TaskAssignment.ID_KEY)), worker);
      assignment.work().forEach(task::begin);
      task.beginReading(assignment);
      task.guard();
      started = true;
      return task;
    } finally {
      if (!started) {
        task.close();
      }
    }
  }

  /** On the task thread; returns within about half a second, with null if there is nothing. */
  public @Nullable List<SourceRecord> poll() throws InterruptedException {
    int most = config.delivery().maxBatchSize();
    List<SourceRecord> records =
        guard == null ? output.queue().poll(most, POLL_PATIENCE) : guard.poll(most, POLL_PATIENCE);
    records.forEach(record -> countUnacknowledged(record, 1));
    return records.isEmpty() ? null : records;
  }

  /** Told of every record that {@link #poll} gave, once, from Connect's threads. */
  public void settled(SourceRecord record, boolean acknowledged) {
    if (record instanceof TrackedRecord tracked) {
      countUnacknowledged(record, -1);
      if (acknowledged) {
        tracked.delivery().acknowledged();
      } else {
        tracked.delivery().dropped();
      }
      if (guard != null) {
        guard.settled(tracked);
      }
    }
  }

  private void countUnacknowledged(SourceRecord record, int by) {
    metricsOf(SourcePartition.tableOf(record.sourcePartition()))
        .adjust(Gauge.UNACKNOWLEDGED_RECORDS, by);
  }

  @Override
  public void close() {
    if (guard != null) {
      guard.stopping();
    }
    threads.interrupt();
    aws.close();
    threads.close();
    metrics.values().forEach(TableMetrics::close);
  }

  private void register(TaskAssignment assignment, String task, MetricsSink worker) {
    for (TableWork work : assignment.work()) {
      metrics.computeIfAbsent(
          work.table(),
          table ->
              TableMetrics.register(
                  MetricTags.ofTask(config.connectorName(), task, table), worker));
    }
  }

  private TableMetrics metricsOf(String table) {
    return Objects.requireNonNull(metrics.get(table), "registered");
  }

  private void begin(TableWork work) {
    LOG.info("Work on table {}: {}", work.table(), work.getClass().getSimpleName());
    if (work instanceof TableWork.Prepare prepare) {
      TablePreparation preparation =
          new TablePreparation(
              config.connectorName(),
              config.table(prepare.table()),
              aws.dynamoDb(),
              CountedRequests.ofExport(metricsOf(work.table())),
              calls,
              offsets,
              output,
              clock);
      start("Preparing table " + work.table(), () -> preparation.run(prepare.exportAttempt()));
    } else if (work instanceof TableWork.LoadFiles load) {
      start("Loading table " + work.table(), () -> load(load));
    } else if (work instanceof TableWork.Complete complete && complete.announceLoaded()) {
      start("Completing table " + work.table(), () -> announceLoaded(complete.table()));
    }
  }

  private void guard() {
    if (guard != null) {
      start("Watching acknowledgments", () -> guard.run(threads.stopped()));
    }
  }

  private void start(String what, TaskOutput.Work work) {
    threads.start(() -> output.run(what, work));
  }

  private void load(TableWork.LoadFiles load) throws InterruptedException {
    TableConfig table = config.table(load.table());
    SnapshotContext source =
        new SnapshotContext(
            load.table(),
            load.export().exportArn(),
            load.export().exportTimeMs(),
            DocumentVersion.ofExport(table.stream().exportedUpToMs(load.export().exportTimeMs())),
            aws.s3(table.snapshot().s3Region()),
            load.export().bucket(),
            table.snapshot().bucketOwner(),
            records.of(table, registered(load.table()), load.export().exportArn()),
            CountedRequests.ofExport(metricsOf(load.table())),
            metricsOf(load.table()),
            clock);
    TaskOutput.Work work =
        new SnapshotLoad(source, calls, output)
            .workOfEachThread(load.export().manifestFilesKey(), load.files().indexes(), offsets);
    int files = load.files().indexes().size();
    for (int i = 0; i < Math.min(table.snapshot().fileConcurrency(), files); i++) {
      start("Loading table " + load.table(), work);
    }
  }

  /** All streams of the task share one scheduler and its threads. */
  private void beginReading(TaskAssignment assignment) {
    ShardScheduler scheduler = new ShardScheduler(System::nanoTime);
    RateLimiter pace = new RateLimiter(System::nanoTime);
    int pollThreads = 0;
    for (TableWork work : assignment.work()) {
      if (work instanceof TableWork.ReadShards read) {
        pollThreads = Math.max(pollThreads, config.table(read.table()).stream().pollThreads());
        start("Opening the stream of table " + read.table(), () -> read(read, scheduler, pace));
      }
    }
    for (int i = 0; i < pollThreads; i++) {
      start("Reading streams", scheduler::run);
    }
  }

  private void read(TableWork.ReadShards read, ShardScheduler scheduler, RateLimiter pace)
      throws InterruptedException {
    TableConfig table = config.table(read.table());
    TableOffset offset =
        read.announceLoaded() ? announceLoaded(read.table()) : registered(read.table());
    StreamStart start = StreamStart.of(offset, table);
    TableWork.Replacement replaced = read.replaces();
    // A plan may be older than the offset, which then says since when all of the stream is wanted.
    if (replaced != null && !read.stream().equals(offset.registration().streamArn())) {
      start = start.ofNext(clock.millis());
      if (replaced.announce()) {
        announceReplaced(read.table(), offset, replaced.stream(), read.stream(), start);
      }
    }
    TableMetrics counted = metricsOf(read.table());
    StreamContext source =
        new StreamContext(
            read.table(),
            read.stream(),
            start.skipUpToMs(),
            start.inSnapshotUpToMs(),
            new SdkStreamApi(aws.streams(), CountedRequests.ofStream(counted)),
            pace,
            offsets,
            records.of(table, offset, read.stream()),
            output,
            counted,
            StreamLag.shownIn(counted, clock),
            table.stream(),
            clock,
            random);
    new StreamReader(source, scheduler, start.neededFromMs()).start(read.shards(), read.retire());
    if (replaced != null && replaced.announce()) {
      EndedStreamCleanup.retire(source, replaced.stream(), scheduler);
    }
  }

  /** The change to the stream that took the place of an ended one becomes the table's offset. */
  private void announceReplaced(
      String table, TableOffset offset, String ended, String next, StreamStart start)
      throws InterruptedException {
    SourcePartition partition = new SourcePartition.OfTable(table);
    TableOffset changed = offset.with(offset.registration().goneOverTo(next, clock.millis()));
    String reason =
        "the stream %s was disabled and %s enabled after it; changes in between are in neither, and what %1$s held is missing if it was gone before it was read"
            .formatted(ended, next);
    if (start.isInSnapshotBefore(next)) {
      reason += ". " + StreamContext.IN_SNAPSHOT;
    }
    metricsOf(table).add(Counter.DATA_LOSS_EVENTS, 1);
    LOG.error("Table {}: {}. Going on", table, reason);
    output.queue().put(List.of(output.status().dataLoss(partition, changed, reason, null)));
  }

  /** Gives the table's offset as it will be. */
  private TableOffset announceLoaded(String table) throws InterruptedException {
    TableOffset offset = registered(table);
    if (!(offset instanceof TableOffset.ExportSubmitted submitted)) {
      return offset;
    }
    TableOffset loaded = new TableOffset.ExportLoaded(submitted.registration(), submitted.export());
    SourcePartition partition = new SourcePartition.OfTable(table);
    output
        .queue()
        .put(List.of(output.status().record(StatusType.EXPORT_LOADED, partition, loaded)));
    return loaded;
  }

  /** The offset that the plan of this task was made from. */
  private TableOffset registered(String table) {
    TableOffset offset = offsets.table(table);
    if (offset == null) {
      throw new ConnectException(
          "Table "
              + table
              + " has no offset although its work was planned: the connector's offsets were reset"
              + " while it ran. Restart the connector");
    }
    return offset;
  }
}
