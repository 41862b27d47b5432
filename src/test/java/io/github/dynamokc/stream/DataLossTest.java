package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.json;
import static io.github.dynamokc.stream.StreamWorld.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.dynamokc.config.DataLossPolicy;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Changes that the stream no longer holds: named and failed on, or reported and left behind. */
class DataLossTest {
  private static final Duration AWAY = Duration.ofHours(25);
  private static final Duration A_WHILE = Duration.ofMinutes(2);

  private final StreamWorld world = new StreamWorld();

  @Test
  void aTrimmedPositionFailsTheTaskNamingShardAndPosition() throws Exception {
    trimBehindTheReader();
    world.startTasks();

    String position = ((ShardOffset.Read) world.offset("001")).sequence();
    assertThat(world.failure(A_WHILE))
        .hasMessageContaining("Shard 001 of table orders")
        .hasMessageContaining(position)
        .hasMessageContaining("another snapshot.id to take a new snapshot")
        .hasMessageContaining("stream.on.data.loss=continue");
    assertThat(world.status).isEmpty();
  }

  @Test
  void aTrimmedPositionIsReportedAndTheOldestChangeIsNext() throws Exception {
    world.onDataLoss = DataLossPolicy.CONTINUE;
    trimBehindTheReader();
    long version = world.versions().get(0);
    world.startTasks();
    world.stream.append("001", put("a", 4));
    world.run(A_WHILE);

    assertThat(world.status).containsExactly("DATA_LOSS");
    assertThat(world.metrics.count(Counter.DATA_LOSS_EVENTS)).isEqualTo(1);
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 4));
    assertThat(world.versions().get(1)).isGreaterThan(version);
  }

  @Test
  void aLossThatALaterSnapshotCoversIsOnlyReported() throws Exception {
    trimBehindTheReader();
    world.inSnapshotUpToMs = world.clock.millis() - Duration.ofHours(23).toMillis();
    world.startTasks();
    world.stream.append("001", put("a", 4));
    world.run(A_WHILE);

    assertThat(world.status).containsExactly("DATA_LOSS");
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 4));
  }

  @Test
  void aSnapshotThatIsOlderThanTheStreamDoesNotMakeUpForALoss() throws Exception {
    trimBehindTheReader();
    world.inSnapshotUpToMs = world.clock.millis() - Duration.ofHours(25).toMillis();
    world.startTasks();

    assertThat(world.failure(A_WHILE))
        .hasMessageContaining("another snapshot.id to take a new snapshot");
    assertThat(world.status).isEmpty();
  }

  @Test
  void aVanishedShardFailsTheTask() throws Exception {
    removeBehindTheReader();
    world.startTasks();

    assertThat(world.failure(Duration.ofMinutes(5)))
        .hasMessageContaining("Shard 001 of table orders")
        .hasMessageContaining("gone from the stream");
  }

  @Test
  void aVanishedShardIsReportedOnceAndItsChildrenAreRead() throws Exception {
    world.onDataLoss = DataLossPolicy.CONTINUE;
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    world.kill();
    world.stream.append("001", put("a", 2));
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 3));
    world.clock.advance(AWAY);
    world.stream.remove("001");
    world.startTasks();
    world.run(Duration.ofMinutes(90));

    assertThat(world.status).containsExactly("DATA_LOSS", "SHARD_STARTED", "SHARD_RETIRED");
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 3));
    assertThat(world.offset("001")).isNull();
    world.kill();
    world.startTasks();
    world.run(A_WHILE);
    assertThat(world.status).as("said once").hasSize(3);
  }

  @Test
  void childrenOfAVanishedShardWaitForItsAcknowledgments() throws Exception {
    Set<String> opened = new HashSet<>();
    world.streams.onCall(
        call -> {
          if (call.operation() == StreamOperation.GET_SHARD_ITERATOR) {
            opened.add(call.shardId());
          }
        });
    world.onDataLoss = DataLossPolicy.CONTINUE;
    world.stream.addShard("001", null);
    world.start(1);
    world.run(A_WHILE);
    world.stream.append("001", put("a", 1));
    world.clock.advance(Duration.ofSeconds(2));
    world.readWhatIsDue();
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 2));
    world.clock.advance(AWAY);
    world.stream.remove("001");
    for (int round = 0; round < 20; round++) {
      world.clock.advance(Duration.ofSeconds(10));
      world.readWhatIsDue();
    }
    assertThat(world.topic).isEmpty();
    assertThat(opened).contains("001").doesNotContain("002");
    world.run(Duration.ofMinutes(90));

    assertThat(world.status).containsExactly("DATA_LOSS", "SHARD_STARTED", "SHARD_RETIRED");
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2));
  }

  @Test
  void aListedShardIsNotGoneBecauseOneCallDidNotFindIt() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.streams.failNext(
        StreamOperation.GET_SHARD_ITERATOR,
        3,
        new StreamFault.Failure(400, "ResourceNotFoundException", "no such shard"));
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1));
    assertThat(world.status).isEmpty();
  }

  @Test
  void aStartedChildUnreadForMoreThanADayIsALostPosition() throws Exception {
    startAChildAndStayAway();
    world.start(1);

    assertThat(world.failure(A_WHILE))
        .hasMessageContaining("Shard 002 of table orders")
        .hasMessageContaining("24 hours");
  }

  @Test
  void aChildThatWasNotReadForMoreThanADayIsReportedAndRead() throws Exception {
    world.onDataLoss = DataLossPolicy.CONTINUE;
    startAChildAndStayAway();
    world.stream.append("002", put("a", 2));
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.status).containsOnlyOnce("DATA_LOSS");
    assertThat(world.values()).endsWith(json("a", 2));
  }

  @Test
  void aRootUnreadForMoreThanADayIsALostPosition() throws Exception {
    world.stream.addShard("009", "008");
    world.clock.advance(Duration.ofHours(30));
    world.start(1);

    assertThat(catchThrowable(this::lookForMinutes))
        .isInstanceOf(DataLossException.class)
        .hasMessageContaining("Shard 009 of table orders")
        .hasMessageContaining("24 hours");
  }

  @Test
  void anUnreadRootIsReportedAndReadIfLossIsTolerated() throws Exception {
    world.onDataLoss = DataLossPolicy.CONTINUE;
    world.stream.addShard("009", "008");
    world.clock.advance(Duration.ofHours(30));
    world.stream.append("009", put("a", 2));
    world.start(1);
    world.run(A_WHILE);
    assertThat(world.status).as("not sure yet that it is a root").isEmpty();
    lookForMinutes();

    assertThat(world.status).containsExactly("DATA_LOSS");
    assertThat(world.values()).containsExactly(json("a", 2));
  }

  @Test
  void aFinishedShardGoneWithItsChildrenFailsTheTask() throws Exception {
    finishAndLoseTheChildren();
    world.startTasks();

    assertThat(world.failure(Duration.ofMinutes(5)))
        .hasMessageContaining("Shard 001 of table orders")
        .hasMessageContaining("its children with it");
  }

  @Test
  void aFinishedShardGoneWithItsChildrenIsReported() throws Exception {
    world.onDataLoss = DataLossPolicy.CONTINUE;
    finishAndLoseTheChildren();
    world.startTasks();
    world.run(Duration.ofMinutes(20));

    assertThat(world.status).containsExactly("SHARD_FINISHED", "DATA_LOSS", "SHARD_RETIRED");
    assertThat(world.offset("001")).isNull();
  }

  private void lookForMinutes() throws InterruptedException {
    for (int minute = 0; minute < 4; minute++) {
      world.monitor(1);
      world.run(Duration.ofMinutes(1));
    }
  }

  private void trimBehindTheReader() throws InterruptedException {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    world.kill();
    world.stream.append("001", put("a", 2));
    world.stream.append("001", put("a", 3));
    world.clock.advance(AWAY);
    world.stream.trim("001");
  }

  private void removeBehindTheReader() throws InterruptedException {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    world.kill();
    world.clock.advance(AWAY);
    world.stream.remove("001");
  }

  private void startAChildAndStayAway() throws InterruptedException {
    world.stream.addShard("001", null);
    world.stream.rollOver("001", "002");
    world.start(1);
    world.run(A_WHILE);
    assertThat(world.offset("002")).isInstanceOf(ShardOffset.Started.class);
    world.kill();
    world.clock.advance(Duration.ofHours(30));
  }

  private void finishAndLoseTheChildren() throws InterruptedException {
    world.stream.addShard("001", null);
    world.stream.addShard("900", null);
    world.stream.append("900", put("other", 1));
    world.stream.visibility().holdNewShards();
    world.stream.rollOver("001", "002");
    world.start(1);
    world.run(Duration.ofMinutes(5));
    assertThat(world.offset("001")).isInstanceOf(ShardOffset.Finished.class);
    world.kill();
    world.clock.advance(Duration.ofHours(30));
    world.stream.remove("001");
    world.stream.remove("002");
  }
}
