package io.github.dynamokc.monitor;

import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.ExportWindow;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.Repair;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.testing.OrdersWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of a table whose stream has lost changes, by what is committed and what AWS says.
 */
class GapObserverTest {
  private static final Duration OVERLAP = Duration.ofMinutes(5);
  private static final Duration AWAY = Duration.ofHours(30);
  private static final String ROOT = "shard-1";

  private final OrdersWorld world = new OrdersWorld().set("stream.on.data.loss", "repair");
  private final TableMetrics metrics = TableMetrics.unregistered();

  /** The stream was read up to now. */
  private final long readUpTo = OrdersWorld.NOW.toEpochMilli();

  @BeforeEach
  void theStreamHasAShardThatWasRead() {
    world.stream.addShard(ROOT, null);
    world.dynamoDb.recoverableSince(null);
    world.commit(world.loaded());
    world.commit(ROOT, new ShardOffset.Read("5", 7, readUpTo, ROOT));
  }

  @Test
  void aStreamThatIsReadWithinADayIsFollowed() throws InterruptedException {
    world.clock.advance(Duration.ofHours(23));

    assertThat(observe()).isInstanceOf(ObservedTable.Streaming.class);
  }

  @Test
  void aStreamThatHasLostChangesIsHeld() throws InterruptedException {
    world.clock.advance(AWAY);

    TableWork.HoldStream hold = ((ObservedTable.Holding) observe()).hold();
    assertThat(hold.stream()).isEqualTo(world.stream.arn());
    assertThat(hold.announceLoaded()).isFalse();
    assertThat(hold.repairedUpTo()).isNull();
    assertThat(hold.gap().from()).isEqualTo(readUpTo);
    assertThat(hold.gap().shards()).isEqualTo(1);
    assertThat(metrics.value(Gauge.PHASE)).isEqualTo(5);
    assertThat(metrics.count(Counter.DATA_LOSS_EVENTS)).isZero();
  }

  @Test
  void whatIsInALaterSnapshotIsNoGap() throws InterruptedException {
    Registration followed = world.registration(world.stream.arn(), true);
    TableOffset.Export later =
        new TableOffset.Export(
            OrdersWorld.EXPORT, readUpTo + Duration.ofHours(29).toMillis(), "1", 1);
    world.commit(new TableOffset.ExportLoaded(followed, later));
    world.clock.advance(AWAY);

    assertThat(observe()).isInstanceOf(ObservedTable.Streaming.class);
  }

  @Test
  void aLoadThatTookTooLongIsBridgedFromTheExportOn() throws InterruptedException {
    world.offsets.forget(new SourcePartition.OfShard(TABLE, world.stream.arn(), ROOT));
    world.commit(world.submitted(1));
    world.exportCompleted(1);
    world.commitFile(0, 1, true);
    world.clock.advance(AWAY);

    TableWork.HoldStream hold = ((ObservedTable.Holding) observe()).hold();
    assertThat(hold.announceLoaded()).isTrue();
    assertThat(hold.gap().from()).isEqualTo(OrdersWorld.export(1).timeMs());
  }

  @Test
  void theEndIsChosenWhenTheStreamWasHeldForTheOverlap() throws InterruptedException {
    world.clock.advance(AWAY);
    TableOffset.GapFound found = gapFound();
    world.commit(found);
    TableObserver observer = observer();
    world.clock.advance(OVERLAP.minusSeconds(1));
    assertThat(observer.observe()).isInstanceOf(ObservedTable.Holding.class);

    world.clock.advance(Duration.ofSeconds(2));
    TableWork.ExportGap export = ((ObservedTable.ExportingGap) observer.observe()).export();
    long end = world.clock.millis() - world.clock.millis() % 1000;
    assertThat(export.heldSince()).isEqualTo(found.sinceMs());
    assertThat(export.lostUpTo()).isEqualTo(end - Duration.ofMinutes(15).toMillis());
    assertThat(export.windows().get(export.windows().size() - 1).toMs()).isEqualTo(end);
    assertThat(export.windows().get(0).fromMs())
        .isEqualTo(readUpTo - readUpTo % 1000 - OVERLAP.toMillis());
    assertThat(export.mayRemain()).isNull();

    world.clock.advance(Duration.ofMinutes(1));
    assertThat(((ObservedTable.ExportingGap) observer.observe()).export())
        .as("chosen once")
        .isEqualTo(export);
  }

  @Test
  void lineagesThatAreBehindHaveWindowsAndThoseReadLatelyNone() throws InterruptedException {
    world.stream.addShard("behind", null);
    world.stream.addShard("lately", null);
    world.clock.advance(AWAY);
    long now = world.clock.millis();
    long behind = now - Duration.ofHours(3).toMillis();
    world.commit("behind", new ShardOffset.Read("6", 7, behind, "behind"));
    world.commit("lately", new ShardOffset.Read("7", 7, now, "lately"));
    world.commit(gapFound());
    world.clock.advance(OVERLAP);

    List<ExportWindow> windows = ((ObservedTable.ExportingGap) observe()).export().windows();
    assertThat(windows).anyMatch(window -> window.fromMs() == behind - behind % 1000);
    assertThat(windows).noneMatch(window -> window.fromMs() >= now - OVERLAP.toMillis());
  }

