package io.github.dynamokc.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.aws.KeyAttribute;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.TopicReader;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A connector is away for longer than its stream keeps changes, and comes back. The time is that of
 * the embedded AWS, which is moved, and an export is there at once.
 */
final class Absence {
  static final Duration LENGTH = Duration.ofHours(30);
  static final Duration HOLD = Duration.ofSeconds(1);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String STREAM_RECORD = "first record of the stream";
  private static final Set<String> STEPS =
      Set.of("GAP_FOUND", "REPAIR_PLANNED", "EXPORT_SUBMITTED", "GAP_REPAIRED");

  private final EmbeddedAws aws;
  private final ConnectWorker worker;
  private final String bootstrapServers;
  private final String name;
  private final ScriptedTable table;
  private int live;

  /**
   * Makes a table with a stream.
   *
   * @param name of the table and the connector, of which there must be none
   */
  Absence(Lab lab, EmbeddedAws aws, ConnectWorker worker, String name) {
    this.aws = aws;
    this.worker = worker;
    this.bootstrapServers = lab.kafka().bootstrapServers();
    this.name = name;
    this.table = ScriptedTable.create(aws, name, KeyAttribute.string(Items.KEY));
    // Recovery reaches back to when the table was made.
    aws.time().advance(Duration.ofMinutes(10));
  }

  /**
   * How the connector came back.
   *
   * @param steps what was seen when, in seconds since the resume; of several exports the last
   * @param taskStarts how often a task was started since then
   */
  record Return(Map<Double, String> steps, long taskStarts) {}

  /**
   * @param changes how many items are changed meanwhile, one in three of which is deleted
   */
  Return measure(int changes) throws InterruptedException {
    Map<String, String> config = AwsConfig.repairing(aws, name, 1);
    config.put("stream.handover.overlap.ms", Long.toString(HOLD.toMillis()));
    try (BenchConnector connector = BenchConnector.start(worker, name, config);
        TopicReader topic = TopicReader.open(bootstrapServers, name);
        TopicReader status = TopicReader.open(bootstrapServers, name + "-status")) {
      connector.await("follow its stream", PATIENCE, () -> writeAndSee(topic));
      for (int item = 0; item < changes; item++) {
        String id = "item-" + item;
        table.append(ScriptedChange.insert(Items.key(id), Items.item(id)));
      }
      String last = "\"item-" + (changes - 1) + "\"";
      connector.await(
          "read all changes",
          PATIENCE,
          () -> topic.toEnd().stream().anyMatch(r -> String.valueOf(r.key()).contains(last)));
      worker.rest().stop(name);
      worker.rest().await(name, "stop", PATIENCE, s -> s.tasks().isEmpty());
      aws.time().advance(Duration.ofMinutes(1));
      for (int item = 0; item < changes; item++) {
        table.append(change("item-" + item, item % 3 == 0));
      }
      aws.time().advance(LENGTH);
      status.toEnd();
      long before = taskStarts();
      Map<String, Double> seen = comeBack(connector, topic, status);
      Map<Double, String> steps = new TreeMap<>();
      seen.forEach((step, seconds) -> steps.merge(seconds, step, (a, b) -> a + ", " + b));
      return new Return(steps, taskStarts() - before);
    }
  }

  private static ScriptedChange change(String id, boolean delete) {
    String before = Items.item(id);
    return delete
        ? ScriptedChange.remove(Items.key(id), before)
        : ScriptedChange.modify(
            Items.key(id), before, before.replace("\"SHIPPED\"", "\"DELIVERED\""));
  }

  private Map<String, Double> comeBack(
      BenchConnector connector, TopicReader topic, TopicReader status) throws InterruptedException {
    Map<String, Double> seen = new LinkedHashMap<>();
    long start = System.nanoTime();
    worker.rest().resume(name);
    connector.await(
        "follow its stream again",
        PATIENCE,
        () -> {
          boolean follows = writeAndSee(topic);
          double seconds = (System.nanoTime() - start) / 1e9;
          for (TopicRecord record : status.toEnd()) {
            String type = type(record);
            if (STEPS.contains(type)) {
              seen.put(type, seconds);
            }
          }
          if (follows) {
            seen.put(STREAM_RECORD, seconds);
          }
          return follows;
        });
    return seen;
  }

  /** Writes to the stream; gives whether a change of it has come. */
  private boolean writeAndSee(TopicReader topic) {
    String id = "live-" + live++;
    table.append(ScriptedChange.insert(Items.key(id), Items.item(id)));
    return topic.toEnd().stream().anyMatch(r -> r.header("dynamodb_shard_id") != null);
  }

  private static String type(TopicRecord record) {
    try {
      return JSON.readTree(String.valueOf(record.value())).path("type").asText();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A status record without JSON: " + record, e);
    }
  }

  /** As the worker's log has it. */
  private long taskStarts() {
    try (Stream<String> lines = Files.lines(worker.log())) {
      return lines.filter(line -> line.contains("Creating task " + name + "-")).count();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the worker's log", e);
    }
  }
}
