package io.github.dynamokc.monitor;

import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.lineage.AssignedShard;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.offset.AssignmentOffset;
import io.github.dynamokc.offset.CountsOffset;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.offset.TablesOffset;
import io.github.dynamokc.plan.FollowedTables;
import io.github.dynamokc.plan.PlanText;
import io.github.dynamokc.plan.PlannedTask;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.LogContextProbe;
import io.github.dynamokc.testing.OrdersWorld;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Connect is asked for, when, and what is left when a monitor ends. */
class ConnectorMonitorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final OrdersWorld world = new OrdersWorld();
  private final RecordingHost host = new RecordingHost();
  private @Nullable ConnectorMonitor monitor;

  @BeforeEach
  void everythingIsLookedAtOften() {
    world
        .set("export.poll.interval.ms", "100")
        .set("shard.discovery.interval.ms", "100")
        .set("tasks.max", "4");
    world.stream.addShard("shard-1", null);
  }

  @AfterEach
  void close() {
    if (monitor != null) {
      monitor.close();
    }
  }

  @Test
  void aStartReturnsWithAPlan() {
    world.commit(world.submitted(1));
    world.exportCompleted(5, 0, 3);
    ConnectorMonitor started = start();

    assertThat(work(started))
        .extracting(TableWork.LoadFiles.class::cast)
        .extracting(load -> load.files().text())
        .containsExactly("0", "2");
    assertThat(host.reconfigurations.get()).as("Connect asks for the first plan").isZero();
  }

  @Test
  void taskConfigsHaveTheConnectorsKeysAssignmentAndNumber() {
    world.commit(world.submitted(1));
    world.exportCompleted(5, 3);
    List<Map<String, String>> configs = start().taskConfigs(2);

    assertThat(configs)
        .hasSize(2)
        .allSatisfy(task -> assertThat(task).containsAllEntriesOf(world.props()));
    assertThat(configs)
        .extracting(task -> task.get(TaskAssignment.ID_KEY))
        .containsExactly("0", "1");
    assertThat(configs)
        .extracting(task -> TaskAssignment.fromConfig(task.get(TaskAssignment.CONFIG_KEY)).work())
        .allSatisfy(work -> assertThat(work).hasSize(1));
  }

  @Test
  void moreTasksThanConnectAllowsAreRefused() {
    world.commit(world.submitted(1));
    world.exportCompleted(5, 3);
    ConnectorMonitor started = start();

    assertThatThrownBy(() -> started.taskConfigs(1))
        .isInstanceOf(ConnectException.class)
        .hasMessage("The plan has 2 tasks, Connect allows 1");
  }

  @Test
  void aStartWithoutAPossiblePlanFailsSayingWhy() {
    world.commit(world.loaded());
    world.dynamoDb.tableId("table-id-2");

    assertThatThrownBy(this::start)
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Table orders was deleted and created again");
    assertEnded();
    assertThat(host.failures).as("Connect sees the start fail").isEmpty();
  }

  @Test
  void anUnexpectedFailureOfAStartIsNamed() {
    world.dynamoDb.describing(
        export -> {
          throw new IllegalStateException("a bug");
        });
    world.commit(world.submitted(1));

    assertThatThrownBy(this::start)
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("The connector's monitor failed")
        .hasMessageContaining("a bug")
        .hasCauseInstanceOf(IllegalStateException.class);
    assertEnded();
  }

  @Test
  void aStartWithoutAPlanInTimeFailsAndEnds() {
    assertThatThrownBy(() -> start(new SilentOffsets(), Duration.ofMillis(50)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("could not be read within 0 s")
        .hasMessageContaining("Running tasks are not touched");
    assertEnded();
  }

  @Test
  void aStartThatIsInterruptedFailsAndEnds() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> start(new SilentOffsets(), PATIENCE))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("Interrupted while starting");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertEnded();
  }

  @Test
  void eachNewPlanAsksForOneReconfigurationAndProgressForNone() {
    world.commit(world.submitted(1));
    ConnectorMonitor started = start();
    assertThat(work(started)).containsExactly(new TableWork.Prepare(TABLE, 1));
    awaitLooks();
    assertThat(host.reconfigurations.get()).isZero();

    world.exportFailed("UnknownError", "once");
    awaitReconfigurations(1);
    assertThat(work(started)).containsExactly(new TableWork.Prepare(TABLE, 2));

    // In this order: else the second attempt could be seen to have failed as well.
    world.exportCompleted(4);
    world.commit(world.submitted(2));
    awaitReconfigurations(2);
    assertThat(work(started)).hasOnlyElementsOfType(TableWork.LoadFiles.class);
    world.commitFile(0, 2, false);
    awaitLooks();

    world.commitFile(0, 4, true);
    awaitReconfigurations(3);
    assertThat(work(started)).hasOnlyElementsOfType(TableWork.ReadShards.class);
    world.commit(world.loaded());
    world.commit("shard-1", new ShardOffset.Read("1", 7, 1, "shard-1"));
    awaitLooks();
    world.stream.rollOver("shard-1", "shard-2");
    world.commit("shard-1", OrdersWorld.finished(OrdersWorld.NOW));
    world.commit("shard-2", new ShardOffset.Started(7, OrdersWorld.NOW.toEpochMilli(), "shard-1"));
    awaitLooks();

    world.stream.addShard("shard-of-nobody", null);
    awaitReconfigurations(4);
    assertThat(host.failures).isEmpty();
  }

  @Test
  void aFailureFailsTheConnectorOnceAndEndsTheObservation() {
    world.set("tables", "orders,orders-2");
    world.commit(world.loaded());
    world.offsets.commit(new SourcePartition.OfTable("orders-2"), world.loaded());
    start();
    assertThat(world.aws.isClosed()).isFalse();
    world.dynamoDb.tableId("table-id-2");
    await("the failure", () -> !host.failures.isEmpty());

    assertThat(host.failures.get(0))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("was deleted and created again");
    await("the clients' end", world.aws::isClosed);
    await("the threads' end", () -> threads("orders-source-monitor").isEmpty());
    assertThat(host.failures).as("of both tables").hasSize(1);
    assertThat(host.hidden.get()).as("what was counted is shown on").isZero();
    close();

    await("the last thread's end", () -> threads("orders-source-failed-monitor").isEmpty());
    assertThat(host.hidden.get()).isEqualTo(2);
  }

  @Test
  void anErrorOfTheJvmFailsTheConnectorToo() {
    world.commit(world.submitted(1));
    start();
    world.dynamoDb.describing(
        export -> {
          throw new NoClassDefFoundError("gone");
        });
    await("the failure", () -> !host.failures.isEmpty());

    assertThat(host.failures.get(0))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("The connector's monitor failed")
        .hasCauseInstanceOf(NoClassDefFoundError.class);
  }

  @Test
  void closingEndsAllThreadsAndTellsOfNoFailure() {
    world.set("tables", "orders,orders-2");
    world.commit(world.loaded());
    world.offsets.commit(new SourcePartition.OfTable("orders-2"), world.loaded());
    ConnectorMonitor started = start();
    assertThat(threads("orders-source-monitor"))
        .as("a table each, the plan, and at first the tables")
        .hasSizeBetween(3, 4);
    started.close();

    assertEnded();
    assertThat(host.failures).isEmpty();
    assertThat(host.hidden.get()).isEqualTo(2);
  }

  private void discover() {
    world
        .set("tables", null)
        .set("tables.include", "orders.*")
        .set("tables.discovery.interval.ms", "1000")
        .set("tables.restart.interval.ms", "0")
        .set("stream.handover.overlap.ms", "0");
  }

  @Test
  void aTableThatAppearsIsPreparedWhileTheOthersGoOn() {
    discover();
    world.dynamoDb.listing("orders", "users");
    world.commit(world.loaded());
    ConnectorMonitor started = start();
    assertThat(work(started)).hasSize(1).hasOnlyElementsOfType(TableWork.ReadShards.class);
    world.dynamoDb.listing("orders", "orders-2", "users");
    awaitReconfigurations(1);

    assertThat(work(started))
        .contains(new TableWork.Prepare("orders-2", 1))
        .hasAtLeastOneElementOfType(TableWork.ReadShards.class)
        .hasSize(2);
    assertThat(started.taskConfigs(4))
        .allSatisfy(
            task ->
                assertThat(FollowedTables.fromConfig(task)).containsExactly("orders", "orders-2"));
  }

  @Test
  void withoutATableThereIsNoTaskUntilOneAppears() {
    discover();
    ConnectorMonitor started = start();
    assertThat(started.taskConfigs(4)).isEmpty();
    world.dynamoDb.listing("orders");
    awaitReconfigurations(1);

    assertThat(work(started)).containsExactly(new TableWork.Prepare("orders", 1));
  }

  /** It is in no listing any more; that it was followed is committed. */
  @Test
  void aTableThatWasDeletedMeanwhileIsReadToItsEndAndRemoved() {
    discover();
    world.dynamoDb.deleted().listing("orders-2");
    world.offsets.commit(
        new SourcePartition.OfTables(), new TablesOffset(List.of("orders", "orders-2")));
    world.commit(world.loaded());
    world.offsets.commit(new SourcePartition.OfTable("orders-2"), world.loaded());
    world.stream.disable();
    ConnectorMonitor started = start();
    assertThat(work(started))
        .filteredOn(TableWork.ReadShards.class::isInstance)
        .as("what is left is read")
        .extracting(TableWork::table)
        .contains("orders");
    world.commit("shard-1", OrdersWorld.finished(OrdersWorld.NOW));
    await(
        "the removal",
        () -> {
          // The clock of AWS goes on.
          world.clock.advance(Duration.ofSeconds(10));
          return work(started).stream().anyMatch(TableWork.Remove.class::isInstance);
        });
    world.offsets.forget(OrdersWorld.PARTITION);
    int before = host.reconfigurations.get();
    await(
        "the table's metrics to go",
        () -> {
          world.clock.advance(Duration.ofSeconds(10));
          return host.hidden.get() == 1;
        });

    assertThat(host.failures).isEmpty();
    assertThat(host.reconfigurations.get()).as("no restart for its going").isEqualTo(before);
  }

  /** Its tag was taken away, or the pattern changed: it may come again. */
  @Test
  void aTableThatDoesNotMatchAnyMoreIsLeftWithItsOffsets() {
    discover();
    world.dynamoDb.listing("orders", "orders-2");
    world.commit(world.loaded());
    world.offsets.commit(new SourcePartition.OfTable("orders-2"), world.loaded());
    ConnectorMonitor started = start();
    assertThat(work(started)).extracting(TableWork::table).contains("orders", "orders-2");
    world.dynamoDb.listing("orders");
    await(
        "the plan without it",
        () -> {
          world.clock.advance(Duration.ofSeconds(1));
          return work(started).stream().noneMatch(work -> work.table().equals("orders-2"));
        });

    assertThat(world.offsets.get(new SourcePartition.OfTable("orders-2")))
        .isEqualTo(world.loaded());
    assertThat(work(started)).extracting(TableWork::table).containsOnly("orders");
  }

  @Test
  void noneOfTooManyTablesIsTaken() {
    discover();
    world.set("tables.max", "1").dynamoDb.listing("orders");
    world.commit(world.loaded());
    ConnectorMonitor started = start();
    world.dynamoDb.listing("orders", "orders-2");
    awaitLooks();
    awaitLooks();

    assertThat(work(started)).extracting(TableWork::table).containsOnly("orders");
    assertThat(host.reconfigurations.get()).isZero();
  }

  /** Its work leaves the plan, and comes back when it can be observed. */
  @Test
  void aTableThatFailsIsParkedAndTheOthersAreNot() {
    world.set("tables", "orders,orders-2").set("table.on.failure", "isolate");
    world.commit(world.loaded());
    Registration other = world.registration();
    world.offsets.commit(
        new SourcePartition.OfTable("orders-2"),
        new TableOffset.ExportLoaded(
            new Registration(
                "table-id-0",
                other.tableArn(),
                other.streamArn(),
                other.partitionKey(),
                other.sortKey(),
                other.start(),
                null),
            OrdersWorld.export(1)));
    ConnectorMonitor started = start();
    assertThat(work(started))
        .satisfiesExactlyInAnyOrder(
            work -> assertThat(work).isInstanceOf(TableWork.ReadShards.class),
            work ->
                assertThat(work)
                    .isInstanceOfSatisfying(
                        TableWork.Park.class,
                        park ->
                            assertThat(park.reason())
                                .contains("Table orders-2 was deleted and created again")));
    awaitLooks();
    assertThat(host.reconfigurations.get()).isZero();
    assertThat(host.failures).isEmpty();
    close();
    world.offsets.commit(new SourcePartition.OfTable("orders-2"), world.loaded());

    assertThat(work(start())).hasSize(2).hasOnlyElementsOfType(TableWork.ReadShards.class);
  }

  /** Connect compares the texts of task configs to see whether tasks have to be restarted. */
  @Test
  void aConnectorThatMovesMakesThePlanThatStands() {
    List<Map<String, String>> before = startAndCommitAfterARollOver();

    assertThat(start().taskConfigs(4)).isEqualTo(before);
    awaitLooks();
    assertThat(host.reconfigurations.get()).isZero();
  }

  @Test
  void aPlanThatNoMoreFitsIsMadeAnew() {
    List<Map<String, String>> before = startAndCommitAfterARollOver();
    world.stream.addShard("shard-of-nobody", null);

    assertThat(start().taskConfigs(4)).isNotEqualTo(before).hasSize(3);
  }

  @Test
  void aPlanForAnotherNumberOfTasksIsMadeAnew() {
    startAndCommitAfterARollOver();
    world.set("tasks.max", "1");

    assertThat(start().taskConfigs(1)).hasSize(1);
  }

  @Test
  void halfOfAPlanIsMadeAnew() {
    List<Map<String, String>> before = startAndCommitAfterARollOver();
    world.offsets.forget(SourcePartition.OfAssignment.of(1));

    assertThat(start().taskConfigs(4)).isNotEqualTo(before).hasSize(2);
  }

  /** A task that was not told to stop in time writes late. */
  @Test
  void partsOfTwoPlansAreNoPlan() {
    List<Map<String, String>> before = startAndCommitAfterARollOver();
    PlannedTask last = requireNonNull(PlannedTask.fromConfig(before.get(1)));
    TableWork otherPart =
        new TableWork.ReadShards(
            TABLE,
            world.stream.arn(),
            List.of(new AssignedShard("shard-5", null, null)),
            List.of("shard-0"),
            false,
            null,
            null);
    String other = new TaskAssignment(List.of(otherPart)).toConfig();
    for (String plan : List.of(last.plan(), "another plan")) {
      commit(new PlannedTask(1, plan, 2, other));
      assertThat(work(start())).as("planned anew").hasSize(2).doesNotContain(otherPart);
      close();
    }
  }

  @Test
  void aPlanOfAnotherVersionIsMadeAnew() {
    startAndCommitAfterARollOver();
    PlanText unknown = PlanText.of(List.of("{\"work\":[{\"work\":\"unheard of\"}]}"), 4);
    unknown.tasks().forEach(this::commit);
    assertThat(start().taskConfigs(4)).hasSize(2);
    close();
    world.offsets.commit(
        SourcePartition.OfAssignment.of(0).toConnect(), Map.of("plans", "unheard of"));

    assertThat(start().taskConfigs(4)).hasSize(2);
    assertThat(host.failures).isEmpty();
  }

  /** Two tasks have committed what they were given, and one has gone on with a shard's child. */
  private List<Map<String, String>> startAndCommitAfterARollOver() {
    world.stream.addShard("shard-5", null);
    world.commit(world.loaded());
    List<Map<String, String>> configs = start().taskConfigs(4);
    assertThat(configs).hasSize(2);
    configs.forEach(config -> commit(requireNonNull(PlannedTask.fromConfig(config))));
    close();
    world.stream.rollOver("shard-1", "shard-2");
    world.commit(
        "shard-1",
        new ShardOffset.Finished(
            "1", 7, OrdersWorld.NOW.toEpochMilli(), OrdersWorld.NOW.toEpochMilli(), "shard-1"));
    world.commit("shard-2", new ShardOffset.Started(7, OrdersWorld.NOW.toEpochMilli(), "shard-1"));
    return configs;
  }

  private void commit(PlannedTask task) {
    world.offsets.commit(
        SourcePartition.OfAssignment.of(task.task()),
        new AssignmentOffset(task.plan(), task.tasks(), task.assignment()));
  }

  private ConnectorMonitor start() {
    return start(world.offsets, PATIENCE);
  }

  private ConnectorMonitor start(OffsetStorageReader offsets, Duration firstPlanWithin) {
    ConnectorMonitor started =
        ConnectorMonitor.start(
            world.connector(),
            world.props(),
            offsets,
            host,
            new MonitorResources(
                world.aws, metrics -> world.streamApi, world.clock, () -> 0L, System::nanoTime),
            firstPlanWithin);
    monitor = started;
    return started;
  }

  private static List<TableWork> work(ConnectorMonitor monitor) {
    return monitor.taskConfigs(4).stream()
        .map(task -> TaskAssignment.fromConfig(task.get(TaskAssignment.CONFIG_KEY)).work())
        .flatMap(Collection::stream)
        .toList();
  }

  private void assertEnded() {
    assertThat(world.aws.isClosed()).isTrue();
    // A thread is there for a moment after its pool has ended.
    await("the threads' end", () -> threads("orders-source-").isEmpty());
  }

  private void awaitReconfigurations(int all) {
    await("reconfiguration " + all, () -> host.reconfigurations.get() >= all);
    assertThat(host.reconfigurations.get()).isEqualTo(all);
  }

  /** Waits until the table was looked at from now on; one look may have begun before. */
  private void awaitLooks() {
    int before = world.dynamoDb.describedTables();
    await("looks at the table", () -> world.dynamoDb.describedTables() > before + 1);
  }

  private static void await(String what, Supplier<Boolean> condition) {
    Eventually.within(PATIENCE, what).every(Duration.ofMillis(1)).until(condition);
  }

  private static List<String> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(prefix))
        .toList();
  }

  /** Or an alert on what is new would fire at each start of the connector. */
  @Test
  void whatWasCountedBeforeTheStartIsNeverShownAsNew() {
    world.commit(world.loaded());
    for (String task : List.of("0", "3")) {
      world.offsets.commit(
          new SourcePartition.OfCounts(TABLE, task),
          CountsOffset.of(Map.of("exportRecordProcessingErrors", 2L)));
    }
    start();

    assertThat(host.errorsWhenShown).containsExactly(4L);
  }

  @Test
  void everyThreadOfAMonitorLogsAsItsConnector() {
    world.set("tables", "orders,orders-2");
    world.commit(world.loaded());
    world.offsets.commit(new SourcePartition.OfTable("orders-2"), world.loaded());
    Set<Thread> others = LogContextProbe.threads();
    LogContextProbe.as("[orders-source|worker] ", this::start);
    await("every thread's mark", () -> unmarked(others).isEmpty());
    for (String job : List.of("observe-orders", "observe-orders-2", "plan")) {
      await(
          "the name of the thread for " + job,
          () ->
              threads("orders-source-monitor").stream()
                  .anyMatch(name -> name.matches("orders-source-monitor-" + job + "-\\d")));
    }
    world.dynamoDb.tableId("table-id-2");
    await("the failure", () -> !host.failures.isEmpty());
    await("the mark of what is left", () -> unmarked(others).isEmpty());
    await(
        "the thread that is left",
        () -> threads("orders-source-failed-monitor-await-deletion").size() == 1);
  }

  private static Set<String> unmarked(Set<Thread> others) {
    return LogContextProbe.unmarkedThreads(others, "[orders-source|worker] ");
  }

  /** Notes what Connect is asked for. */
  private static final class RecordingHost implements ConnectorMonitor.Host {
    private final AtomicInteger reconfigurations = new AtomicInteger();
    private final List<Exception> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger hidden = new AtomicInteger();
    private final List<Long> errorsWhenShown = new CopyOnWriteArrayList<>();

    @Override
    public void requestReconfiguration() {
      reconfigurations.incrementAndGet();
    }

    @Override
    public void fail(Exception cause) {
      failures.add(cause);
    }

    @Override
    public MetricsSink metrics() {
      return (tags, metrics) -> {
        errorsWhenShown.add(metrics.value(Counter.EXPORT_RECORD_PROCESSING_ERRORS));
        return hidden::incrementAndGet;
      };
    }
  }

  /** A Kafka that does not answer. */
  private static final class SilentOffsets implements OffsetStorageReader {
    @Override
    public <T> Map<String, Object> offset(Map<String, T> partition) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(
        Collection<Map<String, T>> partitions) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new ConnectException("Interrupted", e);
      }
      throw new AssertionError("Never");
    }
  }
}
