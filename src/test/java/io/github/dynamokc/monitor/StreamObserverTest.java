package io.github.dynamokc.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.plan.ObservedTable.Streaming.Due;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.table.TableDescription;
import io.github.dynamokc.testing.FakeDynamoDb;
import io.github.dynamokc.testing.HeardLog;
import io.github.dynamokc.testing.OrdersWorld;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which stream is followed, until when, and what of it is left to read. */
class StreamObserverTest {
  /** A stream has ended when its last shards show no child for ten discovery intervals. */
  private static final Duration UNTIL_END_IS_CERTAIN = Duration.ofSeconds(300);

  private static final StreamFault NOT_FOUND =
      new StreamFault.Failure(400, "ResourceNotFoundException", "not found");

  private final OrdersWorld world = new OrdersWorld().set("snapshot.mode", "no_data");
  private final TableMetrics metrics = TableMetrics.unregistered();
  private final String root = world.stream.addShard("a-root", null);
  private TableOffset offset = world.followed();

  @Test
  void shardsAreListedWithTheirOffsets() throws InterruptedException {
    String child = world.stream.rollOver(root, "child");
    ShardOffset finished = OrdersWorld.finished(OrdersWorld.NOW);
    ShardOffset read = new ShardOffset.Read("123", 8, 1, root);
    world.commit(root, finished);
    world.commit(child, read);
    ObservedTable.Streaming streaming = observe(observer());

    assertThat(streaming.stream()).isEqualTo(world.stream.arn());
    assertThat(streaming.replaces()).isNull();
    assertThat(streaming.shards()).hasSize(2);
    ObservedShard first = streaming.shards().get(0);
    assertThat(first.id()).isEqualTo(root);
    assertThat(first.endingSequence()).as("closed").isNotNull();
    assertThat(first.offset()).isEqualTo(finished);
    assertThat(streaming.shards().get(1))
        .isEqualTo(new ObservedShard(child, root, null, read, false));
    assertThat(metrics.value(Gauge.TOTAL_OPEN_SHARDS)).isEqualTo(1);
  }

  @Test
  void theSameAgainIsTheSameObservation() throws InterruptedException {
    StreamObserver observer = observer();
    ObservedTable.Streaming first = observe(observer);
    assertThat(observe(observer)).isSameAs(first);
    world.commit(root, new ShardOffset.Read("5", 7, 1, root));
    ObservedTable.Streaming changed = observe(observer);
    assertThat(changed).isNotSameAs(first);
    assertThat(observe(observer)).isSameAs(changed);

    assertThat(
            ((ObservedTable.Streaming) observer.observe(offset, table(), Due.loaded(true)))
                .announceLoaded())
        .isTrue();
  }

  @Test
  void whatIsToBeAnnouncedIsHandedOn() throws InterruptedException {
    assertThat(((ObservedTable.Streaming) observer().observe(offset, table(), Due.loaded(true))))
        .extracting(ObservedTable.Streaming::announceLoaded)
        .isEqualTo(true);
    assertThat(observe(observer()).announceLoaded()).isFalse();
  }

  @Test
  void aLongBeginningWithNothingToDoIsTold() throws InterruptedException {
    String parent = root;
    String open = world.stream.rollOver(root);
    for (int i = 0; i < 300; i++) {
      parent = open;
      open = world.stream.rollOver(open);
    }
    world.commit(open, new ShardOffset.Read("5", 7, 1, root));
    assertThat(observe(observer()).listAfter()).isEqualTo(parent);
    world.commit(root, OrdersWorld.finished(OrdersWorld.NOW));

    assertThat(observe(observer()).listAfter()).as("an offset is to be retired").isNull();
  }

  @Test
  void aShortBeginningIsNotWorthIt() throws InterruptedException {
    String open = root;
    for (int i = 0; i < 299; i++) {
      open = world.stream.rollOver(open);
    }
    world.commit(open, new ShardOffset.Read("5", 7, 1, root));

    assertThat(observe(observer()).listAfter()).isNull();
  }

