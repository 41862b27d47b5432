package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.put;

import io.github.dynamokc.config.DataLossPolicy;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.aws.ShardVisibility;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Random lives of a stream: writes, deletions, splits, rollovers, throttling, broken connections,
 * expired iterators, slow acknowledgments, commits cut short, kills, restarts from an old plan or a
 * new one, of one to three tasks. The stream forgets what is older than 24 hours. To that come the
 * troubles of a kind, or of all kinds. Whatever happens, {@link DeliveryOracle} must find the life
 * good. A life is its seed, which is printed when it is not. Three hundred and forty lives each
 * time, and thousands in the full run, which are the same each time as well, so that a fault is of
 * what was changed. Others are had with {@code -Dsimulation.seed=<number>}.
 */
class StreamSimulationTest {
  /** Of the lives that are the same each time. */
  private static final String SEED = "20261130";

  /** Makes other lives of the same seeds. */
  private static final long OTHERS = Long.getLong("simulation.seed", 0);

  /** Of lives that once ended with a fault, their troubles drawn from the seed. */
  private static final long[] ONCE_BAD = {
    1318, 2264, 3046, 11585, 14539, 14797, 14804, 18628, 20876, 20998, 21624, 22223, 22283
  };

  /** The same of lives with a history. */
  private static final long[] ONCE_BAD_WITH_HISTORY = {51356, 53457, 61844, 62001};

  private static final int KEYS = 12;

  /** A deletion carries the item as it was, which tells the number of the change. */
  private static final String[] FORM = {
    "delete.mode", "document_and_tombstone", "stream.view.on.remove", "OLD_IMAGE"
  };

  /** What makes a life hard. */
  enum Trouble {
    /** Crashes, pauses and stops of minutes to thirty hours, many of them of about a day. */
    OUTAGES,
    /** Listings lag behind, differ from copy to copy, leave shards out, repeat some. */
    LISTINGS,
    /** Answers that are not true: not found, no next iterator, invalid; calls that hang. */
    ANSWERS,
    /** The worker's clock is some minutes ahead or behind. */
    CLOCKS,
    /** The stream is disabled, and another one takes its place. */
    REPLACEMENT,
    /** Pages are empty though there are changes behind them. */
    EMPTY_PAGES
  }

  @Property(tries = 40, seed = SEED, shrinking = ShrinkingMode.OFF)
  void nothingIsLostWithoutTrouble(@ForAll long seed) throws Exception {
    live(seed, EnumSet.noneOf(Trouble.class));
  }

  @Property(tries = 90, seed = SEED, shrinking = ShrinkingMode.OFF)
  void nothingIsLostInSilenceWithAllTroubles(@ForAll long seed) throws Exception {
    live(seed, EnumSet.allOf(Trouble.class));
  }

  @Property(tries = 60, seed = SEED, shrinking = ShrinkingMode.OFF)
  void nothingIsLostInSilenceByOutages(@ForAll long seed) throws Exception {
    live(seed, EnumSet.of(Trouble.OUTAGES));
  }

  @Property(tries = 20, seed = SEED, shrinking = ShrinkingMode.OFF)
  void nothingIsLostByIncompleteListings(@ForAll long seed) throws Exception {
    live(seed, EnumSet.of(Trouble.LISTINGS));
  }

  @Property(tries = 15, seed = SEED, shrinking = ShrinkingMode.OFF)
  void nothingIsLostByWrongAnswers(@ForAll long seed) throws Exception {
    live(seed, EnumSet.of(Trouble.ANSWERS));
  }

  @Property(tries = 25, seed = SEED, shrinking = ShrinkingMode.OFF)
  void nothingIsLostInSilenceWhenClocksDiffer(@ForAll long seed) throws Exception {
    live(seed, EnumSet.of(Trouble.OUTAGES, Trouble.CLOCKS));
  }

  @Property(tries = 25, seed = SEED, shrinking = ShrinkingMode.OFF)
  void nothingIsLostInSilenceWhenAStreamIsReplaced(@ForAll long seed) throws Exception {
    live(seed, EnumSet.of(Trouble.OUTAGES, Trouble.REPLACEMENT));
  }

