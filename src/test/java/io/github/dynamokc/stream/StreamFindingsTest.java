package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.json;
import static io.github.dynamokc.stream.StreamWorld.put;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_RECORDS;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_SHARD_ITERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.DataLossPolicy;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Short lives of a stream, each a way in which changes went missing in silence, came out of order
 * or twice, or were called missing though they were not.
 */
class StreamFindingsTest {
  private static final Duration A_WHILE = Duration.ofMinutes(2);

  private final StreamWorld world = new StreamWorld();

  @BeforeEach
  void forgetAfterADay() {
    world.streams.retain(Duration.ofHours(24));
    world.pollIdleMax = Duration.ofSeconds(20);
    world.progressInterval = Duration.ofMinutes(30);
  }

  /** The child's position is as old as what was read of the parent, not as its own first offset. */
  @Test
  void aChildStartedLateIsLostWhenItsOldestChangesAre() throws Exception {
    readParentAfter(Duration.ofHours(23));
    world.acknowledgeStatus();
    readForSomeSeconds();
    world.acknowledgeStatus();
    world.commitAll();
    assertThat(world.offset("002")).isInstanceOf(ShardOffset.Started.class);
    world.kill();
    world.clock.advance(Duration.ofHours(2));
    world.stream.append("002", put("a", 3));
    world.startTasks();

    assertThat(world.failure(A_WHILE)).isInstanceOf(DataLossException.class);
    assertThat(world.values()).containsExactly(json("a", 1));
  }

  @Test
  void aChildTrimmedWhileItsParentIsUnacknowledgedIsLost() throws Exception {
    readParentAfter(Duration.ofHours(23).plusMinutes(57));
    world.clock.advance(Duration.ofMinutes(4));
    world.stream.append("002", put("a", 3));

    assertThat(world.failure(A_WHILE)).isInstanceOf(DataLossException.class);
    assertThat(world.values()).containsExactly(json("a", 1));
  }

  @Test
  void anOpenShardThatAPauseOutlivedIsLost() throws Exception {
    world.stream.addShard("001", null);
    world.start(1);
    world.run(Duration.ofHours(1));
    world.pause(Duration.ofMinutes(5));
    world.stream.append("001", put("a", 1));
    world.pause(Duration.ofHours(24).plusMinutes(15));
    world.stream.append("001", put("a", 2));

    assertThat(world.failure(A_WHILE)).isInstanceOf(DataLossException.class);
    assertThat(world.values()).isEmpty();
  }

  /** The worker's clock was a day behind, as after a suspension, and the answer shows it. */
  @Test
  void whatTheTimeOfTheFirstAnswerTellsIsLostCounts() throws Exception {
    world.stream.addShard("001", null);
    world.start(1);
    world.run(Duration.ofHours(1));
    world.kill();
    world.stream.append("001", put("a", 1));
    AtomicBoolean told = new AtomicBoolean();
    world.streams.onCall(
        call -> {
          if (call.operation() == StreamOperation.GET_SHARD_ITERATOR && !told.getAndSet(true)) {
            world.clock.advance(Duration.ofHours(25));
            world.stream.append("001", put("a", 2));
          }
        });
    world.startTasks();

    assertThat(world.failure(A_WHILE)).isInstanceOf(DataLossException.class);
    assertThat(world.values()).isEmpty();
  }

  @Test
  void anIdleShardThatWasReadIsNotLostAfterAShorterOutage() throws Exception {
    world.stream.addShard("001", null);
    world.stream.rollOver("001", "002");
    world.start(1);
    world.run(Duration.ofHours(3).plusMinutes(50));
    world.kill();
    world.stream.append("002", put("a", 1));
    world.clock.advance(Duration.ofHours(20).plusMinutes(30));
    world.startTasks();
    world.run(A_WHILE);

    assertThat(world.status).doesNotContain("DATA_LOSS");
    assertThat(world.values()).containsExactly(json("a", 1));
  }

  @Test
  void aShardIdleForADayIsNotLostThoughItsPositionIs() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(Duration.ofHours(25));
    world.kill();
    world.startTasks();
    world.run(A_WHILE);
    world.stream.append("001", put("a", 2));
    world.run(A_WHILE);

