package io.github.dynamokc.task;

import io.github.dynamokc.aws.CountedRequests;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.ConnectorConfig;
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
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.monitor.ObserverContext;
import io.github.dynamokc.monitor.TableObserver;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourceOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ExportFiles;
import io.github.dynamokc.plan.Plan;
import io.github.dynamokc.plan.PlanText;
import io.github.dynamokc.plan.PlannedTask;
import io.github.dynamokc.plan.StandingPlan;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.record.StatusForm;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.stream.RateLimiter;
import io.github.dynamokc.stream.RecordsPage;
import io.github.dynamokc.stream.SchedulerSteps;
import io.github.dynamokc.stream.ScriptedStreamApi;
import io.github.dynamokc.stream.ShardPage;
import io.github.dynamokc.stream.ShardPosition;
import io.github.dynamokc.stream.ShardScheduler;
import io.github.dynamokc.stream.StreamApi;
import io.github.dynamokc.stream.TableJobs;
import io.github.dynamokc.stream.Timing;
import io.github.dynamokc.testing.CommittedOffsets;
import io.github.dynamokc.testing.FakeAwsClients;
import io.github.dynamokc.testing.FakeS3;
import io.github.dynamokc.testing.ManualClock;
import io.github.dynamokc.testing.aws.ScriptedStreams;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A table with its exports and streams, the tasks and the monitor of its connector, a Kafka that
 * acknowledges when told, and Connect's committed offsets, all on one thread and one manual clock.
 * What waits lets the rest go on. The worker can die at any call.
 */
final class RepairWorld {
  static final String TABLE = "orders";
  static final Instant START = Instant.ofEpochSecond(1_767_225_600L);
  private static final Duration LOOK = Duration.ofSeconds(60);

  final ManualClock clock = new ManualClock(START);
  final Clock workerClock;
  final ScriptedStreams streams = new ScriptedStreams(clock);
  final WrittenTable written = new WrittenTable();
  final FakeS3 s3 = new FakeS3();
  final ExportingDynamoDb dynamoDb;
  final ConnectorConfig config;

  /** Data records in the order in which they are in the topic. */
  final List<SourceRecord> topic = new ArrayList<>();

  /** The values of status records, in order. */
  final List<String> status = new ArrayList<>();

  /** What is committed, as Connect has it. */
  final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  /** Hears of each record that a task hands over. */
  Consumer<TrackedRecord> taken = record -> {};

  /** Hears of what is committed of the table as a whole. */
  Consumer<TableOffset> tableCommitted = offset -> {};

  /** Lets the table live while time passes. */
  Consumer<Duration> meanwhile = time -> {};

  /** Hears of changes that are in Kafka while Connect has not committed that they are read. */
  Consumer<ShardOffset> uncommitted = offset -> {};

  /** Before a file is loaded. */
  Runnable beforeFile = () -> {};

  /** Whether records and offsets are in Kafka together or not at all. */
  final boolean exactlyOnce;

  private final CommittedOffsets committed = new CommittedOffsets();
  private final Random random;
  private final int maxTasks;
  private final FakeAwsClients aws;
  private final StreamApi streamApi;
  private final List<SimulatedTask> tasks = new ArrayList<>();
  private StandingPlan standing;
  private @Nullable Plan plan;
  private @Nullable Plan planBefore;
  private TableObserver observer;
  private Instant nextLook = START;

  /** After so many calls the worker dies; 0 for never. */
  private int untilCrash;

  /** The worker dies. */
  static final class CrashError extends Error {
    private static final long serialVersionUID = 1L;
  }

  RepairWorld(
      long seed,
      Map<String, String> props,
      int maxTasks,
      Duration workerAhead,
      boolean exactlyOnce) {
    this.random = new Random(seed);
    this.maxTasks = maxTasks;
    this.exactlyOnce = exactlyOnce;
    this.workerClock = Clock.offset(clock, workerAhead);
    Map<String, String> all = new HashMap<>(props);
    all.put("name", "orders-source");
    all.put("tables", TABLE);
    all.put("export.s3.bucket", FakeS3.BUCKET);
    all.put("stream.on.data.loss", "repair");
    this.config = ConnectorConfig.from(all);
    this.dynamoDb = new ExportingDynamoDb(written, s3, clock, random, this::tick);
    s3.onRead(this::tick);
    this.aws = new FakeAwsClients(dynamoDb, s3, workerClock);
    this.streamApi = new MortalStreamApi(new ScriptedStreamApi(streams));
    this.standing = new StandingPlan(maxTasks, Duration.ZERO, null);
    this.observer = newObserver();
  }

