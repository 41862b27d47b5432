package io.github.dynamokc.task;

import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.export.WindowNotExportableException;
import io.github.dynamokc.offset.ExportWindow;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.Repair;
import io.github.dynamokc.offset.Repaired;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.testing.OrdersWorld;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A gap is held, planned and exported, each step once, and no step of an old plan. */
class RepairWorkTest {
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long BEGIN = OrdersWorld.NOW.toEpochMilli() / 1000 * 1000 - 5 * HOUR;
  private static final List<ExportWindow> WINDOWS =
      List.of(
          new ExportWindow(BEGIN, BEGIN + HOUR), new ExportWindow(BEGIN + HOUR, BEGIN + 2 * HOUR));

  private final OrdersWorld world = new OrdersWorld().set("stream.on.data.loss", "repair");
  private final OrdersTask task = new OrdersTask(world);

  @AfterEach
  void close() {
    task.close();
  }

  @Test
  void theStreamIsHeldWithTheGapNamed() throws InterruptedException {
    world.commit(world.loaded());
    work().hold(hold(false, null, null));

    SourceRecord found = single("GAP_FOUND");
    assertThat((String) found.value())
        .contains("\"reason\":\"away\"", "\"shards\":3", "\"from\":9");
    assertThat(OrdersTask.tableOffset(found))
        .isEqualTo(
            new TableOffset.GapFound(
                world.registration(),
                OrdersWorld.export(1),
                world.clock.millis(),
                List.of(),
                false));
  }

  @Test
  void aLoadThatTookTooLongIsCommittedBeforeItsGap() throws InterruptedException {
    world.commit(world.submitted(1));
    work().hold(hold(true, null, null));

    assertThat(task.put())
        .extracting(OrdersTask::type)
        .containsExactly("EXPORT_LOADED", "GAP_FOUND");
  }

  @Test
  void aGapThatIsRepairedIsCommittedBeforeTheNext() throws InterruptedException {
    world.commit(repairing());
    long upTo = BEGIN + 2 * HOUR - Duration.ofMinutes(5).toMillis();
    work().hold(hold(false, upTo, new TableWork.LoadedChanges(7, 2)));

    List<SourceRecord> records = task.put();
    assertThat(records).extracting(OrdersTask::type).containsExactly("GAP_REPAIRED", "GAP_FOUND");
    assertThat((String) records.get(0).value()).contains("\"items\":7", "\"deletions\":2");
    assertThat(OrdersTask.tableOffset(records.get(1)).registration().repaired())
        .isEqualTo(new Repaired(upTo, BEGIN));
  }

  @Test
  void aReplacedStreamIsGoneOverTo() throws InterruptedException {
    world.commit(world.loaded());
    TableWork.Gap gap = new TableWork.Gap("replaced", 2, 9, false, "next", 71, List.of(5L, 6L));
    work().hold(new TableWork.HoldStream(TABLE, world.stream.arn(), gap, false, null, null));

    TableOffset.GapFound found = (TableOffset.GapFound) OrdersTask.tableOffset(single("GAP_FOUND"));
    assertThat(found.registration().streamArn()).isEqualTo("next");
    assertThat(found.registration().versionFloor()).isEqualTo(71);
    assertThat(found.endedReadUpToMs()).containsExactly(5L, 6L);
  }

  static List<TableOffset> wherePlansAreOld() {
    OrdersWorld world = new OrdersWorld();
    TableOffset.ExportLoaded loaded = world.loaded();
    Registration repaired = loaded.registration().repaired(new Repaired(8, 7));
    return List.of(
        loaded.with(repaired),
        loaded.with(loaded.registration().goneOverTo("next", 1, 0)),
        loaded.gapFound(loaded.registration(), 5, List.of(), false),
        loaded.holdAgain(0, 5),
        world.submitted(1),
        repairing());
  }

