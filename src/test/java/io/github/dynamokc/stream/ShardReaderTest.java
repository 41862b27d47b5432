package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.json;
import static io.github.dynamokc.stream.StreamWorld.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.DataLossPolicy;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a shard and its lineage, told step by step on a manual clock. */
class ShardReaderTest {
  private static final Duration A_WHILE = Duration.ofMinutes(2);
  private static final long SECOND = 1_699_336_310L;

  private final StreamWorld world = new StreamWorld();

  @Test
  void parentsAreReadBeforeTheirChildren() throws Exception {
    world.stream.addShard("001", null);
    world.stream.addShard("002", null);
    world.stream.append("001", put("a", 1));
    world.stream.append("002", put("b", 1));
    world.stream.rollOver("001", "003");
    world.stream.rollOver("002", "004");
    world.stream.append("003", put("a", 2));
    world.stream.append("004", put("b", 2));
    world.stream.split("003", "005", "006");
    world.stream.append("005", put("a", 3));
    world.start(2);
    world.run(A_WHILE);

    assertThat(world.values().stream().filter(v -> v.contains("\"a\"")))
        .containsExactly(json("a", 1), json("a", 2), json("a", 3));
    assertThat(world.values().stream().filter(v -> v.contains("\"b\"")))
        .containsExactly(json("b", 1), json("b", 2));
  }

