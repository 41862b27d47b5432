package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.put;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.config.DataLossPolicy;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.Loss;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.testing.RecordForms;
import java.time.Duration;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The judge of simulated lives, judged: by lives whose faults are made by hand. */
class DeliveryOracleTest {
  private static final Duration POLL = Duration.ofMinutes(1);

  private final StreamWorld world = new StreamWorld();
  private DeliveryOracle oracle;
  private int written;

  @BeforeEach
  void aShardIsRead() throws Exception {
    world.streams.retain(DeliveryOracle.RETENTION);
    world.pollIdleMax = POLL;
    judgeBy(DataLossPolicy.CONTINUE);
    world.stream.addShard("001", null);
    world.stream.addShard("900", null);
    world.start(1);
    write("001");
    world.run(Duration.ofMinutes(10));
  }

  @Test
  void aLifeInWhichAllIsDeliveredIsGood() throws Exception {
    world.stream.rollOver("001", "002");
    write("002");
    world.run(Duration.ofMinutes(10));
    world.kill();
    write("002");
    world.startTasks();
    world.run(Duration.ofMinutes(10));

    oracle.assertDelivered();
  }

  @Test
  void aMissingChangeWithoutAnAlarmIsFound() {
    write("001");

    assertThatThrownBy(oracle::assertDelivered)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("k=2")
        .hasMessageContaining("is missing");
  }

  @Test
  void anAlarmCoversWhatTheStreamForgotUnread() {
    loseOne();
    alarm("001");

    oracle.assertDelivered();
  }

  @Test
  void anAlarmOfAnotherLineageCoversNothing() {
    loseOne();
    alarm("900");

    assertThatThrownBy(oracle::assertDelivered).hasMessageContaining("is missing");
  }

  @Test
  void anAlarmOfAShardBelowCoversItsAncestors() {
    world.kill();
    write("001");
    world.stream.rollOver("001", "002");
    world.clock.advance(Duration.ofHours(25));
    alarm("002");

    oracle.assertDelivered();
  }

  @Test
  void anAlarmDoesNotExcuseWhatTheStreamHolds() {
    loseOne();
    write("001");
    alarm("001");

    assertThatThrownBy(oracle::assertDelivered).hasMessageContaining("k=3");
  }

  @Test
  void anAlarmThatReachesNoTopicCoversNothing() {
    loseOne();
    oracle.taken(lossOf("001"));

    assertThatThrownBy(oracle::assertDelivered).hasMessageContaining("is missing");
  }

  @Test
  void anAlarmIsFalseIfTheShardWasReadADayAgoAtMost() throws Exception {
    world.run(Duration.ofHours(30));
    world.kill();
    world.clock.advance(DeliveryOracle.RETENTION.minusMinutes(65));
    assertThatThrownBy(() -> alarm("900")).hasMessageContaining("a false alarm");
    world.clock.advance(Duration.ofMinutes(40));

    alarm("900");
  }

  @Test
  void whatACrashTookWithItIsNotConfirmed() throws Exception {
    world.kill();
    world.startTasks();
    write("900");
    for (int minute = 0; minute < 120; minute++) {
      world.clock.advance(Duration.ofMinutes(1));
      world.readWhatIsDue();
    }
    world.kill();
    world.clock.advance(Duration.ofHours(22));
    world.startTasks();
    world.commitAll();

    alarm("900");
  }

  @Test
  void anyOtherFailureIsAFault() {
    loseOne();
    ConnectException lost =
        new DataLossException(
            "Shard 001 of table orders: gone. The stream is " + world.stream.arn(),
            world.clock.millis() - 1);
    assertThatThrownBy(() -> oracle.failed(lost)).as("the policy is to go on").isNotNull();
    judgeAgainWithFail();

    oracle.failed(lost);
    assertThatThrownBy(() -> oracle.failed(new ConnectException("Shard 001: no success")))
        .hasMessageContaining("none of lost changes");
  }

  @Test
  void aChangeThatComesTwiceIsFound() throws Exception {
    SourceRecord again = world.topic.get(0);

    assertThatThrownBy(() -> oracle.taken(again)).hasMessageContaining("twice");
    world.kill();
    world.startTasks();
    assertThatThrownBy(() -> oracle.taken(again)).hasMessageContaining("was committed");
  }

  /** A change is written while nobody reads, and forgotten. */
  private void loseOne() {
    world.kill();
    write("001");
    world.clock.advance(DeliveryOracle.RETENTION.plusMinutes(1));
  }

  private void judgeBy(DataLossPolicy policy) {
    oracle = new DeliveryOracle("a life", world.clock, policy, Duration.ZERO, POLL);
    oracle.follows(world.stream);
    world.oracle = oracle;
  }

  /** The same life, as far as the table goes. */
  private void judgeAgainWithFail() {
    judgeBy(DataLossPolicy.FAIL);
    world.clock.advance(Duration.ofHours(25));
  }

  private void write(String shard) {
    written++;
    oracle.written(
        world.stream, shard, world.stream.append(shard, put("k", written)), "k", written);
  }

  private void alarm(String shard) {
    SourceRecord record = lossOf(shard);
    oracle.taken(record);
    oracle.acknowledged(record);
  }

  private SourceRecord lossOf(String shard) {
    return new StatusRecords("status", RecordForms.status(), world.clock, failure -> {})
        .dataLoss(
            new SourcePartition.OfShard(StreamWorld.TABLE, world.stream.arn(), shard),
            new ShardOffset.Started(1, world.clock.millis(), shard),
            new Loss("gone", 0, world.clock.millis(), null),
            DeliveryCallback.NO_OP);
  }
}