  @ParameterizedTest
  @MethodSource("wherePlansAreOld")
  void aPlanFromBeforeHoldsNothing(TableOffset offset) throws InterruptedException {
    world.commit(offset);
    work().hold(hold(false, null, null));

    assertThat(task.put()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("wherePlansAreOld")
  void aPlanFromBeforeExportsNothing(TableOffset offset) throws InterruptedException {
    world.commit(offset);
    work().export(export(1234));

    assertThat(task.put()).isEmpty();
    assertThat(world.dynamoDb.submissions()).isEmpty();
  }

  @Test
  void windowsAreCommittedBeforeTheFirstCosts() {
    world.commit(gapFound());
    Thread waiting = new Thread(() -> interrupted(() -> work().export(export(5))));
    waiting.start();
    SourceRecord planned = next("REPAIR_PLANNED");
    assertThat(world.dynamoDb.submissions()).isEmpty();
    assertThat(OrdersTask.tableOffset(planned)).isEqualTo(planned());

    task.commit(List.of(planned));
    SourceRecord first = next("EXPORT_SUBMITTED");
    assertThat((String) first.value())
        .contains("\"exportType\":\"INCREMENTAL_EXPORT\"", "\"from\":" + BEGIN)
        .contains("\"to\":" + (BEGIN + HOUR), "\"exportArn\":\"arn:export/1\"");
    interrupted(waiting::join);
    assertThat(world.dynamoDb.exports()).isEqualTo(2);
  }

  @Test
  void whatWasExportedBeforeACrashIsNotBilledAgain() throws InterruptedException {
    world.commit(planned());
    work().export(export(5));
    world.commit(planned().submitted(0, "arn:export/1"));
    task.put();
    work().export(export(5));

    assertThat(task.put()).extracting(OrdersTask::type).containsExactly("EXPORT_SUBMITTED");
    assertThat(world.dynamoDb.exports()).isEqualTo(2);
  }

  @Test
  void aFailedExportIsMadeAgain() throws InterruptedException {
    world.commit(planned().submitted(0, "arn:export/1").submitted(1, "arn:export/2"));
    work().export(new TableWork.ExportGap(TABLE, 5, BEGIN, WINDOWS, null, List.of("arn:export/2")));

    TableOffset.Repairing now =
        (TableOffset.Repairing) OrdersTask.tableOffset(single("EXPORT_SUBMITTED"));
    assertThat(now.repair().windows())
        .extracting(Repair.WindowExport::attempt)
        .containsExactly(1L, 2L);
  }

  @Test
  void whatCannotBeExportedFails() {
    world.commit(planned());
    world.dynamoDb.recoverableSince(null);
    world.dynamoDb.failSubmission(400, "PointInTimeRecoveryUnavailableException");

    assertThatThrownBy(() -> work().export(export(5)))
        .isInstanceOf(WindowNotExportableException.class)
        .hasMessageContaining("snapshot.mode=when_needed");
    assertThat(world.dynamoDb.exports()).isZero();
  }

  @Test
  void aNewSnapshotIsTakenOfWhatCannotBeExported() throws InterruptedException {
    world.set("snapshot.mode", "when_needed").commit(planned());
    world.dynamoDb.recoverableSince(null);
    world.dynamoDb.failSubmission(400, "PointInTimeRecoveryUnavailableException");
    try (OrdersTask renewing = new OrdersTask(world)) {
      work(renewing).export(export(5));

      assertThat(renewing.put())
          .singleElement()
          .satisfies(
              held -> {
                assertThat(OrdersTask.type(held)).isEqualTo("STREAM_HELD");
                assertThat((String) held.value()).contains("cannot be exported");
                TableOffset.Held offset = (TableOffset.Held) OrdersTask.tableOffset(held);
                assertThat(offset.attempts()).isEqualTo(1);
                assertThat(offset.sinceMs()).isEqualTo(5);
                assertThat(offset.registration().start().followed()).isTrue();
              });
    }
  }

  private TableOffset.GapFound gapFound() {
    return new TableOffset.GapFound(
        world.registration(), OrdersWorld.export(1), 5, List.of(), false);
  }

  private TableOffset.Repairing planned() {
    return gapFound()
        .repairing(new Repair(BEGIN, WINDOWS.stream().map(Repair.WindowExport::of).toList(), null));
  }

  private static TableOffset.Repairing repairing() {
    OrdersWorld world = new OrdersWorld();
    return new TableOffset.GapFound(
            world.registration(), OrdersWorld.export(1), 5, List.of(), false)
        .repairing(new Repair(BEGIN, WINDOWS.stream().map(Repair.WindowExport::of).toList(), null));
  }

  private TableWork.HoldStream hold(
      boolean loaded, @Nullable Long repairedUpTo, TableWork.@Nullable LoadedChanges repaired) {
    TableWork.Gap gap =
        new TableWork.Gap("away", 3, 9, false, null, DocumentVersion.NONE, List.of());
    return new TableWork.HoldStream(TABLE, world.stream.arn(), gap, loaded, repairedUpTo, repaired);
  }

  private static TableWork.ExportGap export(long heldSince) {
    return new TableWork.ExportGap(TABLE, heldSince, BEGIN, WINDOWS, null, List.of());
  }

  private RepairWork work() {
    return work(task);
  }

  private RepairWork work(OrdersTask of) {
    return new RepairWork(
        "orders-source", of.tables, OrdersTask.resources(world), world.calls(), of.output);
  }

  private SourceRecord single(String type) throws InterruptedException {
    List<SourceRecord> records = task.put();
    assertThat(records).extracting(OrdersTask::type).containsExactly(type);
    return records.get(0);
  }

  private SourceRecord next(String type) {
    SourceRecord[] found = new SourceRecord[1];
    interrupted(() -> found[0] = task.next().get(0));
    assertThat(OrdersTask.type(found[0])).isEqualTo(type);
    return found[0];
  }

  private interface Waiting {
    void run() throws InterruptedException;
  }

  private static void interrupted(Waiting waiting) {
    try {
      waiting.run();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
