package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.aws.StreamFault;
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
    listen();
    return world.stream.openShards();
  }

  /** Generations of closed shards with a change each, and so many open ones. */
  private void addHistory(int lineages, int closed) {
    List<String> last = new ArrayList<>();
    for (int i = 0; i < lineages; i++) {
      last.add(world.stream.addShard());
    }
    for (int generation = 0; generation < closed; generation++) {
      for (int i = 0; i < lineages; i++) {
        world.stream.append(last.get(i), StreamWorld.put("k" + i, generation));
        last.set(i, world.stream.rollOver(last.get(i)));
      }
      world.clock.advance(Duration.ofHours(1));
    }
  }

  private void listen() {
    world.streams.onCall(
        call -> {
          long now = world.clock.millis();
          if (call.operation() == StreamOperation.DESCRIBE_STREAM) {
            describes.add(now);
          } else if (call.operation() == StreamOperation.GET_RECORDS) {
            firstReads.putIfAbsent(call.shardId(), now);
          }
        });
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

  /** Of 2,100 shards the monitor has 21 pages; those of the open ones and their parents are 6. */
  @Test
  void whatEndedBeforeTheStartIsNeitherListedByTasksNorRead() throws InterruptedException {
    addHistory(300, 6);
    world.startsNow();
    world.clock.advance(Duration.ofMinutes(1));
    listen();
    world.start(4);
    long monitor = describes.size();
    world.run(Duration.ofSeconds(20));

    assertThat(monitor).isEqualTo(21);
    assertThat(world.stream.openShards()).hasSize(300).allMatch(firstReads::containsKey);
    assertThat(describes.size() - monitor).isLessThanOrEqualTo(4 * 3);
    assertThat(firstReads).as("with the last closed shards, as a proof").hasSize(600);
    assertThat(world.status).doesNotContain("SHARD_FINISHED", "SHARD_RETIRED");
    String shard = world.stream.openShards().get(7);
    world.stream.append(shard, StreamWorld.put("a", 1));
    world.stream.append(world.stream.rollOver(shard), StreamWorld.put("a", 2));
    world.run(Duration.ofSeconds(30));
    assertThat(world.values()).containsExactly(StreamWorld.json("a", 1), StreamWorld.json("a", 2));
    assertThat(world.look()).as("the plan stands").isTrue();
  }

  @Test
  void whatEndedAfterTheStartIsReadInOrder() throws InterruptedException {
    addHistory(100, 3);
    world.startsNow();
    world.clock.advance(Duration.ofMinutes(1));
    String shard = world.stream.openShards().get(7);
    for (int value = 0; value < 4; value++) {
      world.stream.append(shard, StreamWorld.put("a", value));
      shard = world.stream.rollOver(shard);
    }
    world.start(2);
    world.run(Duration.ofMinutes(1));

    assertThat(world.values())
        .containsExactly(
            StreamWorld.json("a", 0),
            StreamWorld.json("a", 1),
            StreamWorld.json("a", 2),
            StreamWorld.json("a", 3));
    assertThat(world.look()).as("the plan stands").isTrue();
  }

  /** Its last change was before the start, and nothing is committed of it. */
  @Test
  void anIdleShardThatEndsChangesNoPlan() throws InterruptedException {
    addHistory(100, 3);
    for (String shard : world.stream.openShards()) {
      world.stream.append(shard, StreamWorld.put("a", 1));
    }
    world.clock.advance(Duration.ofMinutes(1));
    world.startsNow();
    world.clock.advance(Duration.ofMinutes(1));
    world.start(2);
    world.run(Duration.ofMinutes(1));
    for (String shard : world.stream.openShards()) {
      world.stream.rollOver(shard);
    }

    assertThat(world.look()).as("the plan stands").isTrue();
    world.run(Duration.ofMinutes(1));
    assertThat(world.look()).as("and after it was read").isTrue();
    assertThat(world.values()).isEmpty();
  }

  /** As a task that comes back starts from a plan that is old. */
  @Test
  void whatWasReadSinceThePlanIsNotReadAgain() throws InterruptedException {
    addHistory(100, 6);
    world.startsNow();
    world.clock.advance(Duration.ofMinutes(1));
    world.start(2);
    world.run(Duration.ofMinutes(1));
    String shard = world.stream.openShards().get(7);
    for (int value = 0; value < 3; value++) {
      world.stream.append(shard, StreamWorld.put("a", value));
      shard = world.stream.rollOver(shard);
      world.run(Duration.ofHours(2));
    }
    world.kill();
    world.startTasks();
    world.stream.append(shard, StreamWorld.put("a", 3));
    world.run(Duration.ofMinutes(1));

    assertThat(world.status).as("of the first ones nothing is left").contains("SHARD_RETIRED");
    assertThat(world.values())
        .containsExactly(
            StreamWorld.json("a", 0),
            StreamWorld.json("a", 1),
            StreamWorld.json("a", 2),
            StreamWorld.json("a", 3));
  }

  /** What the plan leaves out is trimmed by then, and AWS may know nothing of it. */
  @Test
  void aBeginningThatIsGoneIsNotMissed() throws InterruptedException {
    addHistory(100, 6);
    world.startsNow();
    world.clock.advance(Duration.ofMinutes(1));
    world.start(2);
    world.kill();
    listen();
    world.streams.failNext(
        StreamOperation.DESCRIBE_STREAM,
        1,
        new StreamFault.Failure(400, "ValidationException", "Invalid ExclusiveStartShardId"));
    world.startTasks();
    world.run(Duration.ofMinutes(1));

    assertThat(world.stream.openShards()).allMatch(firstReads::containsKey);
  }

  /** A task that has just started knows of no shard that is older than what counts as new. */
  @Test
  void childrenAreFoundWithFewCallsSoonAfterTheStart() throws InterruptedException {
    addHistory(1000, 2);
    world.startsNow();
    world.clock.advance(Duration.ofMinutes(1));
    world.pollIdleMax = Duration.ofSeconds(5);
    world.start(1);
    world.run(Duration.ofMinutes(1));
    listen();
    for (String shard : world.stream.openShards()) {
      world.stream.rollOver(shard);
    }
    world.run(Duration.ofSeconds(30));

    assertThat(world.stream.openShards()).hasSize(1000).allMatch(firstReads::containsKey);
    assertThat(describes.size()).isLessThan(50);
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