  @Test
  void whatEndedBeforeTheStartIsNotObserved() throws InterruptedException {
    String item = "{\"PK\":{\"S\":\"a\"},\"SK\":{\"S\":\"b\"}}";
    long before = OrdersWorld.NOW.getEpochSecond() - 3600;
    world.stream.append(root, ScriptedChange.insert(item, item).at(before));
    String open = world.stream.rollOver(root);

    assertThat(observe(observer()).shards()).extracting(ObservedShard::id).containsExactly(open);
  }

  @Test
  void aChildIsOverdueTwentyMinutesAfterTheEndOfItsParent() throws InterruptedException {
    String child = world.stream.rollOver(root, "child");
    world.commit(root, OrdersWorld.finished(OrdersWorld.NOW));
    StreamObserver observer = observer();
    world.clock.advance(Duration.ofMinutes(20));
    assertThat(overdue(observer, child)).isFalse();
    world.clock.advance(Duration.ofMillis(1));
    assertThat(overdue(observer, child)).isTrue();
    assertThat(overdue(observer, root)).isFalse();
    world.commit(child, new ShardOffset.Started(7, OrdersWorld.NOW.toEpochMilli(), root));

    assertThat(overdue(observer, child)).as("with an offset").isFalse();
  }

  @Test
  void aChildOfAShardThatIsBeingReadIsNotOverdue() throws InterruptedException {
    String child = world.stream.rollOver(root, "child");
    world.clock.advance(Duration.ofHours(2));
    assertThat(overdue(observer(), child)).as("nothing is known of the parent").isFalse();
    world.commit(root, new ShardOffset.Read("1", 7, 1, root));

    assertThat(overdue(observer(), child)).isFalse();
  }

  @Test
  void aDisabledStreamIsReadToItsEndBeforeTheFailure() throws InterruptedException {
    world.disableStream();
    StreamObserver observer = observer();
    assertFollows(observer);
    world.commit(root, new ShardOffset.Read("1", 7, 1, root));
    assertFollows(observer);
    world.commit(root, OrdersWorld.finished(OrdersWorld.NOW));
    assertFollows(observer);
    assertFollows(observer);
    world.clock.advance(UNTIL_END_IS_CERTAIN.minusMillis(1));
    assertFollows(observer);
    world.clock.advance(Duration.ofMillis(1));

    assertFails(
        observer,
        "Table orders has no stream",
        "was disabled",
        "Its stream " + world.stream.arn() + " was read to its end");
  }

  /** Just what is left may be missing in a listing. */
  @Test
  void aListingWithoutTheShardThatIsLeftIsNoEnd() throws InterruptedException {
    world.set("stream.on.data.loss", "continue");
    List<String> children = world.stream.split(root);
    world.replaceStream();
    world.commit(root, OrdersWorld.finished(OrdersWorld.NOW.minusSeconds(3600)));
    world.commit(children.get(0), OrdersWorld.finished(OrdersWorld.NOW.minusSeconds(3600)));
    world.commit(children.get(1), new ShardOffset.Read("1", 7, 1, root));
    world.stream.visibility().hideNext(children.get(1), 1);
    StreamObserver observer = observer();

    assertFollows(observer);
    world.clock.advance(UNTIL_END_IS_CERTAIN);
    assertFollows(observer);
    assertThat(observe(observer).shards()).hasSize(3);
  }

  /** The offset of the shard itself may be retired. */
  @Test
  void aShardWithAReadChildIsNoEndToWaitFor() throws InterruptedException {
    String child = world.stream.rollOver(root, "child");
    world.disableStream();
    StreamObserver observer = observer();
    assertFollows(observer);
    world.commit(child, OrdersWorld.finished(OrdersWorld.NOW));
    lookUntilAbsenceIsCertain(observer);

    assertFails(observer, "was read to its end");
  }

  @Test
  void aDeletedTablesStreamIsReadToItsEndBeforeTheFailure() throws InterruptedException {
    world.stream.disable();
    world.dynamoDb.deleted();
    StreamObserver observer = observer();
    assertFollows(observer);
    readToTheEnd(observer);

    assertFails(
        observer,
        "Table orders was deleted. Its stream " + world.stream.arn() + " was read to its end",
        "Delete the connector");
  }

