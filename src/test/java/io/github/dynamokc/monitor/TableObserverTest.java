package io.github.dynamokc.monitor;

import static io.github.dynamokc.testing.OrdersWorld.EXPORT;
import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.testing.HeardLog;
import io.github.dynamokc.testing.OrdersWorld;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which phase a table is, by what is committed of it and what AWS says. */
class TableObserverTest {
  private final OrdersWorld world = new OrdersWorld();
  private final TableMetrics metrics = TableMetrics.unregistered();

  @BeforeEach
  void theStreamHasAShard() {
    world.stream.addShard("shard-1", null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"initial", "initial_only", "no_data"})
  void aTableWithoutAnOffsetIsPrepared(String mode) throws InterruptedException {
    world.set("snapshot.mode", mode);

    assertThat(observe()).isEqualTo(new ObservedTable.Preparing(TABLE, 1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRegisteredTableIsPreparedForItsSnapshot(boolean followed) throws InterruptedException {
    world.commit(new TableOffset.Registered(world.registration(world.stream.arn(), followed)));

    assertThat(observe()).isEqualTo(new ObservedTable.Preparing(TABLE, 1));
  }

  @Test
  void phaseIsShownWithHowLongItLasts() throws InterruptedException {
    assertThat(metrics.value(Gauge.PHASE)).isEqualTo(-1);
    assertThat(metrics.value(Gauge.PHASE_MILLIS)).isEqualTo(-1);
    TableObserver observer = observer();
    assertPhase(observer, 0, 0);
    world.clock.advance(Duration.ofSeconds(5));
    world.commit(new TableOffset.Registered(world.registration()));
    assertPhase(observer, 0, 5_000);

    world.commit(world.submitted(1));
    world.exportInProgress();
    assertPhase(observer, 1, Duration.ofMinutes(10).toMillis() + 5_000);

    world.exportCompleted(2);
    assertPhase(observer, 2, 0);
    world.clock.advance(Duration.ofMinutes(1));
    assertPhase(observer, 2, 60_000);

    world.commitFile(0, 2, true);
    assertPhase(observer, 3, 0);
    world.commit(world.loaded());
    world.clock.advance(Duration.ofHours(1));
    assertPhase(observer, 3, 3_600_000);
  }

  /** A restart is seen as another observer. */
  @Test
  void howLongAPhaseLastsIsKnownAfterARestartWhereOffsetsTellIt() throws InterruptedException {
    world.commit(new TableOffset.Held(world.registration(), OrdersWorld.NOW.toEpochMilli()));
    world.clock.advance(Duration.ofMinutes(3));
    assertPhase(observer(), 1, 180_000);
    world.commit(world.submitted(1));
    world.exportInProgress();
    assertPhase(observer(), 1, Duration.ofMinutes(13).toMillis());
  }

  @Test
  void snapshotWithoutAStreamIsCompletedInTheEnd() throws InterruptedException {
    world.set("snapshot.mode", "initial_only").commit(world.loaded());
    assertPhase(observer(), 4, 0);
  }

  private void assertPhase(TableObserver observer, long phase, long millis)
      throws InterruptedException {
    observer.observe();
    assertThat(metrics.value(Gauge.PHASE)).isEqualTo(phase);
    assertThat(metrics.value(Gauge.PHASE_MILLIS)).isEqualTo(millis);
  }

  @Test
  void aFollowedTableIsStreamedWithoutASnapshot() throws InterruptedException {
    world.set("snapshot.mode", "no_data").commit(world.followed());

    assertThat(observe()).satisfies(streaming(false));
  }

  @Test
  void aTableThatIsNotYetFollowedIsPreparedWithoutASnapshot() throws InterruptedException {
    world.set("snapshot.mode", "no_data").commit(new TableOffset.Registered(world.registration()));

    assertThat(observe()).isEqualTo(new ObservedTable.Preparing(TABLE, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"initial", "no_data"})
  void aTableWhoseStreamIsHeldIsPrepared(String mode) throws InterruptedException {
    world
        .set("snapshot.mode", mode)
        .commit(world.followed().hold(0, OrdersWorld.NOW.toEpochMilli()));

    assertThat(observe()).isEqualTo(new ObservedTable.Preparing(TABLE, 1));
  }

  @Test
  void aSubmittedExportIsWaitedForThenLoadedThenStreamed() throws InterruptedException {
    world.commit(world.submitted(1));
    TableObserver observer = observer();
    assertThat(observer.observe()).isEqualTo(new ObservedTable.Preparing(TABLE, 1));
    assertThat(metrics.value(Gauge.MILLIS_UNTIL_DATA_LOSS)).isPositive();

    world.exportCompleted(2);
    assertThat(observer.observe())
        .isInstanceOfSatisfying(
            ObservedTable.Loading.class, loading -> assertThat(loading.done()).isFalse());
    assertThat(metrics.value(Gauge.MILLIS_UNTIL_DATA_LOSS)).isPositive();

    world.commitFile(0, 2, true);
    assertThat(observer.observe()).satisfies(streaming(true));
    assertThat(metrics.value(Gauge.MILLIS_UNTIL_DATA_LOSS)).as("over").isEqualTo(-1);

    world.commit(world.loaded());
    assertThat(observer.observe()).satisfies(streaming(false));
  }

  @Test
  void anExportWithoutFilesGoesOnToTheStream() throws InterruptedException {
    world.commit(world.submitted(1));
    world.exportCompleted();

    assertThat(observe()).satisfies(streaming(true));
  }

  @Test
  void anExportOfEmptyFilesGoesOnToTheStream() throws InterruptedException {
    world.commit(world.submitted(1));
    world.exportCompleted(0, 0);

    assertThat(observe()).satisfies(streaming(true));
  }

  @Test
  void aTableOfWhichOnlyTheItemsAreWantedIsCompleted() throws InterruptedException {
    world
        .set("snapshot.mode", "initial_only")
        .commit(
            new TableOffset.ExportSubmitted(
                world.registration(null, false), OrdersWorld.export(1)));
    world.exportCompleted(1);
    TableObserver observer = observer();
    assertThat(observer.observe()).isInstanceOf(ObservedTable.Loading.class);
    world.commitFile(0, 1, true);
    assertThat(observer.observe()).isEqualTo(new ObservedTable.Completed(TABLE, true));
    world.commit(
        new TableOffset.ExportLoaded(world.registration(null, false), OrdersWorld.export(1)));

    assertThat(observer.observe()).isEqualTo(new ObservedTable.Completed(TABLE, false));
  }

  @Test
  void anotherSnapshotIdBeginsWithAFirstAttempt() throws InterruptedException {
    world.set("snapshot.id", "2").commit(world.loaded());
    assertThat(observe()).isEqualTo(new ObservedTable.Preparing(TABLE, 1));
    world.commit(world.submitted(3));

    assertThat(observe())
        .as("of the export under way nothing is loaded any more")
        .isEqualTo(new ObservedTable.Preparing(TABLE, 1));
    assertThat(world.dynamoDb.described()).isZero();
  }

  @Test
  void anotherSnapshotIdDoesNotMatterWhereNoneIsWanted() throws InterruptedException {
    world.set("snapshot.mode", "no_data").set("snapshot.id", "2").commit(world.loaded());

    assertThat(observe()).satisfies(streaming(false));
  }

  @Test
  void aFurtherSnapshotCanBeGivenUp() throws InterruptedException {
    world
        .set("snapshot.mode", "no_data")
        .commit(
            new TableOffset.ExportSubmitted(
                world.followed().registration(), OrdersWorld.export(1)));

    assertThat(observe())
        .as("so that the task commits that the stream is followed")
        .isEqualTo(new ObservedTable.Preparing(TABLE, 1));
  }

  @Test
  void aPartlyLoadedFirstSnapshotCannotBeGivenUp() {
    world.set("snapshot.mode", "no_data").commit(world.submitted(1));

    assertFails(this::observe, "Table orders", "no_data", EXPORT, "EXPORT_LOADED", "reset");
  }

  @Test
  void aGivenExportIsLoaded() throws InterruptedException {
    world.set("export.s3.bucket", null).set("export.arn", EXPORT).commit(world.submitted(1));
    world.exportCompleted(1);

    assertThat(observe()).isInstanceOf(ObservedTable.Loading.class);
  }

  @Test
  void aGivenExportThatIsAnotherOneIsRefused() {
    String other = EXPORT.replace("01-ab", "02-cd");
    world.set("export.s3.bucket", null).set("export.arn", other);
    world.commit(world.submitted(1));
    assertFails(this::observe, "Table orders", "export.arn is " + other, "of export " + EXPORT);
    world.commit(world.loaded());

    assertFails(this::observe, "Table orders", "export.arn is " + other, "of export " + EXPORT);
  }

  @Test
  void aRecreatedTableIsRefusedInEachPhase() {
    world.dynamoDb.tableId("table-id-2");
    world.exportCompleted(1);
    TableOffset[] phases = {
      new TableOffset.Registered(world.registration()), world.submitted(1), world.loaded()
    };
    for (TableOffset phase : phases) {
      world.commit(phase);
      assertFails(
          this::observe,
          "Table orders was deleted and created again",
          "it has id table-id-2",
          "the connector's offsets are of table-id-1",
          "Reset the connector's offsets");
    }
  }

  @Test
  void anExportOfADeletedTableIsLoadedAndThenFails() throws InterruptedException {
    world.commit(world.submitted(1));
    world.exportCompleted(1);
    world.dynamoDb.deleted();
    world.stream.close("shard-1");
    TableObserver observer = observer();
    assertThat(observer.observe()).isInstanceOf(ObservedTable.Loading.class);
    world.commitFile(0, 1, true);
    assertThat(observer.observe()).as("its stream is read to its end").satisfies(streaming(true));
    world.commit("shard-1", OrdersWorld.finished(OrdersWorld.NOW));
    // First it has to be certain that the table is gone, and then that nothing is left.
    for (int minute = 0; minute < 10; minute++) {
      assertThat(observer.observe()).satisfies(streaming(true));
      world.clock.advance(Duration.ofMinutes(1));
    }

    assertFails(observer::observe, "Table orders was deleted", world.stream.arn());
  }

  /** DescribeTable is eventually consistent. */
  @Test
  void aTableThatIsNotFoundOnceIsNotDeleted() throws InterruptedException {
    world.set("snapshot.mode", "no_data").commit(world.followed());
    world.commit("shard-1", OrdersWorld.finished(OrdersWorld.NOW));
    world.clock.advance(Duration.ofMinutes(10));
    TableObserver observer = observer();
    for (int look = 0; look < 5; look++) {
      world.dynamoDb.failTable(400, "ResourceNotFoundException");
      assertThat(observer.observe()).satisfies(streaming(false));
      world.clock.advance(Duration.ofMinutes(3));
      assertThat(observer.observe()).satisfies(streaming(false));
      world.clock.advance(Duration.ofMinutes(3));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ExpiredTokenException", "UnrecognizedClientException", "AccessDeniedException"})
  void aRefusalWhileTheStreamIsFollowedIsWaitedOut(String code) throws InterruptedException {
    world.set("snapshot.mode", "no_data").commit(world.followed());
    TableObserver observer = observer();
    assertThat(observer.observe()).satisfies(streaming(false));
    world.dynamoDb.failTable(400, code).failTable(400, code);

    assertThat(observer.observe()).satisfies(streaming(false));
    assertThat(world.dynamoDb.describedTables()).isEqualTo(4);
  }

  @Test
  void aRefusalAtTheFirstLookFailsAtOnce() {
    world.set("snapshot.mode", "no_data").commit(world.followed());
    world.dynamoDb.failTable(400, "AccessDeniedException");

    assertFails(this::observe, "dynamodb:DescribeTable on orders", "AccessDeniedException");
    assertThat(world.dynamoDb.describedTables()).isEqualTo(1);
  }

  @Test
  void aStreamThatEndsWhileTheSnapshotIsLoadedIsToldOnce() throws InterruptedException {
    world.commit(world.submitted(1));
    world.exportCompleted(1);
    world.disableStream();
    TableObserver observer = observer();
    try (HeardLog log = new HeardLog()) {
      assertThat(observer.observe()).isInstanceOf(ObservedTable.Loading.class);
      observer.observe();

      assertThat(log.lines("Stream " + world.stream.arn() + " of table orders was disabled"))
          .isEqualTo(1);
    }
  }

  @Test
  void aSnapshotAloneDoesNotAskForTheStream() throws InterruptedException {
    world
        .set("snapshot.mode", "initial_only")
        .commit(
            new TableOffset.ExportSubmitted(
                world.registration(null, false), OrdersWorld.export(1)));
    world.exportCompleted(1);
    world.disableStream();
    try (HeardLog log = new HeardLog()) {
      assertThat(observe()).isInstanceOf(ObservedTable.Loading.class);

      assertThat(log.lines("disabled")).isZero();
    }
  }

  @Test
  void aSnapshotThatTakesTooLongFails() {
    world.commit(world.submitted(1));
    world.clock.advance(Duration.ofHours(24));
    assertFails(this::observe, "Table orders", "24 hours", "stream.on.data.loss=continue");
    world.exportCompleted(1);

    assertFails(this::observe, "Table orders", "24 hours", "stream.on.data.loss=continue");
  }

  @Test
  void aSnapshotThatTakesTooLongIsLoadedOnIfLossIsTolerated() throws InterruptedException {
    world.set("stream.on.data.loss", "continue").commit(world.submitted(1));
    world.exportCompleted(1);
    world.clock.advance(Duration.ofHours(24));

    assertThat(observe()).isInstanceOf(ObservedTable.Loading.class);
  }

  /** The tasks find out what is lost. */
  @Test
  void aSnapshotThatIsLoadedIsNeverTooLate() throws InterruptedException {
    world.commit(world.submitted(1));
    world.exportCompleted(1);
    world.commitFile(0, 1, true);
    world.clock.advance(Duration.ofHours(24));

    assertThat(observe()).satisfies(streaming(true));
  }

  /** The stream with its one shard, of which nothing is committed. */
  private Consumer<ObservedTable> streaming(boolean announceLoaded) {
    return observed ->
        assertThat(observed)
            .isInstanceOfSatisfying(
                ObservedTable.Streaming.class,
                streaming -> {
                  assertThat(streaming.table()).isEqualTo(TABLE);
                  assertThat(streaming.stream()).isEqualTo(world.stream.arn());
                  assertThat(streaming.shards())
                      .extracting(ObservedShard::id)
                      .containsExactly("shard-1");
                  assertThat(streaming.announceLoaded()).isEqualTo(announceLoaded);
                  assertThat(streaming.replaces()).isNull();
                });
  }

  private ObservedTable observe() throws InterruptedException {
    return observer().observe();
  }

  private TableObserver observer() {
    return new TableObserver(world.table(), Observers.context(world, metrics));
  }

  private static void assertFails(ThrowingCallable observation, String... says) {
    assertThatThrownBy(observation).isInstanceOf(ConnectException.class).message().contains(says);
  }
}
