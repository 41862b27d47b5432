package io.github.dynamokc.task;

import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.ScriptedStream;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.errors.ConnectException;

/** What happens to a table and its connector, chosen by chance. */
final class RepairLife {
  private static final int KEYS = 12;
  private static final int MOST_SHARDS = 8;
  private static final DateTimeFormatter LABEL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  final RepairOracle oracle;
  private final RepairWorld world;
  private final Random random;
  private final String[] shardOfKey = new String[KEYS];

  /** The numbers of items that are created once and deleted once, and are not deleted yet. */
  private final List<Integer> shortLived = new ArrayList<>();

  private int items;
  private final String name;
  private final double writesPerMinute;
  private ScriptedStream stream;
  private int replacements;
  private int slowFiles;

  RepairLife(long seed) {
    // The first numbers of seeds near each other are near each other.
    random = new Random(seed * 0x9E3779B97F4A7C15L);
    Map<String, String> props = new HashMap<>();
    boolean snapshot = random.nextBoolean();
    props.put("snapshot.mode", snapshot ? "initial" : "no_data");
    props.put("delete.mode", random.nextBoolean() ? "document" : "tombstone");
    int[] overlaps = {60_000, 300_000, 300_000, 1_200_000};
    int overlap = overlaps[random.nextInt(overlaps.length)];
    props.put("stream.handover.overlap.ms", String.valueOf(overlap));
    int[] idle = {30_000, 120_000, 300_000};
    props.put("stream.poll.idle.max.ms", String.valueOf(idle[random.nextInt(idle.length)]));
    int tasks = 1 + random.nextInt(3);
    props.put("tasks.max", String.valueOf(tasks));
    Duration ahead = Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(4000) - 2000);
    boolean exactlyOnce = random.nextInt(3) == 0;
    writesPerMinute = random.nextInt(3) == 0 ? 0.7 : 0.04;
    world = new RepairWorld(random.nextLong(), props, tasks, ahead, exactlyOnce);
    world.streams.retain(Duration.ofHours(24));
    world.meanwhile = this::meanwhile;
    world.beforeFile = this::beforeFile;
    world.dynamoDb.lag = Duration.ofMinutes(random.nextBoolean() ? 0 : 5);
    name =
        "seed %d (%s, overlap %d s, %d tasks, worker %s ahead%s)"
            .formatted(
                seed,
                props.get("snapshot.mode"),
                overlap / 1000,
                tasks,
                ahead,
                exactlyOnce ? ", exactly once" : "");
    oracle = new RepairOracle(name, world);
    stream = world.streams.create(RepairWorld.TABLE, LABEL.format(world.clock.instant()), "pk");
    follow(stream);
    if (snapshot) {
      for (int i = random.nextInt(10); i >= 0; i--) {
        write();
      }
    }
    world.clock.advance(Duration.ofMinutes(3));
  }

  private void follow(ScriptedStream next) {
    stream = next;
    world.dynamoDb.streamArn(next.arn());
    List<String> roots = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      roots.add(next.addShard());
    }
    for (int key = 0; key < KEYS; key++) {
      shardOfKey[key] = roots.get(key % roots.size());
    }
    next.paging().pageSize(1 + random.nextInt(5));
  }

  /** Something that happens, in which the worker may die. */
  private interface Event {
    void happen() throws InterruptedException;
  }

  void live() throws InterruptedException {
    try {
      surviving(() -> world.startConnector(false));
      surviving(() -> world.run(Duration.ofMinutes(60 + random.nextInt(120))));
      int events = 6 + random.nextInt(12);
      for (int i = 0; i < events; i++) {
        surviving(this::next);
      }
      settle();
    } catch (ConnectException e) {
      throw new AssertionError(
          "%s failed at %s, planned %s: %s"
              .formatted(name, world.clock.instant(), world.planned(), oracle.told()),
          e);
    }
    oracle.check();
  }

  /** All is well again, for long enough. */
  private void settle() throws InterruptedException {
    world.crashAfter(0);
    world.unblock();
    slowFiles = Integer.MAX_VALUE;
    world.dynamoDb.failing = 0;
    for (int i = 0; i < 12 || !world.planned().equals("[ReadShards]"); i++) {
      world.run(Duration.ofMinutes(30));
      if (i > 200) {
        throw new AssertionError(name + " does not come to rest, planned " + world.planned());
      }
    }
    world.meanwhile = time -> {};
    world.run(Duration.ofMinutes(40));
  }

  private void surviving(Event event) throws InterruptedException {
    try {
      event.happen();
      return;
    } catch (RepairWorld.CrashError e) {
      world.die();
    }
    boolean up = false;
    while (!up) {
      try {
        if (random.nextInt(3) == 0) {
          elapse(Duration.ofMinutes(random.nextInt(20)));
        } else if (random.nextInt(6) == 0) {
          elapse(Duration.ofMinutes(random.nextInt(30 * 60)));
        }
        restart();
        up = true;
      } catch (RepairWorld.CrashError e) {
        world.die();
      }
    }
  }

  private void restart() throws InterruptedException {
    boolean stale = random.nextInt(4) == 0;
    // That tasks from before a rebalance deliver changes again is not for a repair to prevent.
    if (stale && !world.planned().equals("[ReadShards]")) {
      world.runStaleTasks(Duration.ofSeconds(random.nextInt(600)));
    }
    switch (random.nextInt(3)) {
      case 0 -> world.startTasks();
      case 1 -> world.startConnector(true);
      default -> world.startConnector(false);
    }
    if (random.nextInt(4) == 0) {
      world.crashAfter(1 + random.nextInt(60));
    }
  }

  private void next() throws InterruptedException {
    switch (random.nextInt(13)) {
      case 0 -> rollOver();
      case 1 -> split();
      case 2, 3 -> {
        world.crashAfter(1 + random.nextInt(150));
        world.run(Duration.ofMinutes(random.nextInt(90)));
      }
      case 4, 5, 6 -> away();
      case 7, 8 -> {
        world.block(random.nextInt(3), Duration.ofMinutes(60 + random.nextInt(30 * 60)));
        world.run(Duration.ofMinutes(random.nextInt(30 * 60)));
      }
      case 9 -> replace();
      default -> world.run(Duration.ofMinutes(random.nextInt(150)));
    }
  }

  private void away() throws InterruptedException {
    burst();
    world.run(Duration.ofSeconds(random.nextInt(400)));
    burst();
    world.die();
    burst();
    boolean long_ = random.nextInt(3) > 0;
    elapse(Duration.ofMinutes(long_ ? 23 * 60 + random.nextInt(37 * 60) : random.nextInt(23 * 60)));
    restart();
    world.run(Duration.ofMinutes(random.nextInt(120)));
  }

  private void replace() throws InterruptedException {
    if (replacements++ >= 2) {
      return;
    }
    stream.disable();
    elapse(Duration.ofMinutes(1 + random.nextInt(random.nextBoolean() ? 10 : 300)));
    follow(world.streams.create(RepairWorld.TABLE, LABEL.format(world.clock.instant()), "pk"));
    if (random.nextBoolean()) {
      world.run(Duration.ofMinutes(random.nextInt(90)));
    }
  }

  /** Time in which no task works. */
  private void elapse(Duration length) {
    int parts = 1 + random.nextInt(12);
    for (int part = 0; part < parts; part++) {
      switch (random.nextInt(8)) {
        case 0 -> rollOver();
        case 1 -> split();
        case 2 -> burst();
        default -> write();
      }
      world.clock.advance(length.dividedBy(parts));
    }
  }

  private void meanwhile(Duration time) {
    double minutes = time.toMillis() / 60_000.0;
    if (random.nextDouble() < Math.min(0.5, minutes * writesPerMinute)) {
      write();
    }
  }

  private void beforeFile() {
    if (slowFiles < 3 && random.nextInt(15) == 0) {
      slowFiles++;
      elapse(Duration.ofMinutes(random.nextInt(random.nextBoolean() ? 60 : 30 * 60)));
    }
  }

  private void burst() {
    for (int i = random.nextInt(6); i >= 0; i--) {
      write();
      world.clock.advance(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 4000 : 40_000)));
    }
  }

  private void write() {
    int kind = random.nextInt(6);
    if (kind == 0) {
      change("t" + items, items, false);
      shortLived.add(items);
      items++;
    } else if (kind < 3 && !shortLived.isEmpty()) {
      int item = shortLived.remove(random.nextInt(shortLived.size()));
      change("t" + item, item, true);
    } else {
      int item = random.nextInt(KEYS);
      boolean there = world.written.value("k" + item) != null;
      change("k" + item, item, there && random.nextInt(5) < 2);
    }
  }

  private void change(String pk, int number, boolean deletes) {
    String shard = shardOfKey[number % KEYS];
    long micros = world.clock.millis() * 1000 + random.nextInt(2_000_000) - 1_000_000;
    Long before = world.written.value(pk);
    String keys = "{\"pk\":{\"S\":\"" + pk + "\"}}";
    ScriptedChange change;
    if (before != null && deletes) {
      world.written.delete(pk, micros);
      change = ScriptedChange.remove(keys, ExportingDynamoDb.image(pk, before));
    } else {
      String image = ExportingDynamoDb.image(pk, world.written.put(pk, micros));
      change =
          before == null
              ? ScriptedChange.insert(keys, image)
              : ScriptedChange.modify(keys, ExportingDynamoDb.image(pk, before), image);
    }
    // While a stream is disabled its changes are in none.
    if (stream.openShards().contains(shard)) {
      stream.append(shard, change);
    }
  }

  private void rollOver() {
    String shard = shardOfKey[random.nextInt(KEYS)];
    if (stream.openShards().contains(shard)) {
      move(shard, List.of(stream.rollOver(shard)));
    }
  }

  private void split() {
    String shard = shardOfKey[random.nextInt(KEYS)];
    List<String> open = stream.openShards();
    if (open.contains(shard) && open.size() < MOST_SHARDS) {
      move(shard, stream.split(shard));
    }
  }

  private void move(String from, List<String> to) {
    for (int key = 0; key < KEYS; key++) {
      if (shardOfKey[key].equals(from)) {
        shardOfKey[key] = to.get(key % to.size());
      }
    }
  }
}
