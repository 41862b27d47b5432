package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.json;
import static io.github.dynamokc.stream.StreamWorld.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When the offset of a finished shard goes (invariant C), and what is left to go on from. */
class EndedShardTest {
  private final StreamWorld world = new StreamWorld();

  @Test
  void aFinishedShardLosesItsOffsetAnHourAfterItsEndAndNotBefore() throws Exception {
    rollOverOnce();
    world.run(Duration.ofMinutes(57));
    assertThat(world.offset("001")).isInstanceOf(ShardOffset.Finished.class);
    world.run(Duration.ofMinutes(5));

    assertThat(world.offset("001")).isNull();
    assertThat(world.offset("002")).isInstanceOf(ShardOffset.Started.class);
    assertThat(world.status).containsExactly("SHARD_FINISHED", "SHARD_STARTED", "SHARD_RETIRED");
  }

  @Test
  void aShardWhoseChildHasNoCommittedOffsetKeepsItsOffset() throws Exception {
    rollOverOnce();
    world.committed.forget(partition("002"));
    world.run(Duration.ofHours(3));
    assertThat(world.offset("001")).isInstanceOf(ShardOffset.Finished.class);
    world.stream.append("002", put("a", 2));
    world.run(Duration.ofMinutes(30));

    assertThat(world.offset("001")).isNull();
  }

  @Test
  void aShardIsRetiredAlsoWhenItsChildIsRetiredAlready() throws Exception {
    rollOverOnce();
    world.stream.rollOver("002", "003");
    world.run(Duration.ofMinutes(2));
    world.committed.forget(partition("002"));
    world.run(Duration.ofHours(2));

    assertThat(world.offset("001")).isNull();
    assertThat(world.offset("003")).isInstanceOf(ShardOffset.Started.class);
  }

  @Test
  void aShardIsRetiredThoughTheListingDoesNotShowItAnyMore() throws Exception {
    rollOverOnce();
    world.stream.remove("001");
    world.run(Duration.ofHours(2));

    assertThat(world.offset("001")).isNull();
  }

  /** Perhaps it is only said not to exist: the offset is all that tells where to go on. */
  @Test
  void aShardOfAStreamThatIsSaidToBeGoneKeepsItsOffset() throws Exception {
    rollOverOnce();
    world.committed.forget(partition("002"));
    world.streams.failAlways(
        StreamOperation.DESCRIBE_STREAM,
        new StreamFault.Failure(400, "ResourceNotFoundException", "no such stream"));
    world.run(Duration.ofHours(2));

    assertThat(world.offset("001")).isInstanceOf(ShardOffset.Finished.class);
  }

  @Test
  void aTaskWithAnOldPlanRetiresShardsOfAnEarlierRun() throws Exception {
    rollOverOnce();
    world.kill();
    world.clock.advance(Duration.ofHours(2));
    world.startTasks();
    world.run(Duration.ofMinutes(1));

    assertThat(world.offset("001")).isNull();
  }

  @Test
  void aNewPlanNamesTheShardsThatAnEarlierRunLeftToRetire() throws Exception {
    rollOverOnce();
    world.kill();
    world.clock.advance(Duration.ofHours(2));
    world.start(1);
    world.run(Duration.ofMinutes(1));

    assertThat(world.offset("001")).isNull();
  }

  @Test
  void aTaskFindsItsWorkWhenItsAssignedShardIsRetired() throws Exception {
    rollOverOnce();
    world.run(Duration.ofHours(2));
    world.stream.append("002", put("a", 2));
    world.run(Duration.ofMinutes(1));
    world.stream.rollOver("002", "003");
    world.run(Duration.ofHours(2));
    world.kill();
    world.stream.remove("001");
    world.stream.remove("002");
    world.stream.append("003", put("a", 3));
    world.startTasks();
    world.run(Duration.ofMinutes(1));

    assertThat(world.shardOffsets()).isEqualTo(1);
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2), json("a", 3));
  }

  /**
   * Shards that lived for minutes only: the given one has an offset, and those in between are gone.
   */
  @Test
  void aTaskFindsItsWorkWhenTheShardsInBetweenAreForgotten() throws Exception {
    rollOverOnce();
    world.stream.rollOver("002", "003");
    world.run(Duration.ofMinutes(1));
    world.kill();
    world.clock.advance(Duration.ofHours(23));
    world.stream.remove("001");
    world.stream.remove("002");
    world.stream.append("003", put("a", 3));
    world.startTasks();
    world.run(Duration.ofHours(2));

    assertThat(world.values()).containsExactly(json("a", 1), json("a", 3));
    assertThat(world.offset("001")).isNull();
  }

  /** An idle shard keeps the offset of the plan that was in force when it began. */
  @Test
  void aTaskFindsAnIdleShardOfTheLineageOfAnEarlierPlan() throws Exception {
    rollOverOnce();
    ShardOffset.Started idle = (ShardOffset.Started) world.offset("002");
    world.kill();
    world.committed.commit(partition("002"), idle.ofLineage("000"));
    world.committed.forget(partition("001"));
    world.committed.commit(
        partition("001"), new ShardOffset.Read("100000000000000000002", idle.version(), 1, "000"));
    world.startTasks();
    world.run(Duration.ofMinutes(1));
    world.kill();

    assertThat(world.offset("002")).isEqualTo(idle);
    world.stream.remove("001");
    world.committed.forget(partition("001"));
    world.stream.append("002", put("a", 2));
    world.startTasks();
    world.run(Duration.ofMinutes(1));
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2));
  }

  private void rollOverOnce() throws InterruptedException {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(Duration.ofMinutes(1));
    world.stream.rollOver("001", "002");
    world.run(Duration.ofMinutes(1));
  }

  private SourcePartition.OfShard partition(String shard) {
    return new SourcePartition.OfShard(StreamWorld.TABLE, world.stream.arn(), shard);
  }
}
