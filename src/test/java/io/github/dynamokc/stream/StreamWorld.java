package io.github.dynamokc.stream;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.DataLossPolicy;
import io.github.dynamokc.config.LossResponse;
import io.github.dynamokc.config.RemoveView;
import io.github.dynamokc.config.StartPosition;
import io.github.dynamokc.config.StreamConfig;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.monitor.ObserverContext;
import io.github.dynamokc.monitor.TableObserver;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.Repaired;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.plan.Plan;
import io.github.dynamokc.plan.StandingPlan;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.record.Loss;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.testing.CommittedOffsets;
import io.github.dynamokc.testing.FakeAwsClients;
import io.github.dynamokc.testing.FakeDynamoDb;
import io.github.dynamokc.testing.FakeS3;
import io.github.dynamokc.testing.ManualClock;
import io.github.dynamokc.testing.RecordForms;
import io.github.dynamokc.testing.WaitingLatch;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.aws.ScriptedStreams;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A scripted stream, tasks that read it, a Kafka that acknowledges when told, and Connect's
 * committed offsets, all on one thread and one manual clock: whatever happens can be told and
 * repeated. Tasks are planned by the real planner and can be killed at any moment.
 */
final class StreamWorld {
  static final String TABLE = "orders";
  static final Instant START = Instant.ofEpochSecond(1_699_336_310);

  private static final int TASKS_MAX = 5;
  private static final List<String> TASKS =
      IntStream.range(0, TASKS_MAX).mapToObj(String::valueOf).toList();

  /** AWS's clock, which all else follows. */
  final ManualClock clock = new ManualClock(START);

  /** The same as the worker has it: by default no other. */
  final Clock workerClock;

  final ScriptedStreams streams = new ScriptedStreams(clock);
  final ScriptedStream stream = streams.create(TABLE, "2023-11-07T05:51:50.000", "pk");
  final CommittedOffsets committed = new CommittedOffsets();
  final TableMetrics metrics = TableMetrics.unregistered();

  /** The topic: data records that Kafka has acknowledged, in order. */
  final List<SourceRecord> topic = new ArrayList<>();

  /** The types of acknowledged status records, in order. */
  final List<String> status = new ArrayList<>();

  /** The values of acknowledged {@code DATA_LOSS} records, in order. */
  final List<String> losses = new ArrayList<>();

  private final Random random;
  private final List<SimulatedTask> tasks = new ArrayList<>();
  private final FakeDynamoDb dynamoDb = new FakeDynamoDb().streamArn(stream.arn());
  private final Map<DataLossPolicy, TableObserver> observers = new EnumMap<>(DataLossPolicy.class);
  private StandingPlan standing = new StandingPlan(1, Duration.ZERO, null);
  private List<TaskAssignment> planned = List.of();
  boolean toleratesErrors;

  /** Keys of the connector, and their values, that say how records are made. */
  String[] form = {};

  long inSnapshotUpToMs = -1;
  long skipUpToMs = -1;
  long neededFromMs = START.toEpochMilli();
  private Repaired repaired = Repaired.NOTHING;
  DataLossPolicy onDataLoss = DataLossPolicy.FAIL;

  /** A stream that this one has taken the place of. */
  @Nullable String endedStream;

  /** What the monitor holds of losses; that of the tasks is {@link #onDataLoss}. */
  DataLossPolicy monitorsPolicy = DataLossPolicy.CONTINUE;

  /** Hears of what is written, started, taken, acknowledged and committed; null for nobody. */
  @Nullable DeliveryOracle oracle;

  Duration pollIdleMax = Duration.ofMillis(1500);
  Duration stallTimeout = Duration.ofMinutes(10);

  /** Beyond all tests that are not about it. */
  Duration progressInterval = Duration.ofDays(365);

  StreamWorld() {
    this(0);
  }

  StreamWorld(long seed) {
    this(seed, Duration.ZERO);
  }

