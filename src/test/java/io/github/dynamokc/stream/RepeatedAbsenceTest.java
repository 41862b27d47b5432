package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.json;
import static io.github.dynamokc.stream.StreamWorld.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.DataLossPolicy;
import io.github.dynamokc.testing.aws.ScriptedStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * However often the connector is away for longer than the stream keeps its shards, the offsets stay
 * near the number of open shards, and what was not lost is delivered once.
 */
class RepeatedAbsenceTest {
  private final StreamWorld world = new StreamWorld();
  private final List<String> expected = new ArrayList<>();
  private ScriptedStream stream = world.stream;
  private final List<String> closed = new ArrayList<>();
  private List<String> open = new ArrayList<>();
  private int next;

  @BeforeEach
  void goOnAfterALoss() {
    world.onDataLoss = DataLossPolicy.CONTINUE;
    world.progressInterval = Duration.ofMinutes(30);
    world.pollIdleMax = Duration.ofMinutes(1);
  }

  @Test
  void offsetsOfShardsThatWereForgottenMeanwhileAreTakenAway() throws Exception {
    openShards(50);
    world.start(2);
    for (int absence = 1; absence <= 4; absence++) {
      writeToAll();
      present(Duration.ofMinutes(10));
      rollOverAll();
      writeToAll();
      present(Duration.ofMinutes(30));
      away();
      present(Duration.ofHours(3));
      writeToAll();
      present(Duration.ofMinutes(10));

      assertThat(world.shardOffsets()).as("absence %d", absence).isLessThanOrEqualTo(50);
      assertThat(world.committed.size("shards")).isLessThanOrEqualTo(2);
      assertDeliveredOnce();
    }
  }

  /** Killed at once after the shards rolled over: those have not had their offsets for long. */
  @Test
  void offsetsThatWereWrittenJustBeforeAnAbsenceAreTakenAwayAsWell() throws Exception {
    openShards(20);
    world.start(1);
    present(Duration.ofMinutes(10));
    for (int absence = 1; absence <= 4; absence++) {
      rollOverAll();
      writeToAll();
      world.run(Duration.ofMinutes(3));
      away();
      present(Duration.ofHours(3));

      assertThat(world.shardOffsets()).as("absence %d", absence).isLessThanOrEqualTo(20);
      assertDeliveredOnce();
    }
  }

  @Test
  void shardsThatAreSplitAgainAndAgainLeaveNoOffsets() throws Exception {
    openShards(2);
    world.start(2);
    for (int absence = 1; absence <= 3; absence++) {
      for (int split = 0; split < 2; split++) {
        String shard = open.remove(0);
        closed.add(shard);
        open.addAll(stream.split(shard));
        writeToAll();
        present(Duration.ofMinutes(20));
      }
      away();
      present(Duration.ofHours(3));

      assertThat(world.shardOffsets()).as("absence %d", absence).isLessThanOrEqualTo(open.size());
      assertDeliveredOnce();
    }
  }

  @Test
  void streamsThatAreReplacedAgainAndAgainLeaveNoOffsets() throws Exception {
    openShards(10);
    world.start(2);
    for (int replaced = 1; replaced <= 4; replaced++) {
      writeToAll();
      present(Duration.ofMinutes(10));
      replace();
      present(Duration.ofMinutes(30));
      // Another plan than the one that knows of the change.
      world.kill();
      world.startConnector(1 + replaced % 2);
      writeToAll();
      present(Duration.ofHours(4));

      assertThat(world.shardOffsets()).as("stream %d", replaced).isLessThanOrEqualTo(10);
      assertDeliveredOnce();
    }
  }

  /** The ended stream does not exist any more when its offsets are due. */
  @Test
  void streamsThatAreGoneLeaveNoOffsets() throws Exception {
    openShards(10);
    world.start(2);
    for (int replaced = 1; replaced <= 3; replaced++) {
      writeToAll();
      present(Duration.ofMinutes(10));
      ScriptedStream ended = stream;
      replace();
      present(Duration.ofMinutes(30));
      world.streams.remove(ended);
      writeToAll();
      present(Duration.ofHours(4));

      assertThat(world.shardOffsets()).as("stream %d", replaced).isLessThanOrEqualTo(10);
      assertDeliveredOnce();
    }
  }

  private void openShards(int shards) {
    open = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      open.add(stream.addShard());
    }
  }

  private void rollOverAll() {
    closed.addAll(open);
    open.replaceAll(stream::rollOver);
  }

  private void writeToAll() {
    for (String shard : open) {
      String key = "k" + next++;
      stream.append(shard, put(key, 1));
      expected.add(json(key, 1));
    }
  }

  private void replace() {
    stream = world.replaceStream(stream, Duration.ofMinutes(1));
    openShards(10);
  }

  /** A connector that runs, with its monitor. */
  private void present(Duration time) throws InterruptedException {
    long end = world.clock.millis() + time.toMillis();
    while (world.clock.millis() < end) {
      world.run(Duration.ofMinutes(1));
      world.monitor(2);
    }
  }

  /** For so long that neither the shards are left that were read nor their children. */
  private void away() throws InterruptedException {
    world.kill();
    for (int generation = 0; generation < 3; generation++) {
      rollOverAll();
      world.clock.advance(Duration.ofHours(14));
      closed.forEach(stream::remove);
      closed.clear();
    }
    world.startConnector(2);
  }

  private void assertDeliveredOnce() {
    assertThat(world.values()).containsExactlyInAnyOrderElementsOf(expected);
  }
}
