package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.json;
import static io.github.dynamokc.stream.StreamWorld.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.UserIdentity;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Changes that give two records, or none, and what is committed of them. */
class DeletionsAndSkippingTest {
  private static final Duration A_WHILE = Duration.ofMinutes(2);
  private static final long SECOND = 1_699_336_310L;

  private final StreamWorld world = new StreamWorld();

  private static ScriptedChange removal(String key) {
    return ScriptedChange.remove("{\"pk\":{\"S\":\"" + key + "\"}}", null);
  }

  private static ScriptedChange update(String key, int value) {
    String keys = "{\"pk\":{\"S\":\"" + key + "\"}}";
    String image = "{\"pk\":{\"S\":\"%s\"},\"v\":{\"N\":\"%d\"}}".formatted(key, value);
    return ScriptedChange.modify(keys, keys, image);
  }

  @Test
  void aDeletionComesAgainWholeIfOnlyItsDocumentWasCommitted() throws Exception {
    world.form = new String[] {"delete.mode", "document_and_tombstone"};
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1).at(SECOND));
    world.stream.append("001", removal("a").at(SECOND));
    world.start(1);
    world.readWhatIsDue();
    world.acknowledge(0, 2);
    world.commitAll();
    assertThat(world.values()).containsExactly(json("a", 1), "{}");
    world.kill();
    world.startTasks();
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1), "{}", "{}", null);
    long version = SECOND * 1_000_000;
    assertThat(world.versions()).containsExactly(version, version + 1, version + 1, version + 1);
  }

  @Test
  void aDeletionAsFirstChangeOfItsShardComesAgainWhole() throws Exception {
    world.form = new String[] {"delete.mode", "document_and_tombstone"};
    world.stream.addShard("001", null);
    world.stream.append("001", removal("a").at(SECOND));
    world.start(1);
    world.readWhatIsDue();
    world.acknowledge(0, 1);
    world.commitAll();
    assertThat(world.offset("001")).isInstanceOf(ShardOffset.Started.class);
    world.kill();
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly("{}", "{}", null);
    assertThat(world.versions()).containsOnly(SECOND * 1_000_000);
    assertThat(world.offset("001")).isInstanceOf(ShardOffset.Read.class);
  }

  @Test
  void aTombstoneAloneTakesThePlaceOfTheDocument() throws Exception {
    world.form = new String[] {"delete.mode", "tombstone"};
    world.stream.addShard("001", null);
    world.stream.append("001", removal("a"));
    world.stream.append("001", put("b", 1));
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.values()).containsExactlyInAnyOrder(null, json("b", 1));
  }

  @Test
  void skippedOperationsAreLeftOutAndCountedAndTakeTheirVersion() throws Exception {
    world.form = new String[] {"skipped.operations", "u, ttl"};
    UserIdentity dynamoDb = new UserIdentity("dynamodb.amazonaws.com", "Service");
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1).at(SECOND));
    world.stream.append("001", update("a", 2).at(SECOND));
    world.stream.append("001", removal("a").at(SECOND));
    world.stream.append("001", removal("b").at(SECOND).by(dynamoDb));
    world.stream.append("001", put("a", 3).at(SECOND));
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 1), "{}", json("a", 3));
    long version = SECOND * 1_000_000;
    assertThat(world.versions()).containsExactly(version, version + 2, version + 4);
    assertThat(world.metrics.count(Counter.EVENTS_SKIPPED_BY_OPERATION)).isEqualTo(2);
    assertThat(world.metrics.count(Counter.CHANGE_EVENTS_PROCESSED)).isEqualTo(3);
  }

  @Test
  void changesSkippedForAMinuteAreNotReadAgainAfterARestart() throws Exception {
    world.form = new String[] {"skipped.operations", "u"};
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.start(1);
    world.run(A_WHILE);
    for (int n = 0; n < 4; n++) {
      world.stream.append("001", update("a", n));
      world.run(Duration.ofSeconds(59));
    }
    assertThat(world.status).containsOnly("SHARD_PROGRESS").hasSizeBetween(2, 4);
    long skipped = world.metrics.count(Counter.EVENTS_SKIPPED_BY_OPERATION);
    assertThat(skipped).isEqualTo(4);
    world.kill();
    world.start(1);
    world.run(A_WHILE);
    assertThat(world.metrics.count(Counter.EVENTS_SKIPPED_BY_OPERATION))
        .isBetween(skipped, skipped + 1);

    world.stream.append("001", put("b", 1));
    world.run(A_WHILE);
    assertThat(world.values()).containsExactly(json("a", 1), json("b", 1));
  }

  @Test
  void aShardOfSkippedChangesEndsAndItsChildIsRead() throws Exception {
    world.form = new String[] {"skipped.operations", "c,d"};
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.stream.append("001", removal("a"));
    world.stream.rollOver("001", "002");
    world.stream.append("002", put("a", 2));
    world.stream.append("002", update("a", 3));
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.values()).containsExactly(json("a", 3));
    assertThat(world.status).containsExactly("SHARD_FINISHED", "SHARD_STARTED");
    ShardOffset.Read child = (ShardOffset.Read) world.offset("002");
    assertThat(child.version())
        .isGreaterThan(((ShardOffset.Finished) world.offset("001")).version());
  }

  @Test
  void aMissingOldImageIsCountedIfConfigured() throws Exception {
    world.form = new String[] {"stream.view.on.remove", "OLD_IMAGE"};
    world.stream.addShard("001", null);
    world.stream.append("001", removal("a"));
    world.stream.append(
        "001", ScriptedChange.remove("{\"pk\":{\"S\":\"b\"}}", "{\"v\":{\"N\":\"1\"}}"));
    world.start(1);
    world.run(A_WHILE);

    assertThat(world.values()).containsExactlyInAnyOrder("{}", "{\"v\":1}");
    assertThat(world.metrics.count(Counter.REMOVALS_WITHOUT_OLD_IMAGE)).isEqualTo(1);
  }
}
