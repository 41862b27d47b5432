package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.TABLE;
import static io.github.dynamokc.stream.StreamWorld.json;
import static io.github.dynamokc.stream.StreamWorld.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.config.DataLossPolicy;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.connect.errors.ConnectException;

/** One lineage that cannot go on is given up by hand, and no other is touched. */
class SkippedShardTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration A_WHILE = Duration.ofMinutes(2);

  private final StreamWorld world = new StreamWorld();

  @Example
  void theFailureOfAStalledShardSaysWhatToSetForItToBeSkipped() throws Exception {
    ConnectException failure = stall();

    assertThat(failure)
        .hasMessageContaining("Shard 001 of table orders")
        .hasMessageContaining("stop the connector, PATCH /connectors/<name>/offsets with {")
        .hasMessageContaining(
            "\"partition\":{\"kind\":\"shard\",\"shard\":\"001\",\"stream\":\""
                + world.stream.arn())
        .hasMessageContaining("\"skipped\":true");
    ShardOffset.Finished finished = (ShardOffset.Finished) offset("001");
    Map<String, Object> expected = new HashMap<>(finished.toConnect());
    expected.put("skipped", true);
    JsonNode pair = request(failure).path("offsets").path(0);
    assertThat(RequestsInMessage.map(pair.path("offset"))).isEqualTo(expected);
    assertThat(RequestsInMessage.map(pair.path("partition")))
        .isEqualTo(partition("001").toConnect());
  }

  @Example
  void whatIsSkippedIsToldOnceAndTheOthersGoOn() throws Exception {
    ConnectException failure = stall();
    long readUpTo = offset("001").readUpTo();
    long skippedFrom = world.clock.millis();
    set(failure);
    world.stream.append("009", put("z", 2));
    world.start(1);
    world.run(Duration.ofHours(3));

    assertThat(world.values()).containsExactly(json("z", 1), json("a", 1), json("z", 2));
    JsonNode loss = theLoss();
    assertThat(loss.path("shard").asText()).isEqualTo("001");
    assertThat(loss.path("from").asLong()).isEqualTo(readUpTo);
    assertThat(loss.path("to").asLong()).isBetween(skippedFrom, skippedFrom + 60_000);
    assertThat(loss.path("reason").asText())
        .contains("was read to its end: no change of its own is missing")
        .contains("set by hand to skip it");
    assertThat(offset("001")).isInstanceOf(ShardOffset.Skipped.class);
    assertThat(offset("001").endedAt()).isEqualTo(loss.path("ts_ms").asLong());
  }

  @Example
  void aSkippedShardStaysSkippedAndIsNotToldAgain() throws Exception {
    set(stall());
    world.start(1);
    world.run(A_WHILE);
    for (int tasks = 1; tasks <= 3; tasks++) {
      world.kill();
      world.startTasks();
      world.run(Duration.ofMinutes(20));
      world.kill();
      world.start(tasks);
      world.run(Duration.ofMinutes(20));
      assertThat(world.monitor(tasks)).as("the plan stands").isTrue();
    }

    theLoss();
    assertThat(world.values()).containsExactly(json("z", 1), json("a", 1));
  }

  /** Exactly-once: the record and the offset are committed together or not at all. */
  @Example
  void aTaskThatEndsBeforeTheOffsetIsCommittedTellsAgain() throws Exception {
    set(stall());
    world.start(1);
    while (world.losses.isEmpty()) {
      world.readWhatIsDue();
      world.acknowledgeAll();
      world.clock.advance(Duration.ofMillis(100));
    }
    world.kill();
    world.startTasks();
    world.run(Duration.ofHours(1));

    assertThat(world.losses).hasSize(2);
    assertThat(offset("001").endedAt()).isNotNull();
  }

  @Example
  void aChildThatIsListedLaterIsReadFromItsBeginning() throws Exception {
    set(stall());
    world.start(1);
    world.run(Duration.ofHours(3));
    world.stream.visibility().show("002");
    world.stream.append("002", put("a", 3));
    world.run(Duration.ofMinutes(30));

    assertThat(world.values())
        .containsExactly(json("z", 1), json("a", 1), json("a", 2), json("a", 3));
    assertThat(world.versions()).isSorted();
    assertThat(world.monitor(1)).as("the plan stands").isTrue();
    world.stream.remove("001");
    world.run(Duration.ofHours(2));
    assertThat(offset("001")).as("retired").isNull();
    world.kill();
    world.startTasks();
    world.stream.append("002", put("a", 4));
    world.run(Duration.ofHours(1));
    assertThat(world.values())
        .containsExactly(json("z", 1), json("a", 1), json("a", 2), json("a", 3), json("a", 4));
    theLoss();
  }

  @Example
  void aChildThatIsListedDuringAStopIsReadFromItsBeginning() throws Exception {
    set(stall());
    world.stream.visibility().show("002");
    world.start(1);
    world.run(Duration.ofMinutes(5));

    assertThat(world.values()).containsExactly(json("z", 1), json("a", 1), json("a", 2));
    theLoss();
  }

  @Example
  void aSkippedShardIsForgottenWhenTheStreamHasForgottenIt() throws Exception {
    set(stall());
    world.stream.remove("001");
    world.stream.remove("002");
    world.start(1);
    world.run(Duration.ofHours(30));
    world.kill();
    world.startTasks();
    world.run(Duration.ofHours(1));

    theLoss();
    assertThat(world.monitor(1)).as("the plan stands").isTrue();
  }

  /** The shard that the task was given is long forgotten then. */
  @Example
  void aForgottenSkippedDescendantIsNotLookedForAgain() throws Exception {
    world.stream.addShard("000", null);
    world.stream.append("000", put("a", 0));
    world.stream.rollOver("000", "001");
    world.start(1);
    world.run(Duration.ofHours(25));
    world.stream.remove("000");
    world.stream.append("001", put("a", 1));
    world.stream.rollOver("001", "002");
    world.stream.visibility().hide("002");
    set(world.failure(Duration.ofHours(1)));
    world.startTasks();
    world.run(Duration.ofHours(20));
    world.stream.remove("001");
    world.stream.remove("002");
    world.run(Duration.ofHours(10));
    world.kill();
    world.startTasks();
    world.run(Duration.ofHours(1));

    theLoss();
    assertThat(world.values()).containsExactly(json("a", 0), json("a", 1));
  }

  /** Not only one that has ended: whatever it is that a shard cannot be read for. */
  @Example
  void aShardThatIsInTheMiddleIsSkippedAndItsChildrenAreRead() throws Exception {
    world.stream.addShard("001", null);
    String first = world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    world.kill();
    world.stream.append("001", put("a", 2));
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 3));
    ShardOffset.Read read = (ShardOffset.Read) offset("001");
    Map<String, Object> skipped = new HashMap<>(read.toConnect());
    skipped.put("skipped", true);
    world.committed.commit(partition("001").toConnect(), skipped);
    world.start(1);
    world.run(Duration.ofMinutes(5));

    assertThat(world.values()).containsExactly(json("a", 1), json("a", 3));
    JsonNode loss = theLoss();
    assertThat(loss.path("sequence").asText()).isEqualTo(first);
    assertThat(loss.path("from").asLong()).isEqualTo(read.readUpTo());
    assertThat(loss.path("reason").asText())
        .contains("read up to sequence number " + first + " only");
    assertThat(world.monitor(1)).as("the plan stands").isTrue();
  }

  @Example
  void aSkippedShardDoesNotCountAsBehind() throws Exception {
    set(stall());
    world.start(1);
    world.run(Duration.ofHours(5));

    assertThat(world.metrics.value(Gauge.MILLIS_BEHIND_LATEST))
        .isLessThan(Duration.ofMinutes(1).toMillis());
  }

  @Example
  void aDisabledStreamWithASkippedShardIsReadToItsEnd() throws Exception {
    set(stall());
    world.start(1);
    world.run(A_WHILE);
    var next = world.replaceStream(world.stream, Duration.ofMinutes(1));
    next.addShard("101", null);
    next.append("101", put("a", 9));
    for (int i = 0; i < 60; i++) {
      world.run(Duration.ofMinutes(1));
      world.monitor(1);
    }

    assertThat(world.values()).containsExactly(json("z", 1), json("a", 1), json("a", 9));
    assertThat(world.versions()).isSorted();
  }

  @Property(tries = 60)
  void aLateChildIsReadOnceAndInOrderWhateverHappens(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    StreamWorld any = new StreamWorld(seed);
    any.stream.addShard("001", null);
    any.stream.addShard("009", null);
    any.stream.append("001", put("a", 1));
    any.stream.append("009", put("z", 1));
    any.stream.split("001", "002", "003");
    for (int n = 2; n <= 6; n++) {
      any.stream.append("002", put("a", n));
    }
    any.stream.visibility().hide("002");
    any.stream.visibility().hide("003");
    any.start(1 + random.nextInt(2));
    set(any, any.failure(Duration.ofHours(1)));
    any.start(1 + random.nextInt(2));
    for (int i = 0; i < 12; i++) {
      if (random.nextInt(4) == 0) {
        any.stream.visibility().show("003");
      }
      if (random.nextInt(6) == 0) {
        any.stream.visibility().show("002");
      }
      for (int step = random.nextInt(30); step > 0; step--) {
        any.step(random.nextInt(2));
        any.acknowledge(random.nextInt(2), random.nextInt(5));
        any.clock.advance(Duration.ofMillis(random.nextInt(3000)));
      }
      any.commitSome(random.nextDouble());
      switch (random.nextInt(4)) {
        case 0 -> {
          any.kill();
          any.startTasks();
        }
        case 1 -> {
          any.kill();
          any.start(1 + random.nextInt(3));
        }
        default -> any.run(Duration.ofMinutes(random.nextInt(20)));
      }
    }
    any.stream.visibility().show("002");
    any.run(Duration.ofMinutes(random.nextInt(600)));
    any.stream.visibility().show("003");
    any.stream.append("003", put("b", 1));
    for (int i = 0; i < 60; i++) {
      any.run(Duration.ofMinutes(2));
      any.monitor(2);
    }

    Deliveries.assertAllOf(any, "a", 6, seed);
    Deliveries.assertAllOf(any, "b", 1, seed);
    Deliveries.assertAllOf(any, "z", 1, seed);
    assertThat(any.losses).as("seed %d", seed).isNotEmpty();
  }

  /** Shard 001 is closed, and its child 002 is not listed; 009 lives beside them. */
  private ConnectException stall() throws InterruptedException {
    world.onDataLoss = DataLossPolicy.FAIL;
    world.stream.addShard("001", null);
    world.stream.addShard("009", null);
    world.stream.append("001", put("a", 1));
    world.stream.append("009", put("z", 1));
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 2));
    world.stream.visibility().hide("002");
    world.start(1);
    ConnectException failure = world.failure(Duration.ofMinutes(15));
    world.kill();
    return failure;
  }

  private void set(ConnectException failure) {
    set(world, failure);
  }

  /** What an operator does with the message. */
  private static void set(StreamWorld world, ConnectException failure) {
    RequestsInMessage.send(request(failure), world.committed);
  }

  private static JsonNode request(ConnectException failure) {
    return RequestsInMessage.of(failure).get(0);
  }

  private JsonNode theLoss() throws Exception {
    assertThat(world.losses).hasSize(1);
    return JSON.readTree(world.losses.get(0));
  }

  private ShardOffset offset(String shard) {
    return world.offset(shard);
  }

  private SourcePartition partition(String shard) {
    return new SourcePartition.OfShard(TABLE, world.stream.arn(), shard);
  }
}