  /** The worker dies after so many calls. */
  void crashAfter(int calls) {
    untilCrash = calls;
  }

  private void tick() {
    if (untilCrash > 0) {
      untilCrash--;
      if (untilCrash == 0) {
        throw new CrashError();
      }
    }
  }

  private RetryingCalls calls() {
    return new RetryingCalls(
        new Retrier(new PassingLatch(), workerClock, random, config.stallTimeout()));
  }

  private TableObserver newObserver() {
    return new TableObserver(
        config.table(TABLE),
        new ObserverContext(
            aws,
            streamApi,
            RateLimiter.ofMonitor(clock::nanoTime, 1e6),
            calls(),
            new OffsetReader(committed),
            TableMetrics.unregistered(),
            workerClock,
            maxTasks,
            soFar -> {}));
  }

  /** A connector starts that knows nothing but what is committed, and its tasks with it. */
  void startConnector(boolean findsPlan) throws InterruptedException {
    observer = newObserver();
    standing = new StandingPlan(maxTasks, Duration.ZERO, findsPlan ? plan : null);
    if (findsPlan) {
      startTasks();
    }
    look();
  }

  /** Tasks start from the plan as it was, as Connect does when a worker comes back. */
  void startTasks() {
    startTasks(plan);
  }

  /**
   * Tasks of the plan before the last one run for a while, as on a worker that has not heard of the
   * last one, and die.
   */
  void runStaleTasks(Duration time) throws InterruptedException {
    startTasks(planBefore);
    nextLook = clock.instant().plus(time);
    run(time);
    die();
  }

  private void startTasks(@Nullable Plan given) {
    tasks.clear();
    if (given != null) {
      for (PlannedTask task : PlanText.of(given, config.tasksMax()).tasks()) {
        tasks.add(new SimulatedTask(task));
      }
    }
  }

  /** What the monitor does now and then. */
  void look() throws InterruptedException {
    nextLook = clock.instant().plus(LOOK);
    Plan next = standing.update(List.of(observer.observe()), workerClock.millis());
    if (next != null) {
      stop();
      planBefore = plan;
      plan = next;
      startTasks();
    }
  }

  /** Connect stops the tasks, and commits what is acknowledged by then. */
  private void stop() throws InterruptedException {
    for (SimulatedTask task : tasks) {
      task.takeFromQueue();
      task.acknowledge(random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(20));
      task.commit(1.0);
      task.close();
    }
    tasks.clear();
  }

  /** The worker dies: some of what is on its way reaches Kafka, and some of that is committed. */
  void die() throws InterruptedException {
    untilCrash = 0;
    for (SimulatedTask task : tasks) {
      task.takeFromQueue();
      task.acknowledge(random.nextInt(3) == 0 ? Integer.MAX_VALUE : random.nextInt(30));
      int kind = random.nextInt(3);
      task.commit(kind == 0 ? 0 : kind == 1 ? 1 : random.nextDouble());
      task.close();
    }
    tasks.clear();
  }

  /** A task neither reads nor loads for some time. */
  void block(int task, Duration time) {
    if (!tasks.isEmpty()) {
      tasks.get(task % tasks.size()).blockedUntil = clock.instant().plus(time);
    }
  }

  /** No task is blocked any more. */
  void unblock() {
    tasks.forEach(task -> task.blockedUntil = Instant.EPOCH);
  }

  /** The kinds of work that are planned, for messages. */
  String planned() {
    return plan == null
        ? "nothing"
        : plan.tasks().stream()
            .flatMap(task -> task.work().stream())
            .map(work -> work.getClass().getSimpleName())
            .distinct()
            .toList()
            .toString();
  }