  @Test
  void aReplacedStreamIsReadToItsEndBeforeTheFailure() throws InterruptedException {
    ScriptedStream next = world.replaceStream();
    StreamObserver observer = observer();
    assertFollows(observer);
    assertThat(metrics.count(Counter.DATA_LOSS_EVENTS)).isZero();
    readToTheEnd(observer);

    assertFails(
        observer,
        "Table orders has the stream " + next.arn(),
        "the connector's offsets are of " + world.stream.arn(),
        "was read to its end",
        "another snapshot.id to take a new snapshot",
        "stream.on.data.loss=continue");
    assertThat(metrics.count(Counter.DATA_LOSS_EVENTS)).isEqualTo(1);
  }

  @Test
  void aReplacedStreamGivesWayToTheNextIfLossIsTolerated() throws InterruptedException {
    world.set("stream.on.data.loss", "continue");
    ScriptedStream next = world.replaceStream();
    String shard = next.addShard("of-next", null);
    StreamObserver observer = observer();
    assertFollows(observer);
    readToTheEnd(observer);
    ObservedTable.Streaming streaming = observe(observer);

    assertThat(streaming.stream()).isEqualTo(next.arn());
    assertThat(ended(streaming)).isEqualTo(world.stream.arn());
    assertThat(streaming.shards()).extracting(ObservedShard::id).containsExactly(shard);
    assertThat(metrics.count(Counter.DATA_LOSS_EVENTS)).as("the task counts").isZero();
  }

  @Test
  void theNextStreamIsFollowedBeforeItCanBeListed() throws InterruptedException {
    world.set("stream.on.data.loss", "continue");
    ScriptedStream next = world.replaceStream();
    world.streams.remove(next);
    StreamObserver observer = observer();
    readToTheEnd(observer);
    ObservedTable.Streaming streaming = observe(observer);

    assertThat(streaming.stream()).isEqualTo(next.arn());
    assertThat(ended(streaming)).isEqualTo(world.stream.arn());
    assertThat(streaming.shards()).isEmpty();
  }

  /** Streams of a table may have shards of the same name. */
  @Test
  void whatIsARootOfTheEndedStreamNeedNotBeOneOfTheNext() throws InterruptedException {
    world.set("stream.on.data.loss", "continue");
    String child = world.stream.rollOver(root, "child");
    world.stream.visibility().hideFor(root, Duration.ofDays(1));
    world.commit(child, OrdersWorld.finished(OrdersWorld.NOW));
    ScriptedStream next = world.replaceStream();
    next.addShard(root, null);
    next.rollOver(root, child);
    next.visibility().hideNext(root, 1);
    StreamObserver observer = observer();
    lookUntilAbsenceIsCertain(observer);
    world.clock.advance(UNTIL_END_IS_CERTAIN);
    ObservedTable.Streaming streaming = observe(observer);

    assertThat(streaming.stream()).isEqualTo(next.arn());
    assertThat(streaming.lineage().frontier()).isEmpty();
    assertThat(observe(observer).lineage().frontier())
        .extracting(ObservedShard::id)
        .containsExactly(root);
  }

  /** A closed shard whose children may be the ones that are not listed. */
  @Test
  void whatIsAboveAShardThatIsLeftAloneIsNotReadAgain() throws InterruptedException {
    String child = world.stream.rollOver(root, "child");
    String grandchild = world.stream.rollOver(child, "grandchild");
    world.stream.rollOver(grandchild, "youngest");
    world.commit(root, OrdersWorld.finished(OrdersWorld.NOW));
    world.commit(child, OrdersWorld.finished(OrdersWorld.NOW));
    world.commit(
        grandchild, new ShardOffset.Read("1", 7, OrdersWorld.NOW.toEpochMilli(), "earlier"));
    world.stream.visibility().hideNext(grandchild, 1);

    assertThat(observe(observer()).lineage().frontier())
        .extracting(ObservedShard::id)
        .containsExactly(grandchild);
  }