  @Test
  void noChildHasAnOffsetBeforeItsParentIsAcknowledged() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.stream.append("001", put("a", 2));
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 3));
    world.start(1);
    for (int acknowledged = 0; acknowledged < 3; acknowledged++) {
      for (int round = 0; round < 20; round++) {
        world.readWhatIsDue();
        world.clock.advance(Duration.ofSeconds(10));
      }
      world.commitAll();
      assertThat(world.offset("002")).as("%d of 3 acknowledged", acknowledged).isNull();
      assertThat(world.values()).doesNotContain(json("a", 3));
      world.acknowledge(0, 1);
    }
    world.run(A_WHILE);

    assertThat(world.offset("001")).isInstanceOf(ShardOffset.Finished.class);
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2), json("a", 3));
    assertThat(world.status).containsExactly("SHARD_FINISHED", "SHARD_STARTED");
  }

  @Test
  void versionsGrowAlongAShardAlsoWhenTimesStepBack() throws Exception {
    world.stream.addShard("001", null);
    for (long second : new long[] {SECOND, SECOND, SECOND - 1, SECOND + 1}) {
      world.stream.append("001", put("a", 1).at(second));
    }
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.versions())
        .containsExactly(
            1_699_336_310_000_000L,
            1_699_336_310_000_001L,
            1_699_336_310_000_002L,
            1_699_336_311_000_000L);
  }

  @Test
  void versionsAreTheSameOverARestartAndTheEndOfTheShard() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1).at(SECOND));
    world.start(1);
    world.run(A_WHILE);
    world.kill();
    world.stream.append("001", put("a", 2).at(SECOND));
    world.startTasks();
    world.run(A_WHILE);
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 3).at(SECOND - 1));
    world.run(A_WHILE);
    world.kill();
    world.stream.append("002", put("a", 4).at(SECOND + 1));
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.versions())
        .containsExactly(
            1_699_336_310_000_000L,
            1_699_336_310_000_001L,
            1_699_336_310_000_002L,
            1_699_336_311_000_000L);
  }

  @Test
  void anIdleChildStartsAboveItsParentsLastVersionAfterARestart() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1).at(SECOND));
    world.stream.split("001", "002", "003");
    world.stream.append("002", put("b", 1).at(SECOND));
    world.stream.rollOver("002", "004");
    world.start(1);
    world.run(A_WHILE);
    world.kill();
    world.start(1);
    world.stream.append("003", put("a", 2).at(SECOND - 5));
    world.run(A_WHILE);

    assertThat(world.versions().get(2)).isGreaterThan(1_699_336_310_000_000L);
  }

  @Test
  void anUnconvertibleChangeFailsTheTaskNamingItsPosition() throws Exception {
    String broken = appendBroken();
    world.start(1);

    assertThat(world.failure(A_WHILE))
        .hasMessageContaining("Shard 001 of table orders, sequence number " + broken)
        .hasMessageContaining("errors.tolerance=all");
    assertThat(world.metrics.count(Counter.CHANGE_EVENTS_PROCESSING_ERRORS)).isEqualTo(1);
  }

  @Test
  void anUnconvertibleChangeIsSkippedIfErrorsAreTolerated() throws Exception {
    world.toleratesErrors = true;
    String broken = appendBroken();
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.status).containsExactly("ITEM_SKIPPED");
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 3));
    assertThat(world.versions().get(1))
        .as("a version passed over")
        .isEqualTo(world.versions().get(0) + 2);
    assertThat(world.metrics.count(Counter.CHANGE_EVENTS_PROCESSING_ERRORS)).isEqualTo(1);
    assertThat(((ShardOffset.Read) world.offset("001")).sequence()).isGreaterThan(broken);
  }

  private String appendBroken() {
    world.stream.addShard("001", null);
    long second = StreamWorld.START.getEpochSecond();
    world.stream.append("001", put("a", 1).at(second));
    String key = "{\"pk\":{\"S\":\"a\"}}";
    String broken =
        world.stream.append(
            "001",
            ScriptedChange.insert(key, "{\"pk\":{\"S\":\"a\"},\"v\":{\"N\":\"no number\"}}")
                .at(second));
    world.stream.append("001", put("a", 3).at(second));
    return broken;
  }

  @Test
  void changesBeforeTheStartAreSkippedUntilALaterOne() throws Exception {
    world.stream.addShard("001", null);
    world.skipUpToMs = SECOND * 1000;
    world.stream.append("001", put("a", 1).at(SECOND - 9));
    world.stream.append("001", put("a", 2).at(SECOND));
    world.stream.append("001", put("a", 3).at(SECOND + 1));
    world.stream.append("001", put("a", 4).at(SECOND));
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 3), json("a", 4));
    assertThat(world.metrics.count(Counter.EVENTS_SKIPPED_BEFORE_START)).isEqualTo(2);
    assertThat(world.metrics.count(Counter.CHANGE_EVENTS_PROCESSED)).isEqualTo(2);
  }

  @Test
  void anOldClosedShardCostsOneRead() throws Exception {
    world.stream.paging().pageSize(2);
    world.stream.addShard("001", null);
    for (int i = 0; i < 20; i++) {
      world.stream.append("001", put("a", i).at(SECOND - 100));
    }
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 99).at(SECOND + 100));
    world.skipUpToMs = SECOND * 1000;
    world.start(1);
    for (int i = 0; i < 5; i++) {
      world.readWhatIsDue();
    }

    assertThat(world.streams.calls(StreamOperation.GET_RECORDS)).isEqualTo(1);
    world.run(A_WHILE);
    assertThat(world.values()).containsExactly(json("a", 99));
  }

  @Test
  void anEmptyAnswerAtTheEndOfAClosedShardProvesNothing() throws Exception {
    world.stream.addShard("001", null);
    world.stream.paging().endsPastLastRecord(true);
    world.stream.append("001", put("a", 1).at(SECOND + 5));
    world.stream.rollOver("001", "002");
    world.skipUpToMs = SECOND * 1000;
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1));
  }

  @Test
  void theLastPageOfAClosingShardIsDelivered() throws Exception {
    world.stream.paging().endsWithLastRecords(true);
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.stream.rollOver("001", "002");
    world.stream.rollOver("002", "003");
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1));
    assertThat(world.offset("002")).isInstanceOf(ShardOffset.Finished.class);
    assertThat(world.offset("003")).isInstanceOf(ShardOffset.Started.class);
  }

  @Test
  void anEmptyPageIsNotTheEnd() throws Exception {
    world.stream.paging().emptyPages(5);
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.stream.append("001", put("a", 2));
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2));
  }

  @Test
  void aChildThatAppearsMinutesLaterIsFoundAndSoIsALateSibling() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.stream.split("001", "002", "003");
    world.stream.append("002", put("a", 2));
    world.stream.append("003", put("b", 2));
    world.stream.visibility().hide("002");
    world.stream.visibility().hide("003");
    world.start(1);
    world.run(Duration.ofMinutes(7));
    assertThat(world.values()).containsExactly(json("a", 1));
    world.stream.visibility().show("002");
    world.run(Duration.ofMinutes(1));
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2));
    world.stream.visibility().show("003");
    world.run(Duration.ofMinutes(10));

    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2), json("b", 2));
  }

  @Test
  void anExpiredIteratorIsReplacedWithoutLossOrDuplicate() throws Exception {
    world.stream.addShard("001", null);
    world.start(1);
    world.run(A_WHILE);
    world.streams.expireIterators();
    world.stream.append("001", put("a", 1));
    world.run(A_WHILE);
    world.streams.expireIterators();
    world.stream.append("001", put("a", 2));
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2));
  }

  @Test
  void transientErrorsAreWaitedOutAndFinishNoShard() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    for (StreamOperation operation :
        List.of(StreamOperation.GET_SHARD_ITERATOR, StreamOperation.GET_RECORDS)) {
      world.streams.failNext(operation, 4, StreamFault.limitExceeded());
      world.streams.failNext(operation, 4, StreamFault.internalServerError());
      world.streams.failNext(operation, 4, StreamFault.connectionReset());
    }
    world.start(1);
    world.readWhatIsDue();
    world.acknowledgeAll();
    world.commitAll();
    assertThat(world.offset("001")).isNull();
    world.run(Duration.ofMinutes(10));

    assertThat(world.values()).containsExactly(json("a", 1));
    assertThat(world.status).isEmpty();
  }

  @Test
  void aClosedShardWithoutAChildForTooLongFailsTheTask() throws Exception {
    world.stream.addShard("001", null);
    world.stream.close("001");
    world.start(1);

    assertThat(world.failure(Duration.ofMinutes(15)))
        .hasMessageContaining("Shard 001 of table orders")
        .hasMessageContaining("no child")
        .hasMessageContaining("stall.timeout.ms=600000");
  }

  @Test
  void theChildlessShardsOfADisabledStreamAreNoStall() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.stream.disable();
    world.start(1);
    world.run(Duration.ofHours(2));

    assertThat(world.values()).containsExactly(json("a", 1));
    assertThat(world.offset("001")).isInstanceOf(ShardOffset.Finished.class);
  }

  @Test
  void iteratorsThatExpireAtOnceDoNotKeepTheTaskRunningForEver() throws Exception {
    world.stream.addShard("001", null);
    world.streams.failAlways(
        StreamOperation.GET_RECORDS,
        new StreamFault.Failure(400, "ExpiredIteratorException", "Iterator expired"));
    world.start(1);

    assertThat(world.failure(Duration.ofMinutes(15)))
        .hasMessageContaining("stall.timeout.ms=600000")
        .hasMessageContaining("ExpiredIteratorException");
  }

  @Test
  void aListingThatFailsForEverFailsTheTask() throws Exception {
    world.stream.addShard("001", null);
    world.stream.close("001");
    world.start(1);
    world.streams.failAlways(StreamOperation.DESCRIBE_STREAM, StreamFault.throttled());

    assertThat(world.failure(Duration.ofMinutes(15)))
        .hasMessageContaining("Listing the shards of the stream of table orders")
        .hasMessageContaining("stall.timeout.ms=600000");
  }

  @Test
  void failuresWithALongPauseInBetweenAreNoStall() throws Exception {
    world.stream.addShard("001", null);
    world.start(1);
    world.run(A_WHILE);
    for (int i = 0; i < 8; i++) {
      world.streams.failNext(StreamOperation.GET_RECORDS, 1, StreamFault.connectionReset());
      world.readWhatIsDue();
      world.clock.advance(Duration.ofMinutes(20));
      world.streams.expireIterators();
    }
    world.stream.append("001", put("a", 1));
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1));
  }

  @Test
  void pagesOfTheListingThatCameAreKeptWhileOneIsTriedAgain() throws Exception {
    for (int i = 0; i < 300; i++) {
      String shard = "%03d".formatted(i);
      world.stream.addShard(shard, null);
      world.stream.append(shard, put("k" + i, 1));
    }
    world.start(1);
    int before = world.streams.calls(StreamOperation.DESCRIBE_STREAM);
    world.readWhatIsDue();
    world.streams.failNext(StreamOperation.DESCRIBE_STREAM, 2, StreamFault.limitExceeded());
    world.run(A_WHILE);

    assertThat(world.values()).hasSize(300);
    assertThat(world.streams.calls(StreamOperation.DESCRIBE_STREAM) - before)
        .as("two listings of three pages, and two tries of one")
        .isBetween(6, 8);
  }

  @Test
  void childrenOfManyEndedShardsAreFoundByOneListing() throws Exception {
    for (int i = 0; i < 400; i++) {
      world.stream.addShard("a%03d".formatted(i), null);
    }
    world.start(1);
    world.run(Duration.ofMinutes(1));
    int before = world.streams.calls(StreamOperation.DESCRIBE_STREAM);
    for (int i = 0; i < 400; i++) {
      world.stream.rollOver("a%03d".formatted(i), "b%03d".formatted(i));
      world.stream.append("b%03d".formatted(i), put("k" + i, 1));
    }
    world.run(Duration.ofSeconds(20));

    assertThat(world.values()).hasSize(400);
    assertThat(world.streams.calls(StreamOperation.DESCRIBE_STREAM) - before).isLessThan(120);
  }

  @Test
  void lastingAccessDenialFailsTheTaskNamingTheAction() throws Exception {
    world.stream.addShard("001", null);
    world.streams.failAlways(
        StreamOperation.GET_SHARD_ITERATOR, StreamFault.accessDenied("dynamodb:GetShardIterator"));
    world.start(1);
    world.run(Duration.ofMinutes(9));

    assertThat(world.failure(Duration.ofMinutes(2)))
        .hasMessageContaining("Shard 001 of table orders")
        .hasMessageContaining("no success since 2023-11-07T05:51:50Z")
        .hasMessageContaining("stall.timeout.ms=600000")
        .hasMessageContaining("dynamodb:GetShardIterator");
    assertThat(world.offset("001")).isNull();
  }

  @Test
  void aShardThatWasTrimmedBehindItsFirstIteratorIsOpenedAnew() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.streams.failNext(
        StreamOperation.GET_RECORDS,
        2,
        new StreamFault.Failure(400, "TrimmedDataAccessException", "past the oldest record"));
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1));
  }

  @Test
  void aTaskWithAPlanOlderThanTheOffsetsReadsTheChild() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 2));
    world.run(A_WHILE);
    world.kill();
    world.stream.append("002", put("a", 3));
    world.startTasks();
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2), json("a", 3));
  }

  @Test
  void aParentWithoutACommittedEndIsNotReadBehindItsChild() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    ShardOffset old = world.offset("001");
    world.stream.append("001", put("a", 2));
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 3));
    world.run(A_WHILE);
    world.kill();
    world.committed.commit(
        new SourcePartition.OfShard(StreamWorld.TABLE, world.stream.arn(), "001"), old);
    world.startTasks();
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2), json("a", 3));
  }

  @Test
  void aChildWhoseOffsetsWereLostIsNotReadAgainBehindItsOwnChild() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 2));
    world.stream.rollOver("002", "003");
    world.stream.append("003", put("a", 3));
    world.run(A_WHILE);
    world.kill();
    world.committed.forget(
        new SourcePartition.OfShard(StreamWorld.TABLE, world.stream.arn(), "002"));
    world.startTasks();
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2), json("a", 3));
  }

  @Test
  void aLineageOfLostOffsetsIsReadAgainWithoutRepetition() throws Exception {
    world.stream.addShard("001", null);
    world.start(1);
    world.stream.append("001", put("a", 1));
    world.stream.rollOver("001", "002");
    world.stream.rollOver("002", "003");
    world.stream.append("003", put("a", 2));
    world.stream.rollOver("003", "004");
    world.stream.append("004", put("a", 3));
    world.run(A_WHILE);
    world.kill();
    for (String shard : List.of("001", "002", "003")) {
      world.committed.forget(
          new SourcePartition.OfShard(StreamWorld.TABLE, world.stream.arn(), shard));
    }
    world.startTasks();
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2), json("a", 3));
  }

  @Test
  void aTrimmedShardThatAnEarlierRunHadReadIsNoLoss() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    ShardOffset old = world.offset("001");
    world.stream.append("001", put("a", 2));
    world.stream.append("001", put("a", 3));
    world.stream.rollOver("001", "002");
    world.run(A_WHILE);
    world.kill();
    world.committed.commit(
        new SourcePartition.OfShard(StreamWorld.TABLE, world.stream.arn(), "001"), old);
    world.stream.trim("001");
    world.stream.append("002", put("a", 4));
    world.startTasks();
    world.run(A_WHILE);

    assertThat(world.values())
        .containsExactly(json("a", 1), json("a", 2), json("a", 3), json("a", 4));
  }

  @Test
  void aChildWithoutAnOffsetStartsAboveItsSiblingsVersion() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1).at(SECOND));
    world.start(1);
    world.run(A_WHILE);
    ShardOffset old = world.offset("001");
    world.stream.append("001", put("a", 2).at(SECOND + 50));
    world.stream.split("001", "002", "003");
    world.stream.append("002", put("b", 1).at(SECOND));
    world.stream.visibility().hide("003");
    world.run(A_WHILE);
    world.kill();
    world.committed.commit(
        new SourcePartition.OfShard(StreamWorld.TABLE, world.stream.arn(), "001"), old);
    world.stream.visibility().show("003");
    world.stream.append("003", put("a", 3).at(SECOND));
    world.startTasks();
    world.run(A_WHILE);

    assertThat(world.values()).endsWith(json("a", 3));
    assertThat(world.versions().get(world.versions().size() - 1))
        .isGreaterThan((SECOND + 50) * 1_000_000);
  }

  /** Its parent's last version is lost, and what its sibling has read since is far above it. */
  @Test
  void aChildReadAgainHasItsVersionsThoughItsParentIsTrimmed() throws Exception {
    world.streams.retain(Retention.TIME);
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    ShardOffset old = world.offset("001");
    world.stream.append("001", put("a", 2));
    world.stream.split("001", "002", "003");
    world.run(A_WHILE);
    world.kill();
    world.clock.advance(Duration.ofHours(23));
    world.stream.append("003", put("a", 3));
    world.stream.append("002", put("b", 1));
    world.clock.advance(Duration.ofMinutes(10));
    world.stream.append("002", put("b", 2));
    world.startTasks();
    world.run(A_WHILE);
    Map<String, Long> first = versionsByValue();
    world.kill();
    world.committed.commit(
        new SourcePartition.OfShard(StreamWorld.TABLE, world.stream.arn(), "001"), old);
    world.committed.forget(
        new SourcePartition.OfShard(StreamWorld.TABLE, world.stream.arn(), "003"));
    world.clock.advance(Duration.ofHours(2));
    world.onDataLoss = DataLossPolicy.CONTINUE;
    world.startTasks();
    world.run(Duration.ofMinutes(10));

    assertThat(world.values()).hasSize(6).endsWith(json("a", 3));
    assertThat(versionsByValue()).isEqualTo(first);
  }

  /** It can be older than the retention though what is wanted of the stream is not. */
  @Test
  void aShardThatEndedBeforeTheStartAndIsGoneIsNoLoss() throws Exception {
    world.streams.retain(Retention.TIME);
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1).at(SECOND));
    world.stream.rollOver("001", "002");
    world.stream.paging().emptyPages(9);
    world.clock.advance(Duration.ofHours(3));
    world.startsNow();
    world.start(1);
    world.kill();
    world.clock.advance(Duration.ofHours(23));
    world.stream.append("002", put("a", 2));
    world.startTasks();
    world.run(Duration.ofMinutes(30));

    assertThat(world.values()).containsExactly(json("a", 2));
    assertThat(world.status).doesNotContain("DATA_LOSS");
  }

  /** It is there, and has a change that is wanted. */
  @Test
  void aClosedShardThatIsNotFoundForMinutesIsStillRead() throws Exception {
    world.stream.addShard("001", null);
    world.startsNow();
    world.clock.advance(Duration.ofMinutes(1));
    world.stream.append("001", put("a", 1));
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 2));
    Duration minutes = Duration.ofMinutes(6);
    world.streams.failFor(StreamOperation.GET_SHARD_ITERATOR, minutes, StreamFault.notFound());
    world.start(1);
    world.run(Duration.ofSeconds(1));
    world.stream.visibility().hideFor("001", minutes);
    world.run(Duration.ofMinutes(15));

    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2));
  }

  @Test
  void whatEndedBeforeTheStartCanBeGoneWithItsChildren() throws Exception {
    world.streams.retain(Retention.TIME);
    world.stream.addShard("001", null);
    world.stream.rollOver("001", "002");
    world.stream.rollOver("002", "003");
    world.clock.advance(Duration.ofHours(3));
    world.startsNow();
    world.start(1);
    world.stream.visibility().hide("002");
    world.run(Duration.ofMinutes(5));
    world.stream.visibility().show("002");
    world.kill();
    assertThat(world.offset("001")).isInstanceOf(ShardOffset.Finished.class);
    world.clock.advance(Duration.ofHours(23));
    world.stream.append("003", put("a", 3));
    world.startTasks();
    world.run(Duration.ofMinutes(15));
    for (int look = 0; look < 30; look++) {
      world.look();
      world.run(Duration.ofMinutes(1));
    }

    assertThat(world.values()).containsExactly(json("a", 3));
    assertThat(world.status).doesNotContain("DATA_LOSS");
  }

  @Test
  void theBytesOfChangesAreCounted() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    long one = world.metrics.count(Counter.BYTES_RECEIVED);
    assertThat(one).isPositive();
    world.stream.append("001", put("b", 1));
    world.run(A_WHILE);

    assertThat(world.metrics.count(Counter.BYTES_RECEIVED)).isEqualTo(2 * one);
    assertThat(world.metrics.count(Counter.BYTES_PROCESSED)).isEqualTo(2 * one);
  }

  private Map<String, Long> versionsByValue() {
    Map<String, Long> versions = new HashMap<>();
    for (int i = 0; i < world.values().size(); i++) {
      versions.put(world.values().get(i), world.versions().get(i));
    }
    return versions;
  }

  @Test
  void anIdleShardIsAskedLessAndLessAndAtOnceAfterData() throws Exception {
    world.stream.addShard("001", null);
    world.start(1);
    world.run(Duration.ofHours(1));

    assertThat(world.streams.calls(StreamOperation.GET_RECORDS)).isBetween(2_300, 3_000);
  }

  @Test
  void aShardThatHadDataAMomentAgoIsAskedOftenForAWhile() throws Exception {
    world.stream.addShard("001", null);
    world.start(1);
    world.run(Duration.ofHours(1));
    world.stream.append("001", put("a", 1));
    world.run(Duration.ofSeconds(2));
    int before = world.streams.calls(StreamOperation.GET_RECORDS);
    world.run(Duration.ofSeconds(8));

    assertThat(world.streams.calls(StreamOperation.GET_RECORDS) - before).isBetween(28, 36);
  }
}
