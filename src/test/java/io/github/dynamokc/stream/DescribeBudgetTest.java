package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.aws.StreamOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** DescribeStream is rationed, and what is urgent comes first all the same. */
class DescribeBudgetTest {
  private static final double TASKS_SHARE = 5;
  private static final int CROWD = 1500;

  private final StreamWorld world = new StreamWorld();
  private final List<Long> describes = new ArrayList<>();
  private final Map<String, Long> firstReads = new HashMap<>();

  /** A task that reads thousands of shards, which are older than what counts as new. */
  private List<String> begin(int shards) throws InterruptedException {
    for (int i = 0; i < shards; i++) {
      world.stream.addShard();
    }
    // What takes the time of the test is reading, which does not matter here.
    world.pollIdleMax = Duration.ofSeconds(5);
    world.start(1);
    world.run(Duration.ofMinutes(2));
    world.pause(Duration.ofMinutes(14));
    world.run(Duration.ofSeconds(10));
    world.streams.onCall(
        call -> {
          long now = world.clock.millis();
          if (call.operation() == StreamOperation.DESCRIBE_STREAM) {
            describes.add(now);
          } else if (call.operation() == StreamOperation.GET_RECORDS) {
            firstReads.putIfAbsent(call.shardId(), now);
          }
        });
    return world.stream.openShards();
  }

  private long mostDescribesWithin(Duration time) {
    long most = 0;
    for (int first = 0; first < describes.size(); first++) {
      long end = describes.get(first) + time.toMillis();
      most = Math.max(most, describes.stream().skip(first).filter(at -> at < end).count());
    }
    return most;
  }

  @Test
  void crowdOfEndedShardsDoesNotHoldALaterOne() throws InterruptedException {
    List<String> open = begin(CROWD + 100);
    for (String shard : open.subList(0, CROWD)) {
      world.stream.rollOver(shard);
      world.run(Duration.ofMillis(13));
    }
    world.run(Duration.ofSeconds(40));
    String child = world.stream.rollOver(open.get(CROWD));
    long ended = world.clock.millis();
    world.run(Duration.ofMinutes(1));

    assertThat(firstReads).containsKey(child);
    assertThat(firstReads.get(child) - ended).isLessThan(10_000);
    assertThat(firstReads).containsKeys(world.stream.openShards().toArray(String[]::new));
    assertThat(mostDescribesWithin(Duration.ofSeconds(20))).isLessThan((long) (21 * TASKS_SHARE));
  }

  @Test
  void whatIsNotUrgentHasAQuarterOfTheShare() throws InterruptedException {
    List<String> open = begin(400);
    for (String shard : open.subList(0, 50)) {
      world.stream.rollOver(shard);
    }
    world.run(Duration.ofMinutes(2));
    describes.clear();
    world.run(Duration.ofHours(2));

    assertThat(describes).isNotEmpty();
    assertThat(mostDescribesWithin(Duration.ofMinutes(1)))
        .isLessThan((long) (61 * TASKS_SHARE / 4));
    assertThat(world.status.stream().filter("SHARD_RETIRED"::equals)).hasSize(50);
  }
}