    assertThat(world.status).doesNotContain("DATA_LOSS");
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2));
  }

  @Test
  void aShardWhoseParentOneListingLacksIsNoRoot() throws Exception {
    world.stream.addShard("001", null);
    world.stream.paging().pageSize(1);
    world.start(2);
    IntStream.rangeClosed(1, 3).forEach(value -> world.stream.append("001", put("a", value)));
    world.stream.rollOver("001", "002");
    IntStream.rangeClosed(4, 6).forEach(value -> world.stream.append("002", put("a", value)));
    world.stream.rollOver("002", "003");
    IntStream.rangeClosed(7, 9).forEach(value -> world.stream.append("003", put("a", value)));
    world.stream.visibility().hideNext("002", 1);
    world.look();
    world.run(A_WHILE);
    world.look();
    world.run(A_WHILE);

    assertThat(world.values())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 9).mapToObj(value -> json("a", value)).toList());
    assertThat(world.versions()).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aChildThatIsNotFoundOnceIsReadIfLossIsTolerated() throws Exception {
    world.onDataLoss = DataLossPolicy.CONTINUE;
    assertAChildThatIsNotFoundOnceIsRead();
  }

  @Test
  void aChildThatIsNotFoundOnceDoesNotFailTheTask() throws Exception {
    assertAChildThatIsNotFoundOnceIsRead();
  }

  private void assertAChildThatIsNotFoundOnceIsRead() throws InterruptedException {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    world.streams.failNext(GET_SHARD_ITERATOR, "002", 1, StreamFault.notFound());
    world.streams.onCall(
        call -> {
          if (call.operation() == GET_SHARD_ITERATOR && call.shardId().equals("002")) {
            world.stream.visibility().hideNext("002", 1);
            world.streams.onCall(later -> {});
          }
        });
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 2));
    world.run(Duration.ofMinutes(10));

    assertThat(world.status).doesNotContain("DATA_LOSS");
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2));
  }

  @Test
  void anOpenShardIsNotFinishedBecauseAnIteratorIsMissing() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    world.stream.paging().omitNextIterators(1);
    world.run(Duration.ofMinutes(1));
    assertThat(world.offset("001")).isNotInstanceOf(ShardOffset.Finished.class);
    world.stream.append("001", put("a", 2));
    world.run(Duration.ofMinutes(15));

    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2));
  }

  @Test
  void aShardThatIsListedTwiceHasOneReader() throws Exception {
    List<String> children = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      world.stream.addShard("1%02d".formatted(i), null);
    }
    world.start(1);
    world.run(A_WHILE);
    for (int i = 0; i < 20; i++) {
      children.add(world.stream.rollOver("1%02d".formatted(i), "2%02d".formatted(i)));
    }
    world.run(A_WHILE);
    world.kill();
    world.stream.visibility().pages(30, 20);
    world.start(2);
    List<String> expected = new ArrayList<>();
    for (int value = 1; value <= 15; value++) {
      for (int i = 0; i < 20; i++) {
        world.stream.append(children.get(i), put("k" + i, value));
        expected.add(json("k" + i, value));
      }
    }
    world.run(A_WHILE);

    assertThat(world.values()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void aLateSecondChildIsReadSoonAlsoAfterARestart() throws Exception {
    world.stream.addShard("001", null);
    world.start(1);
    world.run(A_WHILE);
    world.stream.split("001", "002", "003");
    world.stream.visibility().hideFor("003", Duration.ofMinutes(1));
    world.stream.append("002", put("a", 1));
    world.stream.append("003", put("b", 1));
    world.run(Duration.ofSeconds(25));
    assertThat(world.values()).containsExactly(json("a", 1));
    world.kill();
    world.startTasks();
    world.run(Duration.ofMinutes(3));

    assertThat(world.values()).containsExactly(json("a", 1), json("b", 1));
  }

  @Test
  void anIteratorThatIsCalledInvalidOnceIsReplaced() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    world.streams.failNext(GET_RECORDS, 1, StreamFault.invalidIterator());
    world.stream.append("001", put("a", 2));
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2));
  }

  @Test
  void closedShardsAreReadWithoutAPauseAfterEmptyPages() throws Exception {
    world.stream.paging().emptyPages(50);
    world.stream.addShard("001", null);
    for (int generation = 1; generation <= 6; generation++) {
      String shard = "00" + generation;
      world.stream.append(shard, put("a", generation));
      world.stream.rollOver(shard, "00" + (generation + 1));
    }
    world.start(1);
    world.run(Duration.ofSeconds(20));

    assertThat(world.values()).hasSize(6);
  }

  /**
   * All of a closed parent was read just now, after so long, and that is not acknowledged. Its
   * child has a change that is as old.
   */
  private void readParentAfter(Duration away) throws InterruptedException {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    world.kill();
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 2));
    world.clock.advance(away);
    world.startTasks();
    readForSomeSeconds();
    assertThat(world.offset("001")).isInstanceOf(ShardOffset.Read.class);
  }

  private void readForSomeSeconds() throws InterruptedException {
    for (int second = 0; second < 10; second++) {
      world.clock.advance(Duration.ofSeconds(1));
      world.readWhatIsDue();
    }
  }
}
