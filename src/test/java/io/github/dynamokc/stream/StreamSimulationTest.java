package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.put;

import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/**
 * Random lives of a stream: writes, splits, rollovers, lagging listings, faults, expired iterators,
 * slow acknowledgments, commits cut short, kills, restarts from an old plan or a new one. Whatever
 * happens, at the end every change is in the topic, and a consumer that reads the changes of a key
 * in order never sees one step back further than to a point from which all of it is repeated. Some
 * changes are deletions, which end with a tombstone each. Three hundred lives each time, and two
 * thousand others in the full run.
 */
class StreamSimulationTest {
  private static final int KEYS = 12;

  /** A deletion carries the item as it was, which tells the number of the change. */
  private static final String[] FORM = {
    "delete.mode", "document_and_tombstone", "stream.view.on.remove", "OLD_IMAGE"
  };

  @Property(tries = 300)
  void nothingIsLostAndOrderIsKeptInAKey(@ForAll long seed) throws Exception {
    live(seed);
  }

  @Property(tries = 2_000)
  @Tag("full")
  void nothingIsLostInAnyOfManyLives(@ForAll long seed) throws Exception {
    live(seed);
  }

  private static void live(long seed) throws InterruptedException {
    Random random = new Random(seed);
    StreamWorld world = new StreamWorld(seed);
    world.stallTimeout = Duration.ofDays(1);
    world.form = FORM;
    Script script = new Script(world, random);
    world.start(1 + random.nextInt(3));
    int steps = 150 + random.nextInt(150);
    for (int step = 0; step < steps; step++) {
      script.next();
    }
    world.streams.clearFaults();
    world.stream.visibility().releaseNewShards();
    for (int i = 0; i < 25; i++) {
      world.monitor(2);
      world.run(Duration.ofMinutes(1));
    }

    for (int key = 0; key < KEYS; key++) {
      Deliveries.assertAllOf(world, "k" + key, script.written.getOrDefault("k" + key, 0), seed);
    }
  }

  /** What happens, chosen by chance. A key lives in one shard, and after a split in one child. */
  private static final class Script {
    private final StreamWorld world;
    private final Random random;
    private final String[] shardOfKey = new String[KEYS];
    private final Map<String, Integer> written = new HashMap<>();

    private Script(StreamWorld world, Random random) {
      this.world = world;
      this.random = random;
      List<String> roots = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(3); i++) {
        roots.add(world.stream.addShard());
      }
      for (int key = 0; key < KEYS; key++) {
        shardOfKey[key] = roots.get(key % roots.size());
      }
      world.stream.paging().pageSize(1 + random.nextInt(5)).emptyPages(random.nextInt(3));
    }

    private void next() throws InterruptedException {
      switch (random.nextInt(18)) {
        case 0, 1, 2, 3 -> write();
        case 4 -> rollOver();
        case 5 -> split();
        case 6, 7 -> read();
        case 8 -> dieInTheMiddle();
        case 9 -> world.acknowledge(random.nextInt(3), random.nextInt(6));
        case 10 -> world.acknowledgeAll();
        case 11 -> world.commitAll();
        case 12 -> world.clock.advance(Duration.ofMillis(random.nextInt(240_000)));
        case 13 -> world.run(Duration.ofSeconds(random.nextInt(90)));
        case 14 -> disturb();
        case 15 -> world.monitor(1 + random.nextInt(3));
        case 16 -> forgetOldShards();
        default -> restart();
      }
    }

    private void read() throws InterruptedException {
      int task = random.nextInt(3);
      for (int i = random.nextInt(12); i >= 0; i--) {
        world.step(task);
      }
    }

    /** Some is read, some of it acknowledged, some of that committed, and then the worker dies. */
    private void dieInTheMiddle() throws InterruptedException {
      for (int i = random.nextInt(6); i >= 0; i--) {
        read();
        world.acknowledge(random.nextInt(3), random.nextInt(10));
        world.clock.advance(Duration.ofMillis(random.nextInt(500)));
      }
      world.commitSome(random.nextDouble());
      restart();
    }

    private void write() {
      for (int i = random.nextInt(8); i >= 0; i--) {
        int key = random.nextInt(KEYS);
        int value = written.merge("k" + key, 1, Integer::sum);
        long second = world.clock.instant().getEpochSecond() - random.nextInt(2);
        ScriptedChange put = put("k" + key, value);
        ScriptedChange change =
            random.nextInt(4) > 0 ? put : ScriptedChange.remove(put.keys(), put.newImage());
        world.stream.append(shardOfKey[key], change.at(second));
      }
    }

    private void rollOver() {
      String shard = shardOfKey[random.nextInt(KEYS)];
      String child = world.stream.rollOver(shard);
      move(shard, List.of(child));
    }

    private void split() {
      String shard = shardOfKey[random.nextInt(KEYS)];
      move(shard, world.stream.split(shard));
    }

    private void move(String from, List<String> to) {
      for (int key = 0; key < KEYS; key++) {
        if (shardOfKey[key].equals(from)) {
          shardOfKey[key] = to.get(key % to.size());
        }
      }
    }

    /** As the listing does after 24 hours; the connector's monitor sees it soon. */
    private void forgetOldShards() throws InterruptedException {
      List<ObservedShard> listing = world.observe().shards();
      for (ObservedShard shard : listing) {
        boolean oldest = listing.stream().noneMatch(s -> s.id().equals(shard.parent()));
        List<ObservedShard> children =
            listing.stream().filter(s -> shard.id().equals(s.parent())).toList();
        boolean followed =
            !children.isEmpty() && children.stream().allMatch(c -> c.offset() != null);
        if (oldest
            && followed
            && shard.offset() instanceof ShardOffset.Finished finished
            && world.clock.millis() - finished.at() > Duration.ofMinutes(15).toMillis()) {
          world.stream.remove(shard.id());
        }
      }
      world.monitor(1 + random.nextInt(3));
    }

    private void disturb() {
      StreamOperation[] operations = {
        StreamOperation.GET_RECORDS,
        StreamOperation.GET_SHARD_ITERATOR,
        StreamOperation.DESCRIBE_STREAM
      };
      switch (random.nextInt(5)) {
        case 0 -> world.streams.expireIterators();
        case 1 -> world.stream.visibility().holdNewShards();
        case 2 -> world.stream.visibility().releaseNewShards();
        case 3 -> world.stream.visibility().ignoreFilter(random.nextBoolean());
        default -> {
          StreamOperation operation = operations[random.nextInt(operations.length)];
          world.streams.failNext(
              operation,
              1 + random.nextInt(3),
              random.nextBoolean() ? StreamFault.throttled() : StreamFault.connectionReset());
        }
      }
    }

    private void restart() throws InterruptedException {
      world.kill();
      if (random.nextBoolean()) {
        world.startTasks();
      } else {
        world.start(1 + random.nextInt(3));
      }
    }
  }
}
