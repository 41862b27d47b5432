package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.json;
import static io.github.dynamokc.stream.StreamWorld.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.monitor.LostLineages;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.plan.ObservedTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * A connector is away while the table lives on: what is found to be lost before the tasks start is
 * what they would declare lost, reaches back to each change that is gone, and is no loss to them
 * when it is repaired.
 */
class RepairSimulationTest {
  private static final Duration OVERLAP = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final String SEED = "20261201";

  @Property(tries = 25, seed = SEED, shrinking = ShrinkingMode.OFF)
  void whatIsFoundLostIsWhatTheTasksDeclareLost(@ForAll long seed) throws Exception {
    Life life = new Life(seed);
    life.liveAndStayAway();
    List<Long> lost = life.lost();
    life.assertReachesBack(lost);
    assertThat(life.tasksDeclareALoss()).as("seed %s: %s", seed, lost).isEqualTo(!lost.isEmpty());
  }

  @Property(tries = 25, seed = SEED, shrinking = ShrinkingMode.OFF)
  void nothingIsLostAfterARepair(@ForAll long seed) throws Exception {
    Life life = new Life(seed);
    life.liveAndStayAway();
    life.lost();
    life.assertGoesOnAfterARepair();
  }

  private record Written(String value, long createdMs) {}

  private static final class Life {
    private final Random random;
    private final StreamWorld world;
    private final List<Written> written = new ArrayList<>();
    private int values;

    private Life(long seed) {
      random = new Random(seed);
      world = new StreamWorld(seed);
      world.progressInterval = Duration.ofMinutes(10);
      world.streams.retain(Retention.TIME);
    }

    private void liveAndStayAway() throws InterruptedException {
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        world.stream.addShard("root-" + i, null);
      }
      world.start(1);
      for (int i = random.nextInt(8); i >= 0; i--) {
        happen();
        world.monitor(1);
        world.run(Duration.ofMinutes(random.nextInt(90)));
      }
      happen();
      world.run(Duration.ofMinutes(6));
      happen();
      world.readWhatIsDue();
      world.acknowledge(0, random.nextInt(10));
      world.commitSome(random.nextDouble());
      world.kill();
      int hours = random.nextBoolean() ? 1 + random.nextInt(20) : 25 + random.nextInt(15);
      for (int hour = 0; hour < hours; hour++) {
        world.clock.advance(Duration.ofHours(1));
        if (random.nextInt(3) == 0) {
          happen();
        }
      }
    }

    private void happen() {
      for (int i = random.nextInt(4); i >= 0; i--) {
        List<String> open = world.stream.openShards();
        String shard = open.get(random.nextInt(open.size()));
        switch (random.nextInt(8)) {
          case 0 -> world.stream.rollOver(shard);
          case 1 -> {
            if (open.size() < 5) {
              world.stream.split(shard);
            }
          }
          default -> write(shard);
        }
      }
    }

    private void write(String shard) {
      int value = values++;
      long second = world.clock.instant().getEpochSecond();
      world.stream.append(shard, put("key", value).at(second));
      written.add(new Written(json("key", value), second * 1000));
    }

    /** What is found by a connector that starts, when it is clear what the listing shows. */
    private List<Long> lost() throws InterruptedException {
      world.startConnector(1);
      world.kill();
      ObservedTable.Streaming seen = world.observe();
      while (!seen.lineage().heldBack().isEmpty()) {
        world.clock.advance(LOOK);
        seen = world.observe();
      }
      List<ShardOffset> leftBehind =
          seen.leftBehind().stream().map(world::offset).filter(Objects::nonNull).toList();
      StreamStart start = new StreamStart(-1, world.neededFromMs, -1);
      return LostLineages.readUpToMs(
          seen.lineage(),
          leftBehind,
          start,
          new LostLineages.Delivered(world.neededFromMs, true, OVERLAP),
          world.clock.millis());
    }

    private void assertReachesBack(List<Long> lost) {
      Set<String> delivered = new HashSet<>(world.values());
      long keptSince = world.clock.millis() - Retention.TIME.toMillis();
      long from = lost.stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
      assertThat(written)
          .filteredOn(change -> change.createdMs < keptSince && !delivered.contains(change.value))
          .allMatch(change -> change.createdMs >= from - OVERLAP.toMillis());
    }

    private boolean tasksDeclareALoss() throws InterruptedException {
      try {
        runTasks();
        return false;
      } catch (DataLossException e) {
        return true;
      }
    }

    private void runTasks() throws InterruptedException {
      if (world.monitor(1)) {
        world.startTasks();
      }
      for (int minute = 0; minute < 40; minute++) {
        world.run(Duration.ofMinutes(1));
        world.monitor(1);
      }
    }

    private void assertGoesOnAfterARepair() throws InterruptedException {
      world.clock.advance(OVERLAP);
      world.repairedUpTo(OVERLAP);
      long repaired = world.clock.millis() - OVERLAP.toMillis();
      List<String> before = world.values();
      world.clock.advance(Duration.ofSeconds(2));
      happen();
      runTasks();
      happen();
      runTasks();
      List<String> later = world.values().subList(before.size(), world.values().size());
      List<String> wanted =
          written.stream()
              .filter(change -> change.createdMs > repaired)
              .map(Written::value)
              .toList();
      assertThat(later).containsExactlyInAnyOrderElementsOf(wanted);
      assertThat(world.status).doesNotContain("DATA_LOSS");
    }
  }
}
