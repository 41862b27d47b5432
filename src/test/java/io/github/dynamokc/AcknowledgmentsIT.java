package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.SnapshotTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.aws.S3Front;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.EmbeddedKafka;
import io.github.dynamokc.testing.kafka.TopicReader;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The Kafka that the records go to hangs and then dies, while the worker's own goes on: what a task
 * does about it is for the task to say. All cases share the one outage, as Connect takes 30 s to
 * give up the producer of a task that fails.
 */
@Tag("full")
class AcknowledgmentsIT {
  private static final Pattern SINCE =
      Pattern.compile("has not acknowledged (\\d+) records since (\\S+), which");
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int FIRST_FILE = 300;
  private static final int SECOND_FILE = 20_000;

  private final EmbeddedKafka destination = EmbeddedKafka.start(WorkDirectory.fresh("destination"));
  private final S3Front s3 = new S3Front(EndToEnd.aws().s3Endpoint());
  private final CountDownLatch outage = new CountDownLatch(1);
  private final StepWriter steps = new StepWriter();

  @AfterEach
  void end() {
    outage.countDown();
    EndToEnd.aws().front().clearHooks();
    s3.close();
    destination.close();
  }

  @Test
  void recordsUnacknowledgedInTimeFailTheTaskIfConfigured() {
    holdSecondFiles();
    ScriptedTable table = ScriptedTable.create("acks-shard", string("pk"));
    SnapshotTable polled = SnapshotTable.create("acks-file", FIRST_FILE, SECOND_FILE);
    SnapshotTable blocked = SnapshotTable.create("acks-blocked", FIRST_FILE, SECOND_FILE);
    String last = steps.write(table.stream(), table.shard(), "a", 3);
    try (ConnectWorker onceWorker = EndToEnd.worker("acks-once").exactlyOnce(true).start();
        TestConnector once = start(onceWorker, "acks-once", once(table));
        TestConnector shard = start("acks-shard", following(table));
        TestConnector waiting = start("acks-waiting", waiting(table));
        TestConnector file = start(polled.name(), loading(polled, 4_000_000));
        TestConnector stuck = start(blocked.name(), loading(blocked, 200_000))) {
      await("acks-shard", steps::endIsIn);
      await("acks-waiting", steps::endIsIn);
      awaitCommitted("acks-once", 3);
      awaitFirstFile(polled);
      awaitFirstFile(blocked);
      shard.awaitOffset("shard", table.shard(), offset -> last.equals(sequence(offset)));
      waiting.awaitOffset("shard", table.shard(), offset -> last.equals(sequence(offset)));

      Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      destination.pause();
      outage.countDown();
      steps.write(table.stream(), table.shard(), "a", 3);

      assertThat(shard.awaitFailure())
          .contains(
              "Shard " + table.shard() + " of table acks-shard",
              "shard.acknowledgment.timeout.ms=5000")
          .satisfies(trace -> assertSince(trace, before));
      assertThat(file.awaitFailure())
          .contains(
              "Data file ", " of table acks-file", "s3.data.file.acknowledgment.timeout.ms=4000")
          .satisfies(trace -> assertSince(trace, before));
      assertThat(once.awaitFailure()).contains("InterruptException");
      assertThat(log(onceWorker))
          .contains("Shard " + table.shard() + " of table acks-shard: Kafka has not acknowledged")
          .contains("Its thread is interrupted");
      assertThat(stuck.awaitFailure()).contains("InterruptException");
      assertThat(log(EndToEnd.worker()))
          .containsPattern("Data file \\S+ of table acks-blocked: Kafka has not acknowledged")
          .contains("Its thread is interrupted");
      assertThat(waiting.status().runs(1)).as("whoever waits runs on").isTrue();

      destination.kill();
      destination.restart();
      goOn(shard, "acks-shard", following(table));
      goOn(once, "acks-once", once(table));
      goOn(file, polled.name(), loading(polled, 4_000_000));
      goOn(stuck, blocked.name(), loading(blocked, 200_000));
      assertThat(Steps.byKey(await("acks-shard", steps::endIsIn))).isEqualTo(steps.written());
      assertThat(Steps.byKey(await("acks-waiting", steps::endIsIn))).isEqualTo(steps.written());
      assertThat(Steps.byKey(awaitCommitted("acks-once", 6))).isEqualTo(steps.written());
      assertLoaded(polled);
      assertLoaded(blocked);
    }
  }

