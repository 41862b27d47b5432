package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/**
 * Days and weeks of a stream as AWS runs it: shards are closed after some hours and forgotten a day
 * later. Offsets are retired meanwhile, the plan gets old, and still no task is reconfigured, and a
 * task that is started from the old plan finds its work.
 */
class StreamLongLifeTest {
  private static final Duration RETENTION = Duration.ofHours(24);

  /** An hour after the shard's end, with room for a look at the listing and one that came early. */
  private static final Duration RETIRED_WITHIN = Duration.ofMinutes(90);

  @Property(tries = 20)
  void anOldPlanStaysGoodAndOffsetsStayFew(@ForAll long seed) throws Exception {
    live(seed);
  }

  @Property(tries = 500)
  @Tag("full")
  void anOldPlanStaysGoodInAnyOfManyLives(@ForAll long seed) throws Exception {
    live(seed);
  }

  private static void live(long seed) throws InterruptedException {
    Random random = new Random(seed);
    Life life = new Life(seed, 1 + random.nextInt(3), 12, Duration.ofMinutes(5));
    life.world.start(1 + random.nextInt(3));
    for (int step = 0; step < 60; step++) {
      for (int i = random.nextInt(4); i > 0; i--) {
        life.write(random.nextInt(12));
      }
      life.endSomeShards(Duration.ofHours(5), 0.15);
      life.forgetOldShards();
      switch (random.nextInt(8)) {
        case 0 -> life.restartFromTheSamePlan();
        case 1 -> life.dieInTheMiddle();
        case 2 -> life.disturb();
        default -> {
          // Nothing happens.
        }
      }
      life.world.run(Duration.ofMinutes(10 + random.nextInt(80)));
      life.assertBounded(seed);
      assertThat(life.world.monitor(2)).as("seed %d: the plan stands", seed).isTrue();
    }
    life.world.streams.clearFaults();
    life.world.run(Duration.ofHours(2));

    life.assertDelivered(seed);
    life.assertBounded(seed);
  }

  @Example
  void aHundredLineagesRollOverForTwoDays() throws Exception {
    rollOver(100, 2);
  }

  @Example
  @Tag("full")
  void fiveHundredLineagesRollOverForAWeek() throws Exception {
    rollOver(500, 7);
  }

  private static void rollOver(int lineages, int days) throws InterruptedException {
    Life life = new Life(7, lineages, lineages, Duration.ofMinutes(30));
    life.world.start(2);
    for (int hour = 0; hour < days * 24; hour++) {
      for (int key = hour % 7; key < lineages; key += 7) {
        life.write(key);
      }
      life.endSomeShards(Duration.ofHours(4), 0.02);
      life.forgetOldShards();
      if (hour % 25 == 24) {
        life.restartFromTheSamePlan();
      }
      life.world.run(Duration.ofHours(1));
      life.assertBounded(7);
      assertThat(life.world.monitor(2)).as("hour %d: the plan stands", hour).isTrue();
    }
    life.world.run(Duration.ofHours(2));

    assertThat(life.world.shardOffsets()).isLessThan(2 * life.world.stream.openShards().size());
    life.assertDelivered(7);
  }

  /** A stream with its keys: each lives in one shard, and after a split in one child. */
  private static final class Life {
    private final StreamWorld world;
    private final Random random;
    private final String[] shardOfKey;
    private final Map<String, Integer> written = new HashMap<>();
    private final Map<String, Long> openedAt = new HashMap<>();
    private final Map<String, Long> closedAt = new HashMap<>();

    private Life(long seed, int roots, int keys, Duration pollIdleMax) {
      world = new StreamWorld(seed);
      world.pollIdleMax = pollIdleMax;
      world.progressInterval = Duration.ofMinutes(30);
      random = new Random(seed);
      shardOfKey = new String[keys];
      List<String> shards = new ArrayList<>();
      for (int i = 0; i < roots; i++) {
        shards.add(opened(world.stream.addShard()));
      }
      for (int key = 0; key < keys; key++) {
        shardOfKey[key] = shards.get(key % roots);
      }
    }

    private String opened(String shard) {
      openedAt.put(shard, world.clock.millis());
      return shard;
    }

    private void write(int key) {
      int value = written.merge("k" + key, 1, Integer::sum);
      world.stream.append(shardOfKey[key], put("k" + key, value));
    }

    /** Closes shards that are old, and some others, and gives each one child or two. */
    private void endSomeShards(Duration longest, double share) {
      for (String shard : world.stream.openShards()) {
        boolean old = world.clock.millis() - openedAt.get(shard) > longest.toMillis();
        if (old || random.nextDouble() < share) {
          boolean split = world.stream.openShards().size() < 8 && random.nextInt(4) == 0;
          List<String> children =
              split ? world.stream.split(shard) : List.of(world.stream.rollOver(shard));
          closedAt.put(shard, world.clock.millis());
          children.forEach(this::opened);
          for (int key = 0; key < shardOfKey.length; key++) {
            if (shardOfKey[key].equals(shard)) {
              shardOfKey[key] = children.get(key % children.size());
            }
          }
        }
      }
    }

    private void forgetOldShards() {
      long before = world.clock.millis() - RETENTION.toMillis();
      for (Map.Entry<String, Long> closed : Map.copyOf(closedAt).entrySet()) {
        if (closed.getValue() < before) {
          world.stream.remove(closed.getKey());
          closedAt.remove(closed.getKey());
        }
      }
    }

    private void restartFromTheSamePlan() throws InterruptedException {
      world.kill();
      world.startTasks();
    }

    /** Some is read, some of it acknowledged, some of that committed, and then the worker dies. */
    private void dieInTheMiddle() throws InterruptedException {
      for (int round = random.nextInt(8); round >= 0; round--) {
        for (int i = random.nextInt(12); i >= 0; i--) {
          world.step(random.nextInt(3));
        }
        world.acknowledge(random.nextInt(3), random.nextInt(10));
        world.clock.advance(Duration.ofMillis(random.nextInt(500)));
      }
      world.commitSome(random.nextDouble());
      restartFromTheSamePlan();
    }

    private void disturb() {
      StreamOperation[] operations = StreamOperation.values();
      world.streams.failNext(
          operations[random.nextInt(operations.length)],
          1 + random.nextInt(5),
          random.nextBoolean() ? StreamFault.throttled() : StreamFault.connectionReset());
      if (random.nextBoolean()) {
        world.streams.expireIterators();
      }
    }

    private void assertBounded(long seed) {
      long since = world.clock.millis() - RETIRED_WITHIN.toMillis();
      long ended = closedAt.values().stream().filter(at -> at > since).count();
      assertThat(world.shardOffsets())
          .as("seed %d: offsets of open shards and of those that ended a short while ago", seed)
          .isLessThanOrEqualTo((int) (world.stream.openShards().size() + ended));
    }

    private void assertDelivered(long seed) {
      for (int key = 0; key < shardOfKey.length; key++) {
        String name = "k" + key;
        Deliveries.assertAllOf(world, name, written.getOrDefault(name, 0), seed);
      }
    }
  }
}
