package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.json;
import static io.github.dynamokc.stream.StreamWorld.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.ShardOffset;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What incremental exports have told is no loss, and is not read again. */
class RepairedGapTest {
  private static final Duration AWAY = Duration.ofHours(30);
  private static final Duration A_WHILE = Duration.ofMinutes(2);
  private static final Duration OVERLAP = Duration.ofMinutes(5);

  private final StreamWorld world = new StreamWorld();

  @Test
  void aTrimmedPositionGoesOnBehindTheRepair() throws Exception {
    readOneOf("001");
    world.stream.append("001", put("lost", 1));
    world.clock.advance(AWAY);
    world.stream.trim("001");
    world.stream.append("001", put("repaired", 1));
    world.clock.advance(OVERLAP.plusSeconds(1));
    world.repairedUpTo(OVERLAP);
    world.stream.append("001", put("a", 2));
    long version = world.versions().get(0);
    world.startTasks();
    world.run(A_WHILE);

    assertThat(world.status).isEmpty();
    assertThat(world.metrics.count(Counter.DATA_LOSS_EVENTS)).isZero();
    assertThat(world.metrics.count(Counter.EVENTS_SKIPPED_BEFORE_START)).isEqualTo(1);
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2));
    assertThat(world.versions().get(1)).isGreaterThan(version);
  }

  @Test
  void aLineageThatTheRepairIsNotForGoesOnWhereItStood() throws Exception {
    readOneOf("001");
    world.stream.append("001", put("unread", 1));
    world.clock.advance(Duration.ofHours(1));
    world.repaired(OVERLAP, Duration.ofHours(2));
    world.startTasks();
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1), json("unread", 1));
  }

  /** The offset has the old time until a later change is read, or the rest would not be known. */
  @Test
  void aLineageThatIsRestartedOnItsWaySkipsTheRest() throws Exception {
    readOneOf("001");
    for (int i = 0; i < 20; i++) {
      world.stream.append("001", put("repaired", i));
      world.clock.advance(Duration.ofMinutes(3));
    }
    long readUpTo = Objects.requireNonNull(world.offset("001")).readUpTo();
    world.repaired(OVERLAP, Duration.ofMinutes(59));
    world.stream.paging().pageSize(3);
    world.startTasks();
    while (!world.status.contains("SHARD_PROGRESS")) {
      world.clock.advance(Duration.ofSeconds(30));
      world.step(0);
      world.acknowledgeAll();
      world.commitAll();
    }
    assertThat(Objects.requireNonNull(world.offset("001")).readUpTo()).isEqualTo(readUpTo);
    world.kill();
    world.startTasks();
    world.run(A_WHILE);

    assertThat(world.values()).doesNotContain(json("repaired", 0), json("repaired", 10));
    assertThat(world.status).doesNotContain("DATA_LOSS");
  }

  @Test
  void aLineageThatIsReadLatelySkipsWhatIsRepairedForIt() throws Exception {
    readOneOf("001");
    world.stream.append("001", put("repaired", 1));
    world.clock.advance(Duration.ofHours(1));
    world.repairedUpTo(OVERLAP);
    world.startTasks();
    world.run(A_WHILE);
    assertThat(world.values()).containsExactly(json("a", 1));
    assertThat(world.status).as("what is skipped is committed").containsExactly("SHARD_PROGRESS");

    world.stream.append("001", put("a", 2));
    world.run(A_WHILE);
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2));
    assertThat(world.versions().get(1)).isGreaterThan(world.versions().get(0));
  }

  @Test
  void aVanishedShardIsNoLossAndItsChildrenAreRead() throws Exception {
    readOneOf("001");
    world.stream.append("001", put("lost", 1));
    world.stream.rollOver("001", "002");
    world.clock.advance(AWAY);
    world.stream.append("002", put("repaired", 3));
    world.clock.advance(OVERLAP.plusSeconds(1));
    world.stream.remove("001");
    world.repairedUpTo(OVERLAP);
    world.stream.append("002", put("a", 4));
    world.startTasks();
    world.run(Duration.ofMinutes(90));

    assertThat(world.status).doesNotContain("DATA_LOSS").contains("SHARD_RETIRED");
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 4));
    assertThat(world.versions()).isSorted();
  }

  @Test
  void aVanishedShardWithoutChildrenIsLeft() throws Exception {
    readOneOf("001");
    world.stream.addShard("900", null);
    world.clock.advance(AWAY);
    world.stream.remove("001");
    world.repairedUpTo(OVERLAP);
    world.stream.append("900", put("b", 1));
    world.start(1);
    lookForMinutes();
    world.run(Duration.ofMinutes(90));

    assertThat(world.status).doesNotContain("DATA_LOSS");
    assertThat(world.values()).containsExactly(json("a", 1), json("b", 1));
  }

  @Test
  void anUnreadRootIsNoLoss() throws Exception {
    world.stream.addShard("009", "008");
    world.clock.advance(AWAY);
    world.stream.append("009", put("repaired", 1));
    world.clock.advance(OVERLAP.plusSeconds(1));
    world.repairedUpTo(OVERLAP);
    world.stream.append("009", put("a", 2));
    world.start(1);
    lookForMinutes();

    assertThat(world.status).doesNotContain("DATA_LOSS");
    assertThat(world.values()).containsExactly(json("a", 2));
  }

  @Test
  void aFinishedShardGoneWithItsChildrenIsRetired() throws Exception {
    world.stream.addShard("001", null);
    world.stream.addShard("900", null);
    world.stream.append("900", put("other", 1));
    world.stream.visibility().holdNewShards();
    world.stream.rollOver("001", "002");
    world.start(1);
    world.run(Duration.ofMinutes(5));
    assertThat(world.offset("001")).isInstanceOf(ShardOffset.Finished.class);
    world.kill();
    world.clock.advance(AWAY);
    world.stream.remove("001");
    world.stream.remove("002");
    world.repairedUpTo(OVERLAP);
    world.startTasks();
    world.run(Duration.ofMinutes(40));

    assertThat(world.status).doesNotContain("DATA_LOSS").endsWith("SHARD_RETIRED");
    assertThat(world.offset("001")).isNull();
  }

  @Test
  void whatWasTrimmedAfterTheRepairIsALoss() throws Exception {
    readOneOf("001");
    world.clock.advance(AWAY);
    world.repairedUpTo(Duration.ZERO);
    Instant repaired = world.clock.instant();
    world.stream.append("001", put("lost", 1));
    world.clock.advance(Duration.ofHours(25));
    world.stream.trim("001");
    world.startTasks();

    assertThat(world.failure(A_WHILE))
        .isInstanceOf(DataLossException.class)
        .hasMessageContaining("changes between " + repaired.toString().substring(0, 19));
  }

  private void readOneOf(String shard) throws InterruptedException {
    world.stream.addShard(shard, null);
    world.stream.append(shard, put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    world.kill();
  }

  private void lookForMinutes() throws InterruptedException {
    for (int minute = 0; minute < 4; minute++) {
      world.monitor(1);
      world.run(Duration.ofMinutes(1));
    }
  }
}
