package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.testing.aws.ScriptedStream;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the offsets of a stream whose place another one has taken. */
class EndedStreamCleanupTest {
  private final StreamWorld world = new StreamWorld();
  private final ScriptedStream ended = world.streams.create(TABLE, "2023-11-06T05:51:50.000", "pk");

  @BeforeEach
  void bothStreamsHaveAShard() {
    ended.addShard("001", null);
    ended.addShard("002", null);
    ended.disable();
    commitFinished("001");
    commitFinished("002");
    world.stream.addShard("101", null);
    world.endedStream = ended.arn();
  }

  @Test
  void offsetsAreRetiredAnHourAfterTheTablesCommittedChange() throws Exception {
    commitTable(world.stream);
    world.start(1);
    world.run(Duration.ofMinutes(59));
    assertThat(offset("001")).isNotNull();
    world.run(Duration.ofMinutes(5));

    assertThat(offset("001")).isNull();
    assertThat(offset("002")).isNull();
    assertThat(world.status).containsExactly("SHARD_RETIRED", "SHARD_RETIRED");
    world.stream.append("101", StreamWorld.put("a", 1));
    world.run(Duration.ofMinutes(1));
    assertThat(world.topic).hasSize(1);
  }

  /** They are all that says that the ended stream was read. */
  @Test
  void offsetsStayWhileTheTableIsAtTheEndedStream() throws Exception {
    commitTable(world.stream);
    world.start(1);
    commitTable(ended);
    world.run(Duration.ofHours(5));
    assertThat(offset("001")).isNotNull();
    assertThat(world.status).isEmpty();
    commitTable(world.stream);
    world.run(Duration.ofMinutes(15));

    assertThat(offset("001")).isNull();
  }

  @Test
  void offsetsStayIfTheStreamIsGoneAndItsShardsAreUnknown() throws Exception {
    commitTable(world.stream);
    world.start(1);
    world.streams.remove(ended);
    world.run(Duration.ofHours(5));

    assertThat(offset("001")).isNotNull();
    assertThat(world.status).isEmpty();
  }

  private void commitFinished(String shard) {
    world.committed.commit(
        partition(shard),
        new ShardOffset.Finished("1", 1, world.clock.millis(), world.clock.millis(), shard));
  }

  private void commitTable(ScriptedStream stream) {
    Registration.Start start = new Registration.Start(true, world.clock.millis(), true);
    world.committed.commit(
        new SourcePartition.OfTable(TABLE),
        new TableOffset.Registered(
            new Registration(
                "table-id-1", "arn", stream.arn(), "pk", null, start, world.clock.millis())));
  }

  private ShardOffset offset(String shard) {
    return (ShardOffset) world.committed.get(partition(shard));
  }

  private SourcePartition.OfShard partition(String shard) {
    return new SourcePartition.OfShard(TABLE, ended.arn(), shard);
  }
}