  /** Lets time pass with a monitor that looks and tasks that work. */
  void run(Duration time) throws InterruptedException {
    Instant end = clock.instant().plus(time);
    while (clock.instant().isBefore(end)) {
      if (!clock.instant().isBefore(nextLook)) {
        look();
      }
      long due = Duration.between(clock.instant(), nextLook).toNanos();
      for (SimulatedTask task : List.copyOf(tasks)) {
        due = Math.min(due, task.work());
      }
      settleSome();
      long left = Duration.between(clock.instant(), end).toNanos();
      Duration step = Duration.ofNanos(Math.max(0, Math.min(due, left)));
      if (!step.isZero()) {
        meanwhile.accept(step);
        clock.advance(step);
      }
    }
  }

  /** Kafka and Connect are fast, mostly. */
  private void settleSome() throws InterruptedException {
    for (SimulatedTask task : tasks) {
      task.takeFromQueue();
      if (random.nextInt(4) > 0) {
        task.acknowledge(Integer.MAX_VALUE);
      } else {
        task.acknowledge(random.nextInt(10));
      }
      if (random.nextInt(3) > 0) {
        task.commit(1.0);
      }
    }
  }

  /** Time that passes while something waits, or nothing is there. */
  void pass(Duration time) throws InterruptedException {
    settleSome();
    meanwhile.accept(time);
    clock.advance(time);
    settleSome();
  }

  /** A wait of a piece of work. */
  private final class PassingLatch extends CountDownLatch {
    private PassingLatch() {
      super(1);
    }

    @Override
    public void await() {
      throw new UnsupportedOperationException("A wait without an end");
    }