  /**
   * @param workerAhead how far the worker's clock is ahead of AWS's; negative if it is behind
   */
  StreamWorld(long seed, Duration workerAhead) {
    this.random = new Random(seed);
    this.workerClock = workerAhead.isZero() ? clock : Clock.offset(clock, learnt(workerAhead));
    register(new Registration.Start(true, START.toEpochMilli(), true));
  }

  /** The connector is made now and wants what is changed from now on. */
  void startsNow() {
    skipUpToMs = clock.millis();
    neededFromMs = skipUpToMs;
    register(new Registration.Start(false, skipUpToMs, true));
  }

  /** A gap was repaired up to now less some time, of lineages that were read up to then. */
  void repairedUpTo(Duration before) {
    repaired(before, before);
  }

  /**
   * A gap was repaired up to now less some time.
   *
   * @param lostBefore how long ago the lineages were read that it is for, at least
   */
  void repaired(Duration before, Duration lostBefore) {
    long now = clock.millis();
    repaired = new Repaired(now - before.toMillis(), now - lostBefore.toMillis());
    SourcePartition.OfTable partition = new SourcePartition.OfTable(TABLE);
    TableOffset offset = (TableOffset) committed.get(partition);
    committed.commit(partition, offset.with(offset.registration().repaired(repaired)));
  }

  private void register(Registration.Start start) {
    committed.commit(
        new SourcePartition.OfTable(TABLE),
        new TableOffset.Registered(
            new Registration(
                "table-id-1",
                "arn:aws:dynamodb:us-east-1:000000000000:table/orders",
                stream.arn(),
                "pk",
                null,
                start,
                null)));
  }

  private TableObserver observer() {
    return observers.computeIfAbsent(
        monitorsPolicy,
        policy ->
            new TableObserver(
                ConnectorConfig.from(
                        Map.of(
                            "name",
                            "orders-source",
                            "tables",
                            TABLE,
                            "snapshot.mode",
                            "no_data",
                            "stream.on.data.loss",
                            policy.name().toLowerCase(Locale.ROOT)))
                    .table(TABLE),
                new ObserverContext(
                    new FakeAwsClients(dynamoDb, new FakeS3(), workerClock),
                    new ScriptedStreamApi(streams),
                    RateLimiter.ofMonitor(clock::nanoTime, 1e6),
                    new RetryingCalls(
                        new Retrier(
                            new WaitingLatch(clock),
                            workerClock,
                            new Random(0),
                            Duration.ofHours(1))),
                    new OffsetReader(committed),
                    TableMetrics.unregistered(),
                    workerClock,
                    TASKS_MAX,
                    soFar -> {})));
  }

  /** What is left of a difference between the clocks when it was learnt from AWS's answers. */
  private static Duration learnt(Duration workerAhead) {
    Duration most = Duration.ofSeconds(2);
    return workerAhead.isNegative() ? most.negated() : most;
  }

  /** How many shards have an offset. */
  int shardOffsets() {
    return committed.size("shard");
  }

  /**
   * Plans from what is committed and starts the tasks, as a connector does that starts: it knows
   * nothing of what an earlier one has seen.
   */
  void start(int maxTasks) throws InterruptedException {
    observers.clear();
    planAndStart(maxTasks);
  }

  private void planAndStart(int maxTasks) throws InterruptedException {
    standing = new StandingPlan(maxTasks, Duration.ZERO, null);
    plan();
    startTasks();
  }

  /** As {@link #start} with a monitor that knows nothing but what is committed. */
  void startConnector(int maxTasks) throws InterruptedException {
    observers.clear();
    start(maxTasks);
  }

  /** Starts tasks from the plan as it was, as Connect does when a worker comes back. */
  void startTasks() throws InterruptedException {
    tasks.clear();
    if (oracle != null) {
      oracle.started();
    }
    for (TaskAssignment assignment : planned) {
      tasks.add(new SimulatedTask(tasks.size(), assignment));
    }
  }

  /** What the connector's monitor does: observe, and plan anew if the plan does not stand. */
  boolean monitor(int maxTasks) throws InterruptedException {
    boolean stands = !plan();
    if (!stands) {
      kill();
      planAndStart(maxTasks);
    }
    return stands;
  }