  @Property(tries = 25, seed = SEED, shrinking = ShrinkingMode.OFF)
  void nothingIsLostInSilenceBehindEmptyPages(@ForAll long seed) throws Exception {
    live(seed, EnumSet.of(Trouble.OUTAGES, Trouble.EMPTY_PAGES));
  }

  @Property(tries = 40, seed = SEED, shrinking = ShrinkingMode.OFF)
  void nothingIsLostBehindAHistoryThatIsNotWanted(@ForAll long seed) throws Exception {
    live(seed, troubles(seed), true);
  }

  @Property(tries = 1_000, seed = SEED, shrinking = ShrinkingMode.OFF)
  @Tag("full")
  void nothingIsLostInManyLivesWithAHistory(@ForAll long seed) throws Exception {
    live(seed + OTHERS, troubles(seed + OTHERS), true);
  }

  @Example
  void nothingIsLostInLivesThatOnceEndedWithAFault() throws Exception {
    for (long seed : ONCE_BAD) {
      live(seed, troubles(seed));
    }
    for (long seed : ONCE_BAD_WITH_HISTORY) {
      live(seed, troubles(seed), true);
    }
  }

  @Property(tries = 1_000, seed = SEED, shrinking = ShrinkingMode.OFF)
  @Tag("full")
  void nothingIsLostInAnyOfManyLives(@ForAll long seed) throws Exception {
    live(seed + OTHERS, EnumSet.noneOf(Trouble.class));
  }

  @Property(tries = 4_000, seed = SEED, shrinking = ShrinkingMode.OFF)
  @Tag("full")
  void nothingIsLostInSilenceInManyLives(@ForAll long seed) throws Exception {
    live(seed + OTHERS, troubles(seed + OTHERS));
  }