    @Override
    public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
      tick();
      pass(Duration.of(timeout, unit.toChronoUnit()));
      return false;
    }
  }

  /** A stream at whose calls the worker may die. */
  private final class MortalStreamApi implements StreamApi {
    private final StreamApi real;

    private MortalStreamApi(StreamApi real) {
      this.real = real;
    }

    @Override
    public ShardPage list(String streamArn, @Nullable String afterShard) {
      tick();
      return real.list(streamArn, afterShard);
    }

    @Override
    public List<Shard> children(String streamArn, String parent) {
      tick();
      return real.children(streamArn, parent);
    }

    @Override
    public String iterator(String streamArn, String shardId, ShardPosition position) {
      tick();
      return real.iterator(streamArn, shardId, position);
    }

    @Override
    public RecordsPage records(String streamArn, String shardId, String iterator) {
      tick();
      return real.records(streamArn, shardId, iterator);
    }
  }

  /** A piece of work that a task does on a thread of its own. */
  private interface Job {
    /** Goes on, and says whether there is more. */
    boolean step() throws InterruptedException;
  }

  /** One task of the plan. */
  private final class SimulatedTask implements TableWork.Handler {
    private final TaskTables tables;
    private final RecordQueue queue = new RecordQueue(Long.MAX_VALUE);
    private final TaskOutput output;
    private final RecordSetup records;
    private final StreamWork reading;
    private final SchedulerSteps scheduler;
    private final RepairWork repairs;
    private final RetryingCalls retries = calls();
    private final Deque<Job> jobs = new ArrayDeque<>();
    private final Map<String, ArrayDeque<Submitted>> producer = new TreeMap<>();
    private final Map<Map<String, ?>, ArrayDeque<Submitted>> submitted = new LinkedHashMap<>();

    /** All that is handed over and in no transaction yet. */
    private final Deque<Submitted> order = new ArrayDeque<>();

    private final List<Submitted> transaction = new ArrayList<>();
    private Instant blockedUntil = Instant.EPOCH;

    private SimulatedTask(PlannedTask planned) {
      int number = planned.task();
      TaskAssignment assignment = TaskAssignment.fromConfig(planned.assignment());
      tables =
          new TaskTables(
              config,
              new OffsetReader(committed),
              assignment,
              String.valueOf(number),
              MetricsSink.NONE);
      StatusRecords statusRecords =
          new StatusRecords(
              config.statusTopic(),
              StatusForm.of(config.shared().records()),
              workerClock,
              queue::fail);
      output = new TaskOutput(queue, statusRecords, false, this::put, queue::fail);
      records = new RecordSetup("1.2.3", config.connectorName(), retries.retrier(), workerClock);
      TaskResources resources =
          new TaskResources(
              aws, metrics -> streamApi, new Timing(workerClock, random), clock::nanoTime);
      ShardScheduler steps = new ShardScheduler(clock::nanoTime);
      reading =
          new StreamWork(
              tables,
              resources,
              retries,
              output,
              records,
              RateLimiter.ofTask(clock::nanoTime, 10, 0, 1),
              new TableJobs(steps));
      scheduler = new SchedulerSteps(steps);
      repairs = new RepairWork(config.connectorName(), tables, resources, retries, output);
      once(() -> new AssignmentCommit(planned, config.tasksMax(), tables.offsets(), output).run());
      assignment.work().forEach(work -> work.dispatch(this));
    }

    private void put(List<TrackedRecord> batch) throws InterruptedException {
      tick();
      queue.put(batch);
      tick();
    }

    @Override
    public void prepare(TableWork.Prepare work) {
      once(
          () ->
              new TablePreparation(
                      config.connectorName(),
                      tables.config(TABLE),
                      aws.dynamoDb(),
                      CountedRequests.ofExport(tables.metrics(TABLE)),
                      retries,
                      tables.offsets(),
                      output,
                      workerClock)
                  .run(work.exportAttempt()));
    }

    @Override
    public void loadFiles(TableWork.LoadFiles work) {
      Job load =
          new Job() {
            private @Nullable SnapshotLoad open;

            @Override
            public boolean step() throws InterruptedException {
              if (open == null) {
                open = open(work);
                return true;
              }
              beforeFile.run();
              return open.loadNext();
            }
          };
      jobs.add(load);
    }

    @Override
    public void awaitListing(TableWork.AwaitListing work) {}

    @Override
    public void readShards(TableWork.ReadShards work) {
      once(() -> reading.begin(work));
    }

    @Override
    public void holdStream(TableWork.HoldStream work) {
      once(() -> repairs.hold(work));
    }

    @Override
    public void exportGap(TableWork.ExportGap work) {
      once(() -> repairs.export(work));
    }

    @Override
    public void park(TableWork.Park work) {
      throw new UnsupportedOperationException("No table is parked here");
    }

    @Override
    public void remove(TableWork.Remove work) {
      throw new UnsupportedOperationException("No table is removed here");
    }

    @Override
    public void complete(TableWork.Complete work) {
      throw new UnsupportedOperationException("complete");
    }

    private void once(TaskOutput.Work work) {
      jobs.add(
          () -> {
            work.run();
            return false;
          });
    }

    /** As {@link RunningTask} opens it. */
    private SnapshotLoad open(TableWork.LoadFiles load) throws InterruptedException {
      TableConfig table = tables.config(TABLE);
      ExportFiles export = load.export();
      SnapshotContext context =
          new SnapshotContext(
              exported(table, export),
              new ExportBucket(
                  aws.s3(null),
                  export.bucket(),
                  null,
                  CountedRequests.ofExport(tables.metrics(TABLE))),
              records.of(table, tables.offset(TABLE), export.exportArn()),
              tables.metrics(TABLE),
              workerClock);
      return SnapshotLoad.open(
          context,
          retries,
          output,
          tables.offsets(),
          export.manifestFilesKey(),
          load.files().indexes());
    }

    private static ExportedData exported(TableConfig table, ExportFiles export) {
      long version = DocumentVersion.ofExport(table.stream().exportedUpToMs(export.exportTimeMs()));
      return export.window() == null
          ? new LoadedExport(TABLE, export.exportArn(), export.exportTimeMs(), version)
          : new LoadedWindow(TABLE, export.exportArn(), version);
    }

    /** Does what is due, and says in how many nanoseconds there is more. */
    private long work() throws InterruptedException {
      if (clock.instant().isBefore(blockedUntil)) {
        return Duration.between(clock.instant(), blockedUntil).toNanos();
      }
      Job job = jobs.poll();
      if (job != null) {
        if (job.step()) {
          jobs.add(job);
        }
        return 0;
      }
      for (int steps = 0; steps < 200 && scheduler.runIfDue(); steps++) {
        takeFromQueue();
      }
      return scheduler.nanosUntilDue();
    }

    private void takeFromQueue() throws InterruptedException {
      for (SourceRecord record : queue.poll(Integer.MAX_VALUE, Duration.ZERO)) {
        TrackedRecord tracked = (TrackedRecord) record;
        taken.accept(tracked);
        Submitted next = new Submitted(tracked);
        if (exactlyOnce) {
          order.add(next);
        } else {
          String kafkaPartition = record.topic() + Math.floorMod(record.key().hashCode(), 3);
          producer.computeIfAbsent(kafkaPartition, p -> new ArrayDeque<>()).add(next);
          submitted.computeIfAbsent(record.sourcePartition(), p -> new ArrayDeque<>()).add(next);
        }
      }
    }

    /** Kafka keeps the order of a partition, and none between partitions. */
    private void acknowledge(int count) {
      for (int i = 0; i < count && !(producer.isEmpty() && order.isEmpty()); i++) {
        if (exactlyOnce) {
          transaction.add(order.remove());
        } else {
          List<String> partitions = new ArrayList<>(producer.keySet());
          acknowledgeNext(partitions.get(random.nextInt(partitions.size())));
        }
      }
    }

    private void acknowledgeNext(String partition) {
      ArrayDeque<Submitted> waiting = producer.get(partition);
      Submitted next = waiting.remove();
      if (waiting.isEmpty()) {
        producer.remove(partition);
      }
      next.acknowledged = true;
      publish(next.record);
      next.record.delivery().acknowledged();
    }

    private void publish(TrackedRecord record) {
      if (record.topic().equals(config.statusTopic())) {
        status.add(String.valueOf(record.value()));
      } else {
        topic.add(record);
      }
    }

    /** Connect commits each source partition up to its first record that is not acknowledged. */
    private void commit(double share) {
      if (exactlyOnce) {
        commitTransaction(share);
        return;
      }
      var partitions = submitted.entrySet().iterator();
      while (partitions.hasNext()) {
        Map.Entry<Map<String, ?>, ArrayDeque<Submitted>> entry = partitions.next();
        if (random.nextDouble() < share) {
          ArrayDeque<Submitted> waiting = entry.getValue();
          while (!waiting.isEmpty() && waiting.peek().acknowledged) {
            commitOffset(waiting.remove().record);
          }
          if (waiting.isEmpty()) {
            partitions.remove();
          }
        }
      }
    }

    private void commitTransaction(double share) {
      if (random.nextDouble() < share) {
        for (Submitted each : transaction) {
          publish(each.record);
          commitOffset(each.record);
        }
        transaction.forEach(each -> each.record.delivery().acknowledged());
        transaction.clear();
      }
    }

    private void commitOffset(TrackedRecord record) {
      committed.commit(record.sourcePartition(), record.sourceOffset());
      if (record.sourceOffset() == null) {
        offsets.remove(record.sourcePartition());
      } else {
        offsets.put(record.sourcePartition(), record.sourceOffset());
        if (offset(record) instanceof TableOffset table) {
          tableCommitted.accept(table);
        }
      }
    }

    private void close() {
      tables.close();
      for (ArrayDeque<Submitted> waiting : submitted.values()) {
        for (Submitted each : waiting) {
          if (each.acknowledged && offset(each.record) instanceof ShardOffset read) {
            uncommitted.accept(read);
          }
        }
      }
    }
  }

  /**
   * Up to when each shard is read, and the table is told otherwise, as it is committed; epoch ms.
   */
  List<Long> positions() {
    List<Long> positions = new ArrayList<>();
    offsets.forEach(
        (partition, offset) -> {
          SourceOffset read = offset(partition, offset);
          if (read instanceof ShardOffset shard) {
            positions.add(shard.readUpTo());
          } else if (read instanceof TableOffset table) {
            positions.add(table.registration().start().timeMs());
            if (table.export() != null) {
              positions.add(table.export().timeMs());
            }
            if (table.registration().repaired() != null) {
              positions.add(
                  table.registration().repaired().upToMs()
                      + config.table(TABLE).stream().handoverOverlap().toMillis());
            }
          }
        });
    return positions;
  }

  static @Nullable SourceOffset offset(SourceRecord record) {
    return record.sourceOffset() == null
        ? null
        : offset(record.sourcePartition(), record.sourceOffset());
  }

  @SuppressWarnings("unchecked")
  private static SourceOffset offset(Map<String, ?> partition, Map<String, ?> offset) {
    return SourceOffset.fromConnect(
        SourcePartition.fromConnect((Map<String, Object>) partition), (Map<String, Object>) offset);
  }

  /** A record that Connect has handed to the producer. */
  private static final class Submitted {
    private final TrackedRecord record;
    private boolean acknowledged;

    private Submitted(TrackedRecord record) {
      this.record = record;
    }
  }
}