  @Test
  void theNextStreamBeginsAboveTheVersionsOfTheEndedOne() throws InterruptedException {
    world.set("stream.on.data.loss", "continue");
    long ahead = OrdersWorld.NOW.plusSeconds(60).toEpochMilli() * 1000;
    String child = world.stream.rollOver(root, "child");
    world.commit(
        child,
        new ShardOffset.Finished(
            "5", ahead, OrdersWorld.NOW.toEpochMilli(), OrdersWorld.NOW.toEpochMilli(), root));
    world.replaceStream();
    StreamObserver observer = observer();
    readToTheEnd(observer);

    assertThat(observe(observer).replaces())
        .isEqualTo(
            new ObservedTable.Streaming.Ended(
                world.stream.arn(), ahead, OrdersWorld.NOW.toEpochMilli()));
  }

  /** Its offsets cannot be looked up any more. */
  @Test
  void theNextStreamBeginsAboveTheVersionsOfOneThatIsGone() throws InterruptedException {
    world.set("stream.on.data.loss", "continue");
    world.replaceStream();
    world.streams.remove(world.stream);
    StreamObserver observer = observer();
    lookUntilAbsenceIsCertain(observer);

    assertThat(observe(observer).replaces())
        .isNotNull()
        .extracting(ObservedTable.Streaming.Ended::version)
        .isEqualTo(DocumentVersion.lastOf(OrdersWorld.NOW.toEpochMilli()));
  }

  @Test
  void aTableThatWentOverFollowsItsNewStream() throws InterruptedException {
    ScriptedStream next = world.replaceStream();
    next.addShard("of-next", null);
    offset = offset.with(offset.registration().goneOverTo(next.arn(), world.clock.millis(), 0));
    ObservedTable.Streaming streaming = observe(observer());

    assertThat(streaming.stream()).isEqualTo(next.arn());
    assertThat(streaming.replaces()).isNull();
  }

  /** What happened between the two streams is in the export. */
  @Test
  void aSnapshotSinceTheNextStreamMakesUpForTheGap() throws InterruptedException {
    ScriptedStream next = world.replaceStream(FakeDynamoDb.EXPORT_TIME.minusSeconds(3600));
    offset = new TableOffset.ExportLoaded(world.followed().registration(), OrdersWorld.export(1));
    StreamObserver observer = observer();
    readToTheEnd(observer);
    ObservedTable.Streaming streaming = observe(observer);

    assertThat(streaming.stream()).isEqualTo(next.arn());
    assertThat(ended(streaming)).isEqualTo(world.stream.arn());
    assertThat(metrics.count(Counter.DATA_LOSS_EVENTS)).isZero();
  }