  /** One file of each table is loaded before the outage, the other one after its beginning. */
  private void holdSecondFiles() {
    Map<String, String> first = new HashMap<>();
    s3.onRequest(
        request -> {
          String key = request.key();
          if (key.contains("/data/")) {
            String folder = key.substring(0, key.indexOf("/data/"));
            String earlier;
            synchronized (first) {
              earlier = first.putIfAbsent(folder, key);
            }
            if (earlier != null && !earlier.equals(key)) {
              awaitOutage();
            }
          }
          return Optional.empty();
        });
  }

  private void awaitOutage() {
    try {
      outage.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private TestConnector start(String name, Map<String, String> config) {
    return start(EndToEnd.worker(), name, config);
  }

  private TestConnector start(ConnectWorker worker, String name, Map<String, String> config) {
    config.put("shard.acknowledgment.timeout.ms", "5000");
    config.put("s3.data.file.acknowledgment.timeout.ms", "4000");
    return TestConnector.start(worker, name, toDestination(name, config));
  }

  /** A restart, with all the time that a busy machine may need. */
  private void goOn(TestConnector failed, String name, Map<String, String> config) {
    failed.configure(toDestination(name, config));
  }

  private Map<String, String> toDestination(String name, Map<String, String> config) {
    config.putIfAbsent("acknowledgments", "true");
    config.put("topic.format", name);
    config.put("producer.override.bootstrap.servers", destination.bootstrapServers());
    config.put("admin.override.bootstrap.servers", destination.bootstrapServers());
    config.put("consumer.override.bootstrap.servers", destination.bootstrapServers());
    return config;
  }

  private static Map<String, String> following(ScriptedTable table) {
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("stream.poll.interval.ms", "50");
    return config;
  }

  private static Map<String, String> waiting(ScriptedTable table) {
    Map<String, String> config = following(table);
    config.put("acknowledgments", "false");
    return config;
  }

  /** Its offsets are where the records are, and the task waits for the end of each transaction. */
  private static Map<String, String> once(ScriptedTable table) {
    Map<String, String> config = following(table);
    config.put("exactly.once.support", "required");
    return config;
  }

  /** What a producer has room for decides whether it lets its task go on in an outage. */
  private Map<String, String> loading(SnapshotTable table, int producerBytes) {
    Map<String, String> config = table.config(s3);
    config.put("export.file.concurrency", "1");
    config.put("producer.override.buffer.memory", Integer.toString(producerBytes));
    return config;
  }

  private static String sequence(JsonNode offset) {
    return offset.path("sequence").asText();
  }

  private static void assertSince(String trace, Instant outage) {
    Matcher since = SINCE.matcher(trace);
    assertThat(since.find()).as("a time in %s", trace).isTrue();
    assertThat(Instant.parse(since.group(2))).isBetween(outage, outage.plusSeconds(10));
  }

  /** The producer knows then both topics; it does not let a task go on that writes to a new one. */
  private void awaitFirstFile(SnapshotTable table) {
    await(
        table.name() + "-status",
        records -> records.stream().anyMatch(r -> r.value().contains("DATA_FILE_LOADED")));
  }

  private void assertLoaded(SnapshotTable table) {
    List<String> all = SnapshotTable.keys(0, FIRST_FILE + SECOND_FILE);
    List<TopicRecord> records =
        await(table.name(), seen -> keys(seen).distinct().count() == all.size());
    assertThat(keys(records)).containsOnlyOnceElementsOf(SnapshotTable.keys(0, FIRST_FILE));
    assertThat(keys(records)).containsAll(all);
  }

  private static Stream<String> keys(List<TopicRecord> records) {
    return records.stream().map(TopicRecord::key);
  }

  private List<TopicRecord> await(String topic, Predicate<List<TopicRecord>> enough) {
    return Steps.await(destination.bootstrapServers(), topic, PATIENCE, enough);
  }

  /** All records that are committed, up to this step. */
  private List<TopicRecord> awaitCommitted(String topic, int step) {
    try (TopicReader reader = TopicReader.openCommitted(destination.bootstrapServers(), topic)) {
      return reader.until(record -> record.value().contains("\"n\":" + step), PATIENCE);
    }
  }

  private static String log(ConnectWorker worker) {
    try {
      return Files.readString(worker.log());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