  /**
   * One look of the connector's monitor: if the plan does not stand after it, all tasks are started
   * from the new one. Unlike {@link #monitor} it does not look again before they are.
   *
   * @return whether the plan stands
   */
  boolean look() throws InterruptedException {
    boolean stands = !plan();
    if (!stands) {
      startTasks();
    }
    return stands;
  }

  /** How many tasks there are. */
  int tasks() {
    return tasks.size();
  }

  /** Time in which the tasks live and get nowhere: paused, or blocked by a Kafka that is away. */
  void pause(Duration time) {
    clock.advance(time);
  }

  /**
   * Disables the table's stream and enables it again after a while, in which the table has none.
   * The new stream has no shard yet.
   */
  ScriptedStream replaceStream(ScriptedStream old, Duration gap) {
    old.disable();
    clock.advance(gap);
    String label =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS")
            .withZone(ZoneOffset.UTC)
            .format(clock.instant());
    ScriptedStream next = streams.create(TABLE, label, "pk");
    dynamoDb.streamArn(next.arn());
    return next;
  }

  /** Whether there is another plan. */
  private boolean plan() throws InterruptedException {
    Plan next = standing.update(List.of(observer().observe()), workerClock.millis());
    if (next != null) {
      planned = next.tasks();
    }
    return next != null;
  }

  ObservedTable.Streaming observe() throws InterruptedException {
    return (ObservedTable.Streaming) observer().observe();
  }

  /** SIGKILL for all tasks: what was not acknowledged or not committed is forgotten. */
  void kill() {
    tasks.clear();
  }

  /** Lets time pass; everything that is read is acknowledged and committed at once. */
  void run(Duration time) throws InterruptedException {
    long end = clock.nanoTime() + time.toNanos();
    while (true) {
      readWhatIsDue();
      acknowledgeAll();
      commitAll();
      long next =
          tasks.stream().mapToLong(t -> t.scheduler.nanosUntilDue()).min().orElse(Long.MAX_VALUE);
      if (next == 0) {
        continue;
      }
      long left = end - clock.nanoTime();
      if (left <= 0) {
        return;
      }
      clock.advance(Duration.ofNanos(Math.min(left, next)));
      if (left <= next) {
        return;
      }
    }
  }

  /** Runs all steps that are due now, without acknowledging anything. */
  void readWhatIsDue() throws InterruptedException {
    for (SimulatedTask task : tasks) {
      for (int steps = 0; steps < 10_000 && task.scheduler.runIfDue(); steps++) {
        task.takeFromQueue();
      }
      task.takeFromQueue();
    }
  }

  /** Runs one due step of one task; nothing if none is due. */
  void step(int task) throws InterruptedException {
    if (!tasks.isEmpty()) {
      SimulatedTask simulated = tasks.get(task % tasks.size());
      simulated.scheduler.runIfDue();
      simulated.takeFromQueue();
    }
  }

  void acknowledgeAll() {
    tasks.forEach(task -> task.acknowledge(Integer.MAX_VALUE));
  }

  /** Kafka acknowledges the next {@code records} of a task. */
  void acknowledge(int task, int records) {
    if (!tasks.isEmpty()) {
      tasks.get(task % tasks.size()).acknowledge(records);
    }
  }

  void commitAll() {
    tasks.forEach(task -> task.commit(1.0));
    if (oracle != null && tasks.stream().allMatch(task -> task.submitted.isEmpty())) {
      oracle.flushed();
    }
  }

  /** Kafka acknowledges all status records, and no other. */
  void acknowledgeStatus() {
    tasks.forEach(SimulatedTask::acknowledgeStatus);
  }

  /** A flush that a crash cuts short: each partition's offset is written or not. */
  void commitSome(double share) {
    tasks.forEach(task -> task.commit(share));
  }

  List<String> values() {
    return topic.stream().map(r -> (String) r.value()).toList();
  }

