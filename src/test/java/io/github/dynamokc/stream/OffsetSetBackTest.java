package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.TABLE;
import static io.github.dynamokc.stream.StreamWorld.json;
import static io.github.dynamokc.stream.StreamWorld.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/**
 * A shard's offset that is set by hand takes effect, or is refused where offsets of other shards
 * stand against it. What a crash can leave is never refused.
 */
class OffsetSetBackTest {
  private static final Duration A_WHILE = Duration.ofMinutes(3);

  private final StreamWorld world = new StreamWorld();
  private String first = "";

  @Test
  void aShardThatIsSetBackBehindItsDescendantsIsRefusedNamingThem() throws Exception {
    readTwoGenerations();
    setBack("001");
    world.start(1);
    ConnectException failure = world.failure(A_WHILE);

    assertThat(failure)
        .hasMessageContaining("Shard 001 of table orders")
        .hasMessageContaining("was set by hand")
        .hasMessageContaining("after sequence number " + first);
    assertThat(requests(failure)).hasSize(2);
    assertThat(shards(requests(failure).get(0))).containsExactly("002", "003");
    assertThat(shards(requests(failure).get(1))).containsExactly("001");
    assertThat(world.values()).as("nothing was read").hasSize(4);
  }

  @Test
  void whatTheFailureNamesFirstHasAllReadAgainInOrder() throws Exception {
    readTwoGenerations();
    setBack("001");
    world.start(1);
    send(requests(world.failure(A_WHILE)).get(0));
    world.topic.clear();
    world.start(1);
    world.run(Duration.ofMinutes(20));

    assertThat(world.values()).containsExactly(json("a", 2), json("a", 3), json("a", 4));
  }

  @Test
  void whatTheFailureNamesSecondLeavesItAsItWas() throws Exception {
    readTwoGenerations();
    setBack("001");
    world.start(1);
    send(requests(world.failure(A_WHILE)).get(1));
    world.start(1);
    world.stream.append("003", put("a", 5));
    world.run(Duration.ofMinutes(20));

    assertThat(world.values())
        .containsExactly(json("a", 1), json("a", 2), json("a", 3), json("a", 4), json("a", 5));
  }

  @Test
  void anOldPlanDoesNotHideIt() throws Exception {
    readTwoGenerations();
    setBack("001");
    world.startTasks();

    assertThat(world.failure(A_WHILE)).hasMessageContaining("was set by hand");
  }

  /** Its parent, which is not read to its end, would count as read. */
  @Test
  void anOffsetOfAChildOfAShardThatIsBeingReadIsRefused() throws Exception {
    world.stream.addShard("001", null);
    first = world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    world.kill();
    world.stream.append("001", put("a", 2));
    world.stream.rollOver("001", "002");
    String inChild = world.stream.append("002", put("a", 3));
    world.committed.commit(
        partition("002").toConnect(), Map.of("sequence", inChild, "version", 1L));
    world.start(1);
    ConnectException failure = world.failure(A_WHILE);

    assertThat(failure).hasMessageContaining("Shard 001 of table orders");
    assertThat(requests(failure)).hasSize(1);
    send(requests(failure).get(0));
    world.start(1);
    world.run(A_WHILE);
    assertThat(world.values()).containsExactly(json("a", 1), json("a", 2), json("a", 3));
  }

  @Test
  void theOpenShardMayBeSetBackAlone() throws Exception {
    readTwoGenerations();
    ShardOffset read = world.offset("003");
    world.committed.commit(
        partition("003").toConnect(),
        Map.of("version", read.version(), "readUpTo", read.readUpTo()));
    world.start(1);
    world.run(Duration.ofMinutes(20));

    assertThat(world.values()).endsWith(json("a", 4), json("a", 4));
  }

  /** Connect commits partitions independently: the parent's end may be missing after a crash. */
  @Test
  void whatACrashLeavesIsNotRefused() throws Exception {
    readTwoGenerations();
    world.committed.commit(
        partition("001"), new ShardOffset.Read(first, 1, world.clock.millis(), "001"));
    world.start(1);
    world.stream.append("003", put("a", 5));
    world.run(Duration.ofMinutes(20));

    assertThat(world.values()).endsWith(json("a", 4), json("a", 5)).hasSize(5);
  }

  @Test
  void aSkippedShardThatDescendantsFollowIsToldAndTheyGoOn() throws Exception {
    readTwoGenerations();
    world.committed.commit(
        partition("001").toConnect(),
        Map.of("skipped", true, "sequence", first, "version", 1L, "readUpTo", 1L));
    world.start(1);
    world.stream.append("003", put("a", 5));
    world.run(Duration.ofMinutes(20));

    assertThat(world.values()).endsWith(json("a", 4), json("a", 5)).hasSize(5);
    assertThat(world.losses).singleElement().asString().contains("descend from it have offsets");
  }

  private void readTwoGenerations() throws InterruptedException {
    world.stream.addShard("001", null);
    first = world.stream.append("001", put("a", 1));
    world.stream.append("001", put("a", 2));
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 3));
    world.stream.rollOver("002", "003");
    world.stream.append("003", put("a", 4));
    world.start(1);
    world.run(A_WHILE);
    world.kill();
    assertThat(world.values()).hasSize(4);
  }

  /** As the README has it. */
  private void setBack(String shard) {
    world.committed.commit(
        partition(shard).toConnect(), Map.of("sequence", first, "version", 1_699_336_310_000_000L));
  }

  private static List<JsonNode> requests(ConnectException failure) {
    return RequestsInMessage.of(failure);
  }

  private static List<String> shards(JsonNode request) {
    return request.path("offsets").findValuesAsText("shard");
  }

  private void send(JsonNode request) {
    world.kill();
    RequestsInMessage.send(request, world.committed);
  }

  private SourcePartition partition(String shard) {
    return new SourcePartition.OfShard(TABLE, world.stream.arn(), shard);
  }
}
