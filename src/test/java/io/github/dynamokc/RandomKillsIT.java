package io.github.dynamokc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.SnapshotTable;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.TableWriter;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.S3Front;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills at any moment from the first thought of a table to its stream, with writes all the time:
 * each round starts some connectors at different times, so that a kill meets them in different
 * phases, and ends with the topic of each held against its table.
 *
 * <p>{@code -Dkills.rounds=50} makes more of them, {@code -Dkills.seed=1} repeats the choices.
 */
@Tag("core")
class RandomKillsIT {
  private static final int ROUNDS = Integer.getInteger("kills.rounds", 1);
  private static final long SEED =
      Long.getLong("kills.seed", ThreadLocalRandom.current().nextInt(1_000_000));
  private static final int TABLES = 6;
  private static final int KEYS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Random random = new Random(SEED);
  private final S3Front s3 = new S3Front(EndToEnd.aws().s3Endpoint());

  @AfterEach
  void noMoreDelays() {
    EndToEnd.aws().front().exportDelay(Duration.ZERO);
    s3.close();
  }

  @ParameterizedTest(name = "exactly once: {0}")
  @ValueSource(booleans = {false, true})
  void noKillLosesAnItemOrPaysForAnExportTwice(boolean exactlyOnce) {
    String name = exactlyOnce ? "random-kills-once" : "random-kills";
    EndToEnd.aws().front().exportDelay(Duration.ofMillis(1_000));
    Random delays = new Random(SEED);
    s3.onRequest(
        request -> {
          if (request.key().contains("/data/")) {
            pause(delays, 500);
          }
          return Optional.empty();
        });
    try (ConnectWorker worker = EndToEnd.worker(name).exactlyOnce(exactlyOnce).start()) {
      for (int round = 0; round < ROUNDS; round++) {
        round(worker, name + "-" + round, exactlyOnce);
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("Repeat it with -Dkills.seed=" + SEED, e);
    }
  }

  private void round(ConnectWorker worker, String name, boolean exactlyOnce) {
    List<SnapshotTable> tables = new ArrayList<>();
    for (int i = 0; i < TABLES; i++) {
      tables.add(SnapshotTable.create(name + "-" + i));
    }
    List<String> names = tables.stream().map(SnapshotTable::name).toList();
    List<TestConnector> connectors = new ArrayList<>();
    try (TableWriter writer = TableWriter.start(names, KEYS, new Random(random.nextLong()))) {
      for (SnapshotTable table : tables) {
        connectors.add(TestConnector.start(worker, table.name(), config(table, exactlyOnce)));
        pause(random, 1_000);
      }
      pause(random, 2_000);
      kill(worker, connectors);
      if (random.nextBoolean()) {
        pause(random, 4_000);
        kill(worker, connectors);
      }
    }
    for (SnapshotTable table : tables) {
      check(table, exactlyOnce);
    }
    connectors.forEach(TestConnector::close);
  }

  private Map<String, String> config(SnapshotTable table, boolean exactlyOnce) {
    Map<String, String> config = table.config(s3);
    config.put("snapshot.mode", "initial");
    config.put("tasks.max", Integer.toString(1 + random.nextInt(2)));
    config.put("export.file.concurrency", "1");
    config.put("exactly.once.support", exactlyOnce ? "required" : "requested");
    return config;
  }

  private static void pause(Random random, int atMostMillis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(atMostMillis)));
  }

  private static void kill(ConnectWorker worker, List<TestConnector> connectors) {
    System.out.printf("Killed at %s%n", connectors.stream().map(RandomKillsIT::phase).toList());
    worker.kill();
    worker.restart();
  }

  /** What a connector has said of itself last. */
  private static String phase(TestConnector connector) {
    List<JsonNode> status = connector.statusRecords();
    return status.isEmpty() ? "nothing" : status.get(status.size() - 1).path("type").asText();
  }

  private static void check(SnapshotTable table, boolean exactlyOnce) {
    TableModel model = new TableModel(table.name(), "pk");
    List<TopicRecord> records =
        (exactlyOnce ? model.readCommitted() : model).awaitTopicEqualsTable(PATIENCE);

    Steps.assertNoneIsSkipped(records);
    assertThat(table.exports()).as("exports of %s on the bill", table.name()).isEqualTo(1);
    List<String> exported =
        records.stream()
            .filter(record -> record.header("dynamodb_event_name") == null)
            .map(TopicRecord::key)
            .toList();
    assertThat(new HashSet<>(exported)).as("items of the export").hasSize(table.itemsExported());
    if (exactlyOnce) {
      assertThat(exported).doesNotHaveDuplicates();
      assertThat(records.stream().map(record -> record.header("dynamodb_event_id")))
          .filteredOn(id -> id != null)
          .doesNotHaveDuplicates();
    }
  }
}