  @Test
  void aStreamThatEndedAsTheHoldBeganHasAWindow() throws InterruptedException {
    TableOffset.ExportLoaded loaded = world.loaded();
    long now = world.clock.millis();
    world.commit(loaded.gapFound(loaded.registration(), now, List.of(now + 2_000), false));
    world.clock.advance(OVERLAP);

    TableWork.ExportGap export = ((ObservedTable.ExportingGap) observe()).export();
    assertThat(export.windows()).hasSize(1);
    assertThat(export.mayRemain()).contains("Items that were created between");
    assertThat(export.lostUpTo()).isEqualTo(now - now % 1000);
  }

  @Test
  void windowsBeginWithRecoveryIfThatIsShortlyBefore() throws InterruptedException {
    Instant recovered = Instant.ofEpochMilli(readUpTo).minusSeconds(60);
    world.dynamoDb.recoverableSince(recovered);
    world.clock.advance(AWAY);
    world.commit(gapFound());
    world.clock.advance(OVERLAP);

    assertThat(((ObservedTable.ExportingGap) observe()).export().windows().get(0).from())
        .isBetween(recovered, recovered.plusSeconds(1));
  }

  @Test
  void exportsAreWaitedForAndFailedOnesAskedForAgain() throws InterruptedException {
    TableOffset.Repairing repairing = repairing("arn:export/1", null);
    world.commit(repairing);
    world.exportInProgress();
    TableObserver observer = observer();
    assertThat(exporting(observer).failed()).isEmpty();
    assertThat(metrics.value(Gauge.PHASE)).isEqualTo(5);

    world.exportFailed("UnknownError", "of DynamoDB");
    assertThat(exporting(observer).failed()).containsExactly("arn:export/1");
    assertThat(exporting(observer).windows())
        .isEqualTo(repairing.repair().windows().stream().map(Repair.WindowExport::window).toList());
    assertThat(metrics.count(Counter.EXPORT_JOB_FAILURE)).isEqualTo(1);
  }

  @Test
  void theLastAttemptOfAWindowFailsWithDynamoDbsReason() throws InterruptedException {
    world.set("export.max.attempts", "1");
    world.exportInProgress();
    world.commit(repairing("arn:export/1", null));
    TableObserver observer = observer();
    observer.observe();
    world.exportFailed("S3AccessDenied", "no PutObject");

    assertThatThrownBy(observer::observe)
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("of the changes of table orders from ")
        .hasMessageContaining("S3AccessDenied: no PutObject. No attempt is left");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fail", "continue"})
  void aRepairThatIsGivenUpGoesBackToTheStream(String policy) throws InterruptedException {
    world.set("stream.on.data.loss", policy).commit(repairing("arn:export/1", null));

    ObservedTable.Streaming streaming = (ObservedTable.Streaming) observe();
    assertThat(streaming.announceLoaded()).isTrue();
    assertThat(streaming.repairedUpTo()).isNull();
  }

  @Test
  void aNewSnapshotComesBeforeTheRepair() throws InterruptedException {
    world.set("snapshot.id", "second").commit(gapFound());

    assertThat(observe()).isEqualTo(new ObservedTable.Preparing(TABLE, 1));
  }

  @Test
  void aNewSnapshotIsTakenWhenChangesAreLostIfThatIsWanted() throws InterruptedException {
    world.set("stream.on.data.loss", "fail").set("snapshot.mode", "when_needed");
    TableObserver observer = observer();
    assertThat(observer.observe()).isInstanceOf(ObservedTable.Streaming.class);
    world.clock.advance(AWAY);

    assertThat(observer.observe()).isEqualTo(new ObservedTable.Preparing(TABLE, 2));
    assertThat(observer.observe()).isEqualTo(new ObservedTable.Preparing(TABLE, 2));
    assertThat(metrics.count(Counter.DATA_LOSS_EVENTS)).isEqualTo(1);
    assertThat(metrics.value(Gauge.PHASE)).isEqualTo(1);
    world.commit(world.loaded().holdAgain(0, world.clock.millis()));
    assertThat(observer.observe()).isEqualTo(new ObservedTable.Preparing(TABLE, 2));
  }

  @Test
  void aSnapshotThatWouldBeTooLateAgainIsNotTaken() {
    world.set("stream.on.data.loss", "fail").set("snapshot.mode", "when_needed");
    world.offsets.forget(new SourcePartition.OfShard(TABLE, world.stream.arn(), ROOT));
    world.commit(world.submitted(1));
    world.exportCompleted(1);
    world.commitFile(0, 1, true);
    world.clock.advance(AWAY);

    assertThatThrownBy(this::observe)
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("a new snapshot would be too late again")
        .hasMessageContaining("Set stream.on.data.loss=repair");
  }

  private TableWork.ExportGap exporting(TableObserver observer) throws InterruptedException {
    return ((ObservedTable.ExportingGap) observer.observe()).export();
  }

  private TableOffset.GapFound gapFound() {
    TableOffset.ExportLoaded loaded = world.loaded();
    return loaded.gapFound(loaded.registration(), world.clock.millis(), List.of(), false);
  }

  private TableOffset.Repairing repairing(@Nullable String first, @Nullable String second) {
    long from = readUpTo - readUpTo % 1000;
    long hour = Duration.ofHours(1).toMillis();
    List<Repair.WindowExport> windows =
        List.of(
            new Repair.WindowExport(new ExportWindow(from, from + hour), 1, first),
            new Repair.WindowExport(
                new ExportWindow(from + hour, from + 2 * hour), second == null ? 0 : 1, second));
    return gapFound().repairing(new Repair(from, windows, null));
  }

  private ObservedTable observe() throws InterruptedException {
    return observer().observe();
  }

  private TableObserver observer() {
    return new TableObserver(world.table(), Observers.context(world, metrics));
  }
}