  private static Set<Trouble> troubles(long seed) {
    Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);
    Random random = new Random(seed);
    for (Trouble trouble : Trouble.values()) {
      if (random.nextBoolean()) {
        troubles.add(trouble);
      }
    }
    return troubles;
  }

  static void live(long seed, Set<Trouble> troubles) throws InterruptedException {
    live(seed, troubles, false);
  }

  /**
   * @param latest whether the stream has a history that is not wanted
   */
  static void live(long seed, Set<Trouble> troubles, boolean latest) throws InterruptedException {
    Life life = new Life(seed, troubles);
    try {
      if (latest) {
        life.begin();
      }
      life.live();
    } catch (ConnectException e) {
      life.oracle.failed(e);
      return;
    }
    life.oracle.assertDelivered();
  }

  /** What happens, chosen by chance. A key lives in one shard, and after a split in one child. */
  private static final class Life {
    private static final int MOST_OUTAGES = 4;
    private static final int MOST_SHARDS = 12;
    private static final int GROWN = 200;

    private final Set<Trouble> troubles;
    private final Random random;
    private final StreamWorld world;
    private final DeliveryOracle oracle;
    private final int maxTasks;
    private final Map<String, Integer> written = new HashMap<>();
    private final String[] shardOfKey = new String[KEYS];
    private ScriptedStream stream;
    private int outages;
    private boolean replaced;
    private boolean grown;

    private Life(long seed, Set<Trouble> troubles) {
      this.troubles = troubles;
      random = new Random(seed);
      Duration skew =
          has(Trouble.CLOCKS) ? Duration.ofSeconds(random.nextInt(600) - 300) : Duration.ZERO;
      world = new StreamWorld(seed, skew);
      world.form = FORM;
      world.streams.retain(DeliveryOracle.RETENTION);
      world.progressInterval = DeliveryOracle.PROGRESS_INTERVAL;
      world.pollIdleMax = Duration.ofSeconds(new int[] {20, 60, 120, 300}[random.nextInt(4)]);
      world.onDataLoss = random.nextInt(3) > 0 ? DataLossPolicy.CONTINUE : DataLossPolicy.FAIL;
      world.monitorsPolicy = world.onDataLoss;
      oracle =
          new DeliveryOracle(
              "seed %d with %s, stream.on.data.loss=%s".formatted(seed, troubles, world.onDataLoss),
              world.clock,
              world.onDataLoss,
              skew,
              world.pollIdleMax);
      world.oracle = oracle;
      maxTasks = 1 + random.nextInt(3);
      follow(world.stream);
    }

    private boolean has(Trouble trouble) {
      return troubles.contains(trouble);
    }

    private void follow(ScriptedStream next) {
      stream = next;
      oracle.follows(next);
      List<String> roots = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(3); i++) {
        roots.add(next.addShard());
      }
      for (int key = 0; key < KEYS; key++) {
        shardOfKey[key] = roots.get(key % roots.size());
      }
      next.paging()
          .pageSize(1 + random.nextInt(5))
          .emptyPages(has(Trouble.EMPTY_PAGES) ? 1 + random.nextInt(2) : 0)
          .endsPastLastRecord(random.nextInt(4) == 0);
    }

    /** Half a day and more of a table before the connector is made, which starts at LATEST. */
    private void begin() {
      for (int i = random.nextInt(30); i >= 0; i--) {
        switch (random.nextInt(6)) {
          case 0 -> rollOver();
          case 1 -> split();
          default -> {
            int key = random.nextInt(KEYS);
            long second = world.clock.instant().getEpochSecond();
            stream.append(shardOfKey[key], put("before" + key, i).at(second));
          }
        }
        world.clock.advance(Duration.ofMinutes(random.nextInt(50)));
      }
      world.clock.advance(Duration.ofSeconds(random.nextInt(150)));
      world.startsNow();
      oracle.follows(stream);
      world.clock.advance(Duration.ofSeconds(3));
    }

    private void live() throws InterruptedException {
      world.start(maxTasks);
      int steps = 60 + random.nextInt(90);
      for (int step = 0; step < steps; step++) {
        next();
      }
      settle();
    }

    /** All is well again, for long enough. */
    private void settle() throws InterruptedException {
      world.streams.clearFaults();
      stream.visibility().showAll();
      stream.visibility().pages(100, 0);
      world.stream.visibility().showAll();
      stream.paging().omitNextIterators(0);
      for (int i = 0; i < 30; i++) {
        world.look();
        world.run(Duration.ofMinutes(2));
      }
    }

    private void next() throws InterruptedException {
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3 -> write();
        case 4 -> rollOver();
        case 5 -> split();
        case 6, 7 -> read();
        case 8 -> dieInTheMiddle();
        case 9 -> world.acknowledge(random.nextInt(3), random.nextInt(6));
        case 10 -> world.acknowledgeAll();
        case 11 -> world.commitAll();
        case 12 -> world.clock.advance(Duration.ofMillis(random.nextInt(240_000)));
        case 13 -> world.run(Duration.ofSeconds(random.nextInt(180)));
        case 14 -> disturb();
        case 15 -> world.look();
        case 16, 17 -> trouble();
        case 18 -> world.run(Duration.ofMinutes(random.nextInt(40)));
        default -> restart();
      }
    }

    private void trouble() throws InterruptedException {
      List<Trouble> kinds = List.copyOf(troubles);
      if (kinds.isEmpty()) {
        return;
      }
      switch (kinds.get(random.nextInt(kinds.size()))) {
        case OUTAGES -> outage();
        case LISTINGS -> disturbListings();
        case ANSWERS -> disturbAnswers();
        case REPLACEMENT -> replace();
        case CLOCKS, EMPTY_PAGES -> growSeldom();
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
      readAndAcknowledgeSome();
      commitAtACrash();
      restart();
    }

    /**
     * A flush that a crash cuts short commits some partitions. If the end of a shard is not among
     * them, only a listing shows that the shard was read, which is beyond what can be had if that
     * is wrong as well.
     */
    private void commitAtACrash() {
      double share = random.nextDouble();
      if (!has(Trouble.LISTINGS)) {
        world.commitSome(share);
      } else if (share < 0.5) {
        world.commitAll();
      }
    }

    private void readAndAcknowledgeSome() throws InterruptedException {
      for (int i = random.nextInt(6); i >= 0; i--) {
        read();
        world.acknowledge(random.nextInt(3), random.nextInt(10));
        world.clock.advance(Duration.ofMillis(random.nextInt(500)));
      }
    }

    private void write() {
      for (int i = random.nextInt(8); i >= 0; i--) {
        int key = random.nextInt(KEYS);
        String name = "k" + key;
        int value = written.merge(name, 1, Integer::sum);
        long second = world.clock.instant().getEpochSecond() - random.nextInt(2);
        ScriptedChange put = put(name, value);
        ScriptedChange change =
            random.nextInt(4) > 0 ? put : ScriptedChange.remove(put.keys(), put.newImage());
        String shard = shardOfKey[key];
        oracle.written(stream, shard, stream.append(shard, change.at(second)), name, value);
      }
    }

    private void rollOver() {
      String shard = shardOfKey[random.nextInt(KEYS)];
      move(shard, List.of(stream.rollOver(shard)));
    }

    private void split() {
      if (stream.openShards().size() < MOST_SHARDS) {
        String shard = shardOfKey[random.nextInt(KEYS)];
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

    /** A few lives have hundreds of shards. */
    private void growSeldom() {
      if (!grown && random.nextInt(300) == 0) {
        grown = true;
        while (stream.openShards().size() < GROWN) {
          stream.openShards().forEach(shard -> move(shard, stream.split(shard)));
        }
      }
    }

    private void disturb() {
      StreamOperation[] operations = {
        StreamOperation.GET_RECORDS,
        StreamOperation.GET_SHARD_ITERATOR,
        StreamOperation.DESCRIBE_STREAM
      };
      switch (random.nextInt(4)) {
        case 0 -> world.streams.expireIterators();
        case 1 -> stream.visibility().ignoreFilter(random.nextBoolean());
        default ->
            world.streams.failNext(
                operations[random.nextInt(operations.length)],
                1 + random.nextInt(3),
                random.nextBoolean() ? StreamFault.throttled() : StreamFault.connectionReset());
      }
    }

    private void disturbListings() {
      ShardVisibility visibility = stream.visibility();
      switch (random.nextInt(8)) {
        case 0 -> visibility.showAll();
        case 1 ->
            visibility.replicas(
                random.nextLong(),
                Duration.ZERO,
                Duration.ofSeconds(random.nextInt(60)),
                Duration.ofSeconds(random.nextInt(100)));
        case 2 -> visibility.omit(random.nextLong(), random.nextDouble() * 0.1);
        case 3 -> visibility.hideNext(listed(), 1 + random.nextInt(2));
        case 4 -> visibility.hideFor(listed(), Duration.ofSeconds(random.nextInt(100)));
        case 5 -> visibility.pages(3 + random.nextInt(4), random.nextInt(3));
        case 6 -> visibility.emptyFilteredAnswers(1 + random.nextInt(5));
        default -> visibility.listingLag(random.nextInt(4));
      }
    }

    /** A shard in use or one above it. */
    private String listed() {
      String shard = shardOfKey[random.nextInt(KEYS)];
      for (int up = random.nextInt(3); up > 0; up--) {
        String parent = stream.parentOf(shard);
        shard = parent == null ? shard : parent;
      }
      return shard;
    }

    private void disturbAnswers() {
      StreamOperation[] operations = {
        StreamOperation.GET_RECORDS,
        StreamOperation.GET_SHARD_ITERATOR,
        StreamOperation.DESCRIBE_STREAM
      };
      StreamOperation operation = operations[random.nextInt(operations.length)];
      switch (random.nextInt(6)) {
        case 0 -> world.streams.failNext(operation, 1 + random.nextInt(2), StreamFault.notFound());
        case 1 ->
            world.streams.failFor(
                operation, Duration.ofSeconds(1 + random.nextInt(30)), StreamFault.notFound());
        case 2 ->
            world.streams.failNext(StreamOperation.GET_RECORDS, 1, StreamFault.invalidIterator());
        case 3 -> stream.paging().omitNextIterators(1);
        case 4 ->
            world.streams.failNext(
                operation,
                1 + random.nextInt(3),
                StreamFault.hang(world.clock, Duration.ofSeconds(45)));
        default ->
            world.streams.failFor(
                operation, Duration.ofSeconds(1 + random.nextInt(120)), StreamFault.throttled());
      }
    }

    private void outage() throws InterruptedException {
      if (outages++ >= MOST_OUTAGES) {
        return;
      }
      Duration length = outageLength();
      oracle.stoodStill(length);
      switch (random.nextInt(4)) {
        case 0 -> {
          readAndAcknowledgeSome();
          commitAtACrash();
          world.kill();
          elapse(length);
          restart();
        }
        case 1 -> {
          world.run(Duration.ofMinutes(random.nextInt(40)));
          world.kill();
          elapse(length);
          restart();
        }
        case 2 -> {
          // Connect pauses the tasks.
          if (random.nextBoolean()) {
            world.acknowledgeAll();
            world.commitAll();
          }
          elapse(length);
        }
        default -> {
          // Kafka takes nothing in until the end, and reading goes on until the queue is full.
          readWithoutAcknowledgments();
          elapse(length);
          if (random.nextBoolean()) {
            readWithoutAcknowledgments();
          }
        }
      }
      while (random.nextInt(3) > 0) {
        // Kafka is slow, so that the edge moves while tasks catch up.
        readWithoutAcknowledgments();
        world.clock.advance(Duration.ofSeconds(random.nextInt(300)));
        if (random.nextBoolean()) {
          world.acknowledgeAll();
        } else {
          world.acknowledge(random.nextInt(3), random.nextInt(10));
        }
      }
      growSeldom();
    }

    private void readWithoutAcknowledgments() throws InterruptedException {
      for (int i = random.nextInt(4); i >= 0; i--) {
        world.readWhatIsDue();
        world.clock.advance(Duration.ofSeconds(random.nextInt(20)));
      }
    }

    private Duration outageLength() {
      int kind = random.nextInt(20);
      if (kind < 5) {
        return Duration.ofMinutes(1 + random.nextInt(60));
      }
      if (kind < 9) {
        return Duration.ofMinutes(60 + random.nextInt(22 * 60));
      }
      if (kind < 11) {
        return Duration.ofMinutes(25 * 60 + random.nextInt(5 * 60));
      }
      int[] beyond = {-45, -25, -10, -5, -2, 0, 1, 5, 20, 40};
      return DeliveryOracle.RETENTION.plusMinutes(beyond[random.nextInt(beyond.length)]);
    }

    /** Time in which nothing is read, but the table goes on. */
    private void elapse(Duration length) {
      int parts = 1 + random.nextInt(5);
      for (int part = 0; part < parts; part++) {
        switch (random.nextInt(6)) {
          case 0, 1, 2 -> write();
          case 3 -> rollOver();
          case 4 -> split();
          default -> {
            // Nothing happens.
          }
        }
        world.pause(length.dividedBy(parts));
      }
    }

    private void replace() throws InterruptedException {
      if (replaced || random.nextInt(4) > 0) {
        return;
      }
      replaced = true;
      Duration gap = Duration.ofMillis(new int[] {700, 30_000, 600_000}[random.nextInt(3)]);
      ScriptedStream old = stream;
      ScriptedStream next = world.replaceStream(old, gap);
      if (random.nextBoolean()) {
        String name = "k" + random.nextInt(KEYS);
        oracle.writtenBetweenStreams(name, written.merge(name, 1, Integer::sum));
      }
      follow(next);
      write();
      if (random.nextBoolean()) {
        world.look();
      }
    }

    private void restart() throws InterruptedException {
      world.kill();
      if (random.nextBoolean()) {
        world.startTasks();
      } else {
        world.start(maxTasks);
      }
    }
  }
}