  List<Long> versions() {
    return topic.stream()
        .map(r -> (Long) r.headers().lastWithName("document_version").value())
        .toList();
  }

  @Nullable ShardOffset offset(String shard) {
    return (ShardOffset) committed.get(new SourcePartition.OfShard(TABLE, stream.arn(), shard));
  }

  static ScriptedChange put(String key, int value) {
    return ScriptedChange.insert(
        "{\"pk\":{\"S\":\"" + key + "\"}}",
        "{\"pk\":{\"S\":\"" + key + "\"},\"v\":{\"N\":\"" + value + "\"}}");
  }

  static String json(String key, int value) {
    return "{\"pk\":\"" + key + "\",\"v\":" + value + "}";
  }

  /** One task of the plan. */
  private final class SimulatedTask {
    private final String number;
    private final RecordQueue queue = new RecordQueue(Long.MAX_VALUE);
    private final ShardScheduler scheduler = new ShardScheduler(clock::nanoTime);
    private final Map<String, ArrayDeque<Submitted>> producer = new TreeMap<>();
    private final Map<Map<String, ?>, ArrayDeque<Submitted>> submitted = new LinkedHashMap<>();

    private SimulatedTask(int number, TaskAssignment assignment) throws InterruptedException {
      this.number = String.valueOf(number);
      StatusRecords statusRecords =
          new StatusRecords("status", RecordForms.status(), workerClock, queue::fail);
      StreamConfig config =
          new StreamConfig(
              StartPosition.LATEST,
              Duration.ofSeconds(60),
              RemoveView.NEW_IMAGE,
              Duration.ofMinutes(5),
              Duration.ofMillis(250),
              pollIdleMax,
              1,
              5,
              LossResponse.valueOf(onDataLoss.name()),
              Duration.ofSeconds(30),
              progressInterval,
              stallTimeout);
      RateLimiter limiter = RateLimiter.ofTask(clock::nanoTime, 10, 0, 1);
      TaskOutput output = new TaskOutput(queue, statusRecords, toleratesErrors);
      StreamContext context = context(stream.arn(), given(), config, limiter, output);
      for (TableWork work : assignment.work()) {
        TableWork.ReadShards read = (TableWork.ReadShards) work;
        context = context(read.stream(), start(read, output), config, limiter, output);
        new StreamReader(context, new TableJobs(scheduler), this.number)
            .start(read.shards(), read.retire(), read.listAfter());
        TableWork.Replacement replaced = read.replaces();
        if (replaced != null && replaced.announce()) {
          EndedStreamCleanup.retire(context, replaced.stream(), TASKS, new TableJobs(scheduler));
        }
      }
      if (endedStream != null) {
        EndedStreamCleanup.retire(context, endedStream, TASKS, new TableJobs(scheduler));
      }
    }

    private StreamContext context(
        String streamArn,
        StreamStart start,
        StreamConfig config,
        RateLimiter limiter,
        TaskOutput output) {
      return new StreamContext(
          new StreamIdentity(TABLE, streamArn),
          start,
          new StreamAccess(
              new PatientStreamApi(new ScriptedStreamApi(streams), workerClock, stallTimeout),
              limiter,
              new OffsetReader(committed)),
          new StreamSink(
              RecordForms.table(TABLE, TABLE, "pk", null, form),
              output,
              metrics,
              StreamLag.shownIn(metrics, workerClock)),
          config,
          new Timing(workerClock, random));
    }

    private StreamStart given() {
      return new StreamStart(
          skipUpToMs, neededFromMs, inSnapshotUpToMs, DocumentVersion.NONE, repaired);
    }

