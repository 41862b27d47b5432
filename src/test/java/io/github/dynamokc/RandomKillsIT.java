package io.github.dynamokc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.RollOvers;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Kills at any moment from the first thought of a table to its stream, with writes all the time and
 * shards that end every few seconds: each round starts some connectors at different times, so that
 * a kill meets them in different phases. It ends with the topic of each held against its table, and
 * with the changes in it against those in the table's stream.
 *
 * <p>{@code -Dkills.rounds=50} makes more of them, {@code -Dkills.seed=1} repeats the choices.
 */
@Tag("core")
@Tag("full")
class RandomKillsIT {
  private static final int ROUNDS = Integer.getInteger("kills.rounds", 1);
  private static final long SEED =
      Long.getLong("kills.seed", ThreadLocalRandom.current().nextInt(1_000_000));
  private static final int TABLES = 5;
  private static final int KEYS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Random random = new Random(SEED);
  private final S3Front s3 = new S3Front(EndToEnd.aws().s3Endpoint());
  private final Tally tally = new Tally();

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
        System.out.printf("%s, after round %d: %s%n", name, round, tally);
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("Repeat it with -Dkills.seed=" + SEED, e);
    }
    assertThat(tally.shardsFinished).as("children were read: %s", tally).isGreaterThan(TABLES);
  }

  private void round(ConnectWorker worker, String name, boolean exactlyOnce) {
    List<SnapshotTable> tables = new ArrayList<>();
    for (int i = 0; i < TABLES; i++) {
      tables.add(SnapshotTable.create(name + "-" + i));
    }
    List<String> names = tables.stream().map(SnapshotTable::name).toList();
    List<TestConnector> connectors = new ArrayList<>();
    try (TableWriter writer = TableWriter.start(names, KEYS, new Random(random.nextLong()));
        RollOvers rollOvers =
            RollOvers.start(Duration.ofSeconds(4), new Random(random.nextLong()))) {
      for (SnapshotTable table : tables) {
        connectors.add(TestConnector.start(worker, table.name(), config(table, exactlyOnce)));
        pause(random, 1_000);
      }
      pause(random, 7_000);
      kill(worker, connectors);
      if (random.nextBoolean()) {
        pause(random, 4_000);
        kill(worker, connectors);
      }
      tally.generations += rollOvers.generations();
    }
    for (int i = 0; i < TABLES; i++) {
      check(tables.get(i), exactlyOnce);
      tally.shardsFinished += connectors.get(i).statusRecords("SHARD_FINISHED").size();
    }
    connectors.forEach(TestConnector::close);
    // All tables that are there roll over together, which takes the longer the more they are.
    names.forEach(EndToEnd.aws().tables()::drop);
  }

  private Map<String, String> config(SnapshotTable table, boolean exactlyOnce) {
    Map<String, String> config = table.config(s3);
    config.put("snapshot.mode", "initial");
    config.put("tasks.max", Integer.toString(1 + random.nextInt(2)));
    config.put("export.file.concurrency", "1");
    config.put("exactly.once.support", exactlyOnce ? "required" : "requested");
    config.put("delete.mode", "document_and_tombstone");
    return config;
  }

  private static void pause(Random random, int atMostMillis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(atMostMillis)));
  }

  private void kill(ConnectWorker worker, List<TestConnector> connectors) {
    List<String> phases = connectors.stream().map(RandomKillsIT::phase).toList();
    System.out.printf("Killed at %s%n", phases);
    worker.kill();
    worker.restart();
    tally.kills++;
    phases.forEach(phase -> tally.phases.merge(phase, 1, Integer::sum));
  }

  /** What a connector has said of itself last. */
  private static String phase(TestConnector connector) {
    List<JsonNode> status = connector.statusRecords();
    return status.isEmpty() ? "nothing" : status.get(status.size() - 1).path("type").asText();
  }

  private void check(SnapshotTable table, boolean exactlyOnce) {
    // Behind all that was written before, so that the whole stream is in Kafka when it is there.
    EndToEnd.aws().tables().put(table.name(), Map.of("pk", AttributeValue.fromS("last of all")));
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
    List<String> changes = events(records, record -> record.value() != null);
    List<String> tombstones = events(records, record -> record.value() == null);
    List<String> deletions =
        events(records, record -> "REMOVE".equals(record.header("dynamodb_event_name")));
    assertThat(new HashSet<>(tombstones)).isEqualTo(new HashSet<>(deletions));
    List<String> written = EndToEnd.aws().tables().changes(table.name());
    assertThat(new HashSet<>(changes))
        .as("changes of %s", table.name())
        .isEqualTo(new HashSet<>(written));
    if (exactlyOnce) {
      assertThat(exported).doesNotHaveDuplicates();
      assertThat(changes).hasSameSizeAs(written);
      assertThat(tombstones).doesNotHaveDuplicates();
    }
    tally.tables++;
    tally.records += records.size();
    tally.tombstones += tombstones.size();
    tally.repeated += exported.size() - table.itemsExported() + changes.size() - written.size();
  }

  /** The ids of the changes that some records tell of. */
  private static List<String> events(List<TopicRecord> records, Predicate<TopicRecord> which) {
    return records.stream()
        .filter(which)
        .map(record -> record.header("dynamodb_event_id"))
        .filter(Objects::nonNull)
        .toList();
  }

  /** What happened in all rounds. */
  private static final class Tally {
    private final Map<String, Integer> phases = new TreeMap<>();
    private int kills;
    private int tables;
    private int records;
    private int repeated;
    private int tombstones;
    private int generations;
    private int shardsFinished;

    @Override
    public String toString() {
      return "%d kills, %d generations of shards, %d tables, %d records (%d of them repeated, %d tombstones), %d shards read to their end, kills met %s"
          .formatted(
              kills, generations, tables, records, repeated, tombstones, shardsFinished, phases);
    }
  }
}
