package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.aws.ScriptedStreams;
import io.github.dynamokc.testing.aws.ScriptedStreamsProtocol;
import io.github.dynamokc.testing.aws.StreamView;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Four generations of splits and rollovers while changes come in, two tasks, and kill -9 in
 * between: what DynamoDB Local never does is scripted behind the same endpoint.
 */
@Tag("full")
class SplitsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int KEYS = 40;

  private final Random random = new Random(7);
  private final String[] shardOfKey = new String[KEYS];
  private final int[] steps = new int[KEYS];

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void orderInAKeyIsKeptAndNothingIsLostOverSplitsAndKills() {
    String table = "splits";
    EndToEnd.aws().tables().create(table, string("pk"));
    ScriptedStreams streams = new ScriptedStreams(Clock.systemUTC());
    ScriptedStream stream =
        streams.create(
            EndToEnd.aws().tables().describe(table).latestStreamArn(),
            StreamView.NEW_AND_OLD_IMAGES,
            "pk");
    List<String> roots = List.of(stream.addShard(), stream.addShard());
    for (int key = 0; key < KEYS; key++) {
      shardOfKey[key] = roots.get(key % 2);
    }
    EndToEnd.aws().front().onRequest(new ScriptedStreamsProtocol(streams));
    try (ConnectWorker worker = EndToEnd.worker(table).start()) {
      Map<String, String> config = EndToEnd.config(2, table);
      config.put("snapshot.mode", "no_data");
      config.put("stream.start.position", "TRIM_HORIZON");
      worker.rest().put(table, config);
      for (int generation = 0; generation < 4; generation++) {
        write(stream, 300);
        splitOrRollOverAll(stream);
        write(stream, 300);
        int atLeast = Math.min(total(), 200 * (generation + 1));
        Steps.await(table, PATIENCE, r -> r.size() >= atLeast);
        if (generation % 2 == 1) {
          worker.kill();
          write(stream, 100);
          worker.restart();
        }
      }
      List<TopicRecord> records = Steps.await(table, PATIENCE, this::allSeen);

      Steps.assertNoneIsSkipped(records);
      Steps.byKey(records).values().forEach(seen -> assertThat(seen.get(0)).isEqualTo(1));
      assertVersionsGrow(records);
    }
  }

  private void write(ScriptedStream stream, int changes) {
    for (int i = 0; i < changes; i++) {
      int key = random.nextInt(KEYS);
      String keys = "{\"pk\":{\"S\":\"k%d\"}}".formatted(key);
      String image = "{\"pk\":{\"S\":\"k%d\"},\"n\":{\"N\":\"%d\"}}".formatted(key, ++steps[key]);
      stream.append(shardOfKey[key], ScriptedChange.insert(keys, image));
    }
  }

  private void splitOrRollOverAll(ScriptedStream stream) {
    for (String shard : List.copyOf(stream.openShards())) {
      List<String> children =
          random.nextBoolean() ? stream.split(shard) : List.of(stream.rollOver(shard));
      for (int key = 0; key < KEYS; key++) {
        if (shardOfKey[key].equals(shard)) {
          shardOfKey[key] = children.get(key % children.size());
        }
      }
    }
  }

  private int total() {
    return Arrays.stream(steps).sum();
  }

  private boolean allSeen(List<TopicRecord> records) {
    Map<String, List<Integer>> seen = Steps.byKey(records);
    for (int key = 0; key < KEYS; key++) {
      List<Integer> of = seen.getOrDefault("{\"pk\":\"k" + key + "\"}", new ArrayList<>());
      if (steps[key] > 0 && (of.isEmpty() || of.get(of.size() - 1) != steps[key])) {
        return false;
      }
    }
    return true;
  }

  /** A step has one version, however often it is delivered, and later steps have higher ones. */
  private static void assertVersionsGrow(List<TopicRecord> records) {
    Map<String, Map<String, Long>> versions = new HashMap<>();
    Map<String, Long> highest = new HashMap<>();
    for (TopicRecord record : records) {
      long version = record.longHeader("document_version");
      Long before =
          versions.computeIfAbsent(record.key(), k -> new HashMap<>()).put(record.value(), version);
      if (before == null) {
        assertThat(version).as("%s", record).isGreaterThan(highest.getOrDefault(record.key(), 0L));
        highest.put(record.key(), version);
      } else {
        assertThat(version).as("%s", record).isEqualTo(before);
      }
    }
  }
}