    /** As the work of a real task finds it, which also tells of a change of streams. */
    private StreamStart start(TableWork.ReadShards read, TaskOutput output)
        throws InterruptedException {
      SourcePartition.OfTable partition = new SourcePartition.OfTable(TABLE);
      TableOffset offset = (TableOffset) committed.get(partition);
      Registration registration = offset.registration();
      TableWork.Replacement replaced = read.replaces();
      if (replaced != null && !read.stream().equals(registration.streamArn())) {
        long now = workerClock.millis();
        if (replaced.announce()) {
          output.announceLoss(
              partition,
              offset.with(registration.goneOverTo(read.stream(), now, replaced.version())),
              new Loss("the stream was replaced", replaced.readUpTo(), now, null),
              DeliveryCallback.NO_OP);
        }
        return given().ofNext(read.stream(), now, replaced.version());
      }
      Long since = registration.streamSince();
      return since == null
          ? given()
          : given().ofNext(read.stream(), since, registration.versionFloor());
    }

    private void takeFromQueue() throws InterruptedException {
      for (SourceRecord taken : queue.poll(Integer.MAX_VALUE, Duration.ZERO)) {
        if (oracle != null) {
          oracle.taken(taken);
        }
        Submitted record = new Submitted((TrackedRecord) taken);
        if ("shards".equals(taken.sourcePartition().get("kind"))) {
          // No test is about when a note reaches Kafka.
          record.acknowledged = true;
          submitted.computeIfAbsent(taken.sourcePartition(), p -> new ArrayDeque<>()).add(record);
          continue;
        }
        producer.computeIfAbsent(kafkaPartition(taken), p -> new ArrayDeque<>()).add(record);
        submitted.computeIfAbsent(taken.sourcePartition(), p -> new ArrayDeque<>()).add(record);
      }
    }

    /** Kafka keeps the order of a partition, and none between partitions. */
    private void acknowledge(int records) {
      for (int i = 0; i < records && !producer.isEmpty(); i++) {
        List<String> partitions = new ArrayList<>(producer.keySet());
        acknowledgeNext(partitions.get(random.nextInt(partitions.size())));
      }
    }

    private void acknowledgeStatus() {
      for (String partition : List.copyOf(producer.keySet())) {
        while (partition.startsWith("status") && producer.containsKey(partition)) {
          acknowledgeNext(partition);
        }
      }
    }

    private void acknowledgeNext(String partition) {
      ArrayDeque<Submitted> waiting = producer.get(partition);
      Submitted next = waiting.remove();
      if (waiting.isEmpty()) {
        producer.remove(partition);
      }
      TrackedRecord record = next.record;
      if (record.topic().equals(TABLE)) {
        topic.add(record);
      } else {
        String value = (String) record.value();
        status.add(value.replaceAll(".*\"type\":\"(\\w+)\".*", "$1"));
        if (value.contains("\"DATA_LOSS\"")) {
          losses.add(value);
        }
      }
      next.acknowledged = true;
      if (oracle != null) {
        oracle.acknowledged(record);
      }
      record.delivery().acknowledged();
    }

    private static String kafkaPartition(SourceRecord record) {
      return record.topic() + Math.floorMod(record.key().hashCode(), 3);
    }

    /** Connect commits each source partition up to its first record that is not acknowledged. */
    private void commit(double share) {
      var partitions = submitted.entrySet().iterator();
      while (partitions.hasNext()) {
        Map.Entry<Map<String, ?>, ArrayDeque<Submitted>> entry = partitions.next();
        if (random.nextDouble() < share) {
          ArrayDeque<Submitted> waiting = entry.getValue();
          while (!waiting.isEmpty() && waiting.peek().acknowledged) {
            Map<String, ?> offset = waiting.remove().record.sourceOffset();
            committed.commit(entry.getKey(), offset);
            if (oracle != null) {
              oracle.committed(entry.getKey(), offset);
            }
          }
          if (waiting.isEmpty()) {
            partitions.remove();
          }
        }
      }
    }
  }

  /** A record that Connect has handed to the producer. */
  private static final class Submitted {
    private final TrackedRecord record;
    private boolean acknowledged;

    private Submitted(TrackedRecord record) {
      this.record = record;
    }
  }

  /** The failure that a step raises, for tests that expect one. */
  ConnectException failure(Duration within) throws InterruptedException {
    try {
      run(within);
    } catch (ConnectException e) {
      return e;
    }
    throw new AssertionError("No failure within " + within);
  }
}
