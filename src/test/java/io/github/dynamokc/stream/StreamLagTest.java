package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.DataLossPolicy;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.Metric;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the gauges of a stream say, told step by step on a manual clock. */
class StreamLagTest {
  private static final long DAY_MS = Duration.ofHours(24).toMillis();
  private static final long SECOND = StreamWorld.START.getEpochSecond();

  private final StreamWorld world = new StreamWorld();

  @Test
  void theLagWithoutAShardIsUnknown() throws Exception {
    world.start(1);
    world.run(Duration.ofMinutes(1));

    assertThat(gauge(Gauge.ACTIVE_SHARDS_IN_PROCESSING)).isZero();
    assertThat(gauge(Gauge.MILLIS_BEHIND_LATEST)).isEqualTo(-1);
    assertThat(gauge(Gauge.MILLIS_UNTIL_DATA_LOSS)).isEqualTo(-1);
  }

  @Test
  void anIdleShardIsBehindByItsLongestPauseAtMost() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(Duration.ofMinutes(1));
    for (int i = 0; i < 600; i++) {
      world.run(Duration.ofSeconds(61));
      assertThat(gauge(Gauge.MILLIS_BEHIND_LATEST)).isBetween(0L, 7500L);
      assertThat(gauge(Gauge.MILLIS_UNTIL_DATA_LOSS)).isBetween(DAY_MS - 7500, DAY_MS);
    }
    assertThat(gauge(Gauge.ACTIVE_SHARDS_IN_PROCESSING)).isEqualTo(1);
    assertThat(gauge(Counter.SHARD_PROGRESS)).isGreaterThan(600 * 61_000 / 1500);
  }

  @Test
  void anUnreadableShardFallsBehindTowardsTheLossOfChanges() throws Exception {
    world.stallTimeout = Duration.ofDays(2);
    world.onDataLoss = DataLossPolicy.CONTINUE;
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.stream.addShard("002", null);
    world.start(1);
    world.run(Duration.ofMinutes(1));
    failToRead("001");
    world.run(Duration.ofMinutes(1));
    long progress = gauge(Counter.SHARD_PROGRESS);
    assertThat(gauge(Gauge.MILLIS_BEHIND_LATEST)).isBetween(60_000L, 67_500L);
    world.clock.advance(Duration.ofHours(20));
    world.run(Duration.ofMinutes(1));

    long behind = gauge(Gauge.MILLIS_BEHIND_LATEST);
    assertThat(behind).isBetween(hours(20) + 120_000, hours(20) + 127_500);
    assertThat(gauge(Gauge.MILLIS_UNTIL_DATA_LOSS)).isEqualTo(DAY_MS - behind);
    world.clock.advance(Duration.ofHours(5));
    world.run(Duration.ofMinutes(1));
    assertThat(gauge(Gauge.MILLIS_UNTIL_DATA_LOSS)).isZero();
    assertThat(gauge(Counter.SHARD_PROGRESS)).as("the other is read").isGreaterThan(progress);

    world.streams.clearFaults();
    world.run(Duration.ofMinutes(10));
    assertThat(gauge(Gauge.MILLIS_BEHIND_LATEST)).isBetween(0L, 7500L);
    assertThat(gauge(Gauge.MILLIS_UNTIL_DATA_LOSS)).isBetween(DAY_MS - 7500, DAY_MS);
  }

  @Test
  void aShardResumedLateIsAsFarBehindAsItsLastChange() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(Duration.ofMinutes(1));
    world.kill();
    world.clock.advance(Duration.ofHours(10));
    world.stallTimeout = Duration.ofDays(2);
    failToRead("001");
    world.startTasks();
    world.run(Duration.ofMinutes(1));

    assertThat(gauge(Gauge.MILLIS_BEHIND_LATEST)).isBetween(hours(10), hours(10) + 180_000);
  }

  @Test
  void aCaughtUpShardIsBehindByTheAgeOfItsLastChange() throws Exception {
    appendThreeOfWhichTheLastIsInAChild();
    world.stream.paging().emptyPages(2);
    world.start(1);
    for (int step = 0; step < 200 && world.topic.size() < 2; step++) {
      step();
      assertNotBehindByLessThan(hours(3) - 20_000);
    }
    assertThat(world.topic).hasSize(2);
  }

  @Test
  void aChildIsAsFarBehindAsItsParentUntilItIsRead() throws Exception {
    appendThreeOfWhichTheLastIsInAChild();
    world.start(1);
    boolean seenWithBothDone = false;
    for (int step = 0; step < 200 && world.topic.size() < 3; step++) {
      seenWithBothDone |= world.topic.size() == 2;
      assertNotBehindByLessThan(hours(3) - 20_000);
      step();
    }
    assertThat(seenWithBothDone).isTrue();
    world.run(Duration.ofMinutes(1));

    assertThat(world.topic).hasSize(3);
    assertThat(gauge(Gauge.MILLIS_BEHIND_LATEST)).isBetween(0L, 7500L);
    assertThat(gauge(Gauge.ACTIVE_SHARDS_IN_PROCESSING)).isEqualTo(1);
  }

  /** Three hours ago, 10, 20 and 40 seconds after the start. */
  private void appendThreeOfWhichTheLastIsInAChild() {
    world.stream.paging().pageSize(1);
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1).at(SECOND + 10));
    world.stream.append("001", put("a", 2).at(SECOND + 20));
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 3).at(SECOND + 40));
    world.clock.advance(Duration.ofHours(3));
  }

  /** Nor is it before the first shard is taken up. */
  private void assertNotBehindByLessThan(long ms) {
    if (gauge(Gauge.ACTIVE_SHARDS_IN_PROCESSING) > 0) {
      assertThat(gauge(Gauge.MILLIS_BEHIND_LATEST)).isGreaterThanOrEqualTo(ms);
    }
  }

  private void step() throws InterruptedException {
    world.step(0);
    world.acknowledgeAll();
    world.clock.advance(Duration.ofMillis(10));
  }

  @Test
  void aShardCountsUntilItsChildrenDo() throws Exception {
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.stream.split("001", "002", "003");
    world.start(1);
    for (int i = 0; i < 20; i++) {
      world.readWhatIsDue();
      world.clock.advance(Duration.ofSeconds(10));
    }
    assertThat(gauge(Gauge.ACTIVE_SHARDS_IN_PROCESSING)).as("not acknowledged").isEqualTo(1);
    assertThat(gauge(Gauge.MILLIS_BEHIND_LATEST)).isGreaterThan(190_000);
    world.run(Duration.ofMinutes(2));

    assertThat(gauge(Gauge.ACTIVE_SHARDS_IN_PROCESSING)).isEqualTo(2);
    assertThat(gauge(Gauge.MILLIS_BEHIND_LATEST)).isBetween(0L, 7500L);
  }

  @Test
  void aShardThatIsGoneDoesNotCountAnyMore() throws Exception {
    world.onDataLoss = DataLossPolicy.CONTINUE;
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.stream.addShard("009", null);
    world.stream.append("009", put("b", 1));
    world.start(1);
    world.run(Duration.ofMinutes(1));
    world.kill();
    world.clock.advance(Duration.ofHours(25));
    world.stream.remove("001");
    world.startTasks();
    world.run(Duration.ofMinutes(5));

    assertThat(gauge(Gauge.ACTIVE_SHARDS_IN_PROCESSING)).isEqualTo(1);
    assertThat(gauge(Counter.DATA_LOSS_EVENTS)).isEqualTo(1);
    assertThat(gauge(Gauge.MILLIS_BEHIND_LATEST)).isBetween(0L, 7500L);
  }

  @Test
  void aShardThatEndedAndIsGoneWithItsChildrenDoesNotCountAnyMore() throws Exception {
    world.onDataLoss = DataLossPolicy.CONTINUE;
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.stream.addShard("009", null);
    world.start(1);
    world.run(Duration.ofMinutes(1));
    world.stream.close("001");
    world.run(Duration.ofMinutes(2));
    assertThat(gauge(Gauge.ACTIVE_SHARDS_IN_PROCESSING)).isEqualTo(2);
    assertThat(gauge(Gauge.MILLIS_BEHIND_LATEST)).isBetween(120_000L, 127_500L);
    world.kill();
    world.clock.advance(Duration.ofHours(25));
    world.stream.remove("001");
    world.startTasks();
    world.run(Duration.ofMinutes(5));

    assertThat(gauge(Gauge.ACTIVE_SHARDS_IN_PROCESSING)).isEqualTo(1);
    assertThat(gauge(Gauge.MILLIS_BEHIND_LATEST)).isBetween(0L, 7500L);
  }

  private void failToRead(String shard) {
    world.streams.failNext(
        StreamOperation.GET_RECORDS, shard, 100_000, StreamFault.internalServerError());
  }

  private long gauge(Metric metric) {
    return world.metrics.value(metric);
  }

  private static long hours(int hours) {
    return Duration.ofHours(hours).toMillis();
  }
}