  /** Between its export and the end of its stream there are changes that only the stream had. */
  @Test
  void aFirstSnapshotDoesNotMakeUpForTheGap() throws InterruptedException {
    world.replaceStream();
    offset = world.loaded();
    StreamObserver observer = observer();
    readToTheEnd(observer);

    assertFails(observer, "another snapshot.id to take a new snapshot");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStreamThatIsGoneUnreadIsSaidToBe(boolean replaced) throws InterruptedException {
    if (replaced) {
      world.replaceStream();
    } else {
      world.disableStream();
    }
    world.streams.remove(world.stream);
    StreamObserver observer = observer();
    lookUntilAbsenceIsCertain(observer);

    assertFails(
        observer,
        replaced ? "Table orders has the stream" : "Table orders has no stream",
        "Its stream "
            + world.stream.arn()
            + " is gone, and changes that were not read yet with it");
  }

  @Test
  void aStreamThatIsGoneGivesWayToTheNextIfLossIsTolerated() throws InterruptedException {
    world.set("stream.on.data.loss", "continue");
    ScriptedStream next = world.replaceStream();
    world.streams.remove(world.stream);
    StreamObserver observer = observer();
    lookUntilAbsenceIsCertain(observer);
    ObservedTable.Streaming streaming = observe(observer);

    assertThat(streaming.stream()).isEqualTo(next.arn());
    assertThat(ended(streaming)).isEqualTo(world.stream.arn());
  }

  @Test
  void aDisabledStreamThatIsNotFoundOnceIsNotGone() throws InterruptedException {
    world.set("stream.on.data.loss", "continue");
    world.replaceStream();
    StreamObserver observer = observer();
    for (int look = 0; look < 5; look++) {
      world.streams.failNext(StreamOperation.DESCRIBE_STREAM, 1, NOT_FOUND);
      ObservedTable.Streaming unsure = observe(observer);
      assertThat(unsure.stream()).isEqualTo(world.stream.arn());
      assertThat(unsure.replaces()).isNull();
      assertThat(unsure.shards()).as("as at the last look").hasSize(look == 0 ? 0 : 1);
      world.clock.advance(Duration.ofMinutes(3));
      assertFollows(observer);
      world.clock.advance(Duration.ofMinutes(3));
    }
  }

  @Test
  void aStreamThatWasJustEnabledIsWaitedFor() throws InterruptedException {
    world.streams.failNext(StreamOperation.DESCRIBE_STREAM, 3, NOT_FOUND);

    assertFollows(observer());
  }

  @Test
  void aTableThatHadNoStreamIsRefused() {
    offset = new TableOffset.Registered(world.registration(null, true));

    assertFails(
        observer(),
        "offsets of table orders name no stream",
        "another snapshot.id to take a new snapshot");
  }

  @Test
  void aNamedStreamThatIsNeverFoundFails() {
    world.streams.remove(world.stream);
    world.streams.onCall(call -> world.clock.advance(Duration.ofSeconds(20)));
    Instant before = world.clock.instant();

    assertFails(observer(), world.stream.arn(), "stall.timeout.ms=600000");
    assertThat(Duration.between(before, world.clock.instant()))
        .isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
  }

  @Test
  void theEndOfAStreamIsToldOnce() throws InterruptedException {
    ScriptedStream next = world.replaceStream();
    StreamObserver observer = observer();
    try (HeardLog log = new HeardLog()) {
      observer.warnIfEnded(offset.registration(), table());
      observe(observer);
      observe(observer);
      observer.warnIfEnded(offset.registration(), table());

      assertThat(log.lines("was disabled (the table has " + next.arn() + " now)")).isEqualTo(1);
    }
  }

  @Test
  void nothingIsToldOfAStreamThatIsTheTables() throws InterruptedException {
    StreamObserver observer = observer();
    try (HeardLog log = new HeardLog()) {
      observer.warnIfEnded(offset.registration(), table());
      observe(observer);

      assertThat(log.lines("disabled")).isZero();
    }
  }

  /** It is certain after ten discovery intervals, at each of which it was said. */
  private void lookUntilAbsenceIsCertain(StreamObserver observer) throws InterruptedException {
    for (int look = 0; look < 10; look++) {
      ObservedTable.Streaming unsure = observe(observer);
      assertThat(unsure.stream()).isEqualTo(world.stream.arn());
      assertThat(unsure.replaces()).isNull();
      world.clock.advance(Duration.ofSeconds(30));
    }
  }

  private static @Nullable String ended(ObservedTable.Streaming streaming) {
    ObservedTable.Streaming.Ended ended = streaming.replaces();
    return ended == null ? null : ended.stream();
  }

  private void readToTheEnd(StreamObserver observer) throws InterruptedException {
    world.commit(root, OrdersWorld.finished(OrdersWorld.NOW));
    lookUntilAbsenceIsCertain(observer);
  }

  private void assertFollows(StreamObserver observer) throws InterruptedException {
    ObservedTable.Streaming streaming = observe(observer);
    assertThat(streaming.stream()).isEqualTo(world.stream.arn());
    assertThat(streaming.replaces()).isNull();
    assertThat(streaming.shards()).isNotEmpty();
  }

  private void assertFails(StreamObserver observer, String... says) {
    assertThatThrownBy(() -> observe(observer))
        .isInstanceOf(ConnectException.class)
        .message()
        .contains(says);
  }

  private boolean overdue(StreamObserver observer, String shard) throws InterruptedException {
    return observe(observer).shards().stream()
        .filter(observed -> observed.id().equals(shard))
        .findFirst()
        .orElseThrow()
        .overdue();
  }

  private ObservedTable.Streaming observe(StreamObserver observer) throws InterruptedException {
    return (ObservedTable.Streaming) observer.observe(offset, table(), Due.NOTHING);
  }

  private @Nullable TableDescription table() throws InterruptedException {
    return TableDescription.readIfExists(world.dynamoDb, world.calls(), world.table().table());
  }

  private StreamObserver observer() {
    return new StreamObserver(world.table(), Observers.context(world, metrics));
  }
}
