package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ExportType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/**
 * Changes that are gone from the stream come from incremental exports, deletions included, and
 * nothing is loaded that did not change.
 */
class GapRepairIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The default of stream.handover.overlap.ms, and some more. */
  private static final Duration HOLD = Duration.ofMinutes(6);

  private static EmbeddedAws aws;

  @BeforeAll
  static void start() {
    aws = EmbeddedAws.start(WorkDirectory.fresh("gap-repair"));
    aws.buckets().create(EndToEnd.BUCKET);
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @Test
  void whatChangedInThirtyHoursComesFromIncrementalExports() {
    assertRepairedAfterThirtyHours(false);
  }

  @Test
  @Tag("full")
  void exactlyOnceHoldsForWhatComesFromIncrementalExports() {
    assertRepairedAfterThirtyHours(true);
  }

  private static void assertRepairedAfterThirtyHours(boolean exactlyOnce) {
    String table = exactlyOnce ? "gap-once" : "gap-away";
    fill(table, "untouched", "changed", "deleted", "recreated");
    Map<String, String> config = config(2, table);
    if (exactlyOnce) {
      config.put("exactly.once.support", "required");
    }
    try (ConnectWorker worker = EndToEnd.worker(table).exactlyOnce(exactlyOnce).start();
        TestConnector connector = TestConnector.start(worker, table, config)) {
      connector.awaitStreaming(table);
      put(table, "short-lived", 1);
      connector.awaitRecords(table, records -> !ofKey(records, "short-lived").isEmpty());
      awaitReadUpToNow(connector);
      aws.time().advance(Duration.ofMinutes(2));
      connector.stop();
      put(table, "changed", 2);
      delete(table, "deleted");
      delete(table, "short-lived");
      delete(table, "recreated");
      put(table, "created", 1);
      put(table, "came-and-went", 1);
      delete(table, "came-and-went");
      aws.time().advance(Duration.ofHours(30));
      put(table, "recreated", 2);
      connector.resume();
      connector.awaitStatusRecord("GAP_FOUND", table);
      put(table, "while-held", 1);
      aws.time().advance(HOLD);
      connector.awaitStatusRecord("GAP_REPAIRED", table);
      put(table, "changed", 3);
      List<TopicRecord> records = model(worker, table, exactlyOnce).awaitTopicEqualsTable(PATIENCE);

      assertThat(ofKey(records, "untouched")).hasSize(1);
      assertThat(ofKey(records, "came-and-went"))
          .extracting(record -> record.header("dynamodb_event_name"))
          .doesNotContain("INSERT");
      assertThat(ofKey(records, "deleted")).last().satisfies(GapRepairIT::isRemoval);
      assertThat(ofKey(records, "short-lived")).last().satisfies(GapRepairIT::isRemoval);
      assertThat(connector.statusRecords("DATA_LOSS")).isEmpty();
      assertThat(connector.statusRecords("GAP_REPAIRED"))
          .singleElement()
          .satisfies(
              repaired -> {
                assertThat(repaired.path("items").asLong()).isGreaterThan(4);
                assertThat(repaired.path("deletions").asLong()).isGreaterThan(1);
                assertThat(repaired.path("phase").asText()).isEqualTo("EXPORT_LOADED");
              });
      assertWindowsWereBilledOnce(connector, table);
      if (exactlyOnce) {
        List<JsonNode> loaded = connector.statusRecords("DATA_FILE_LOADED");
        long lines =
            loaded.stream()
                .filter(file -> !isOfSnapshot(connector, file))
                .mapToLong(file -> file.path("items").asLong())
                .sum();
        assertThat(records.stream().filter(GapRepairIT::isOfWindow))
            .as("each line of a window once")
            .hasSize((int) lines);
      }
    }
  }

  private static boolean isOfSnapshot(TestConnector connector, JsonNode file) {
    return connector.statusRecords("EXPORT_LOADED").stream()
        .anyMatch(loaded -> loaded.path("exportArn").asText().equals(file.path("export").asText()));
  }

  /** A change without what only the stream tells. */
  private static boolean isOfWindow(TopicRecord record) {
    return record.header("dynamodb_event_name") != null
        && record.header("dynamodb_event_id") == null;
  }

  @Test
  @Tag("full")
  void aStreamThatWasReplacedIsRepairedAndOtherTablesGoOn() {
    String table = "gap-replaced";
    List<String> others = List.of("gap-other-1", "gap-other-2");
    fill(table, "untouched", "changed", "deleted");
    others.forEach(other -> fill(other, "a"));
    Map<String, String> config = config(3, table, others.get(0), others.get(1));
    try (ConnectWorker worker = EndToEnd.worker(table).start();
        TestConnector connector = TestConnector.start(worker, table, config)) {
      connector.awaitStreaming(table, others.get(0), others.get(1));
      put(table, "before", 1);
      connector.awaitRecords(table, records -> !ofKey(records, "before").isEmpty());
      awaitReadUpToNow(connector);
      aws.tables().disableStream(table);
      aws.time().advance(Duration.ofMinutes(2));
      put(table, "changed", 2);
      delete(table, "deleted");
      put(table, "created", 1);
      aws.time().advance(Duration.ofMinutes(2));
      aws.tables().enableStream(table, StreamViewType.NEW_AND_OLD_IMAGES);
      put(table, "of-next", 1);
      connector.awaitStatusRecord("GAP_FOUND", table);
      others.forEach(other -> put(other, "while-held", 1));
      for (String other : others) {
        connector.awaitRecords(other, records -> !ofKey(records, "while-held").isEmpty());
      }
      assertThat(connector.statusRecords("GAP_REPAIRED")).isEmpty();
      aws.time().advance(HOLD);
      connector.awaitStatusRecord("GAP_REPAIRED", table);
      put(table, "of-next", 2);
      List<TopicRecord> records = model(worker, table, false).awaitTopicEqualsTable(PATIENCE);
      others.forEach(other -> model(worker, other, false).awaitTopicEqualsTable(PATIENCE));

      assertThat(ofKey(records, "deleted")).last().satisfies(GapRepairIT::isRemoval);
      assertThat(connector.statusRecords("GAP_FOUND"))
          .singleElement()
          .satisfies(
              found ->
                  assertThat(found.path("reason").asText())
                      .contains("was disabled and", "changes in between are in neither"));
      assertThat(connector.statusRecords("DATA_LOSS")).isEmpty();
      assertWindowsWereBilledOnce(connector, table);
    }
  }

  @Test
  @Tag("full")
  void aLoadThatTakesLongerThanADayIsBridged() {
    String table = "gap-bridged";
    fill(table, "untouched", "changed", "deleted");
    aws.front().holdExports();
    try (ConnectWorker worker = EndToEnd.worker(table).start();
        TestConnector connector = TestConnector.start(worker, table, config(1, table))) {
      connector.awaitStatusRecord("EXPORT_SUBMITTED", table);
      aws.time().advance(Duration.ofMinutes(1));
      put(table, "changed", 2);
      delete(table, "deleted");
      aws.time().advance(Duration.ofHours(40));
      put(table, "created", 1);
      aws.front().releaseExports();
      connector.awaitStatusRecord("GAP_FOUND", table);
      aws.time().advance(HOLD);
      connector.awaitStatusRecord("GAP_REPAIRED", table);
      put(table, "created", 2);
      List<TopicRecord> records = model(worker, table, false).awaitTopicEqualsTable(PATIENCE);

      assertThat(ofKey(records, "untouched")).hasSize(1);
      assertThat(ofKey(records, "deleted")).last().satisfies(GapRepairIT::isRemoval);
      assertThat(connector.statusRecords().stream().map(GapRepairIT::type))
          .containsSubsequence("EXPORT_LOADED", "GAP_FOUND", "GAP_REPAIRED")
          .doesNotContain("DATA_LOSS");
    } finally {
      aws.front().releaseExports();
    }
  }

  @Test
  @Tag("full")
  void noKillInARepairLosesAChangeOrPaysTwice() {
    String table = "gap-killed";
    fill(table, "untouched", "changed", "deleted");
    try (ConnectWorker worker = EndToEnd.worker(table).start();
        TestConnector connector = TestConnector.start(worker, table, config(2, table))) {
      connector.awaitStreaming(table);
      awaitReadUpToNow(connector);
      connector.stop();
      put(table, "changed", 2);
      delete(table, "deleted");
      aws.time().advance(Duration.ofHours(50));
      aws.front().holdExports();
      connector.resume();
      connector.awaitStatusRecord("GAP_FOUND", table);
      killAndWait(worker, connector);
      connector.awaitOffset(
          "table", table, offset -> offset.path("phase").asText().equals("GAP_FOUND"));
      put(table, "while-held", 1);
      aws.time().advance(HOLD);
      connector.awaitStatusRecord("REPAIR_PLANNED", table);
      killAndWait(worker, connector);
      connector.awaitStatusRecord(
          "EXPORT_SUBMITTED", status -> status.path("exportType").asText().startsWith("INC"));
      killAndWait(worker, connector);
      put(table, "while-exported", 1);
      aws.front().releaseExports();
      connector.awaitStatusRecord(
          "DATA_FILE_LOADED", status -> status.path("table").asText().equals(table));
      killAndWait(worker, connector);
      connector.awaitStatusRecord("GAP_REPAIRED", table);
      killAndWait(worker, connector);
      put(table, "changed", 3);
      List<TopicRecord> records = model(worker, table, false).awaitTopicEqualsTable(PATIENCE);

      assertThat(ofKey(records, "deleted")).last().satisfies(GapRepairIT::isRemoval);
      assertThat(connector.statusRecords("DATA_LOSS")).isEmpty();
      assertWindowsWereBilledOnce(connector, table);
    } finally {
      aws.front().releaseExports();
    }
  }

  private static void killAndWait(ConnectWorker worker, TestConnector connector) {
    worker.kill();
    worker.restart();
    connector.awaitState("RUNNING");
  }

  @Test
  @Tag("full")
  void whatCannotBeExportedFailsNamingTheDatesOrTakesASnapshot() {
    String table = "gap-unexportable";
    fill(table, "untouched", "changed", "deleted");
    Map<String, String> config = config(1, table);
    try (ConnectWorker worker = EndToEnd.worker(table).start();
        TestConnector connector = TestConnector.start(worker, table, config)) {
      connector.awaitStreaming(table);
      awaitReadUpToNow(connector);
      connector.stop();
      put(table, "changed", 2);
      aws.time().advance(Duration.ofHours(20));
      aws.tables().disableRecovery(table);
      aws.tables().enableRecovery(table);
      aws.time().advance(Duration.ofHours(20));
      connector.resume();
      connector.awaitStatusRecord("GAP_FOUND", table);
      aws.time().advance(HOLD);
      assertThat(connector.awaitFailure())
          .contains("Table " + table + ": its changes of ", "cannot be exported")
          .contains("Point-in-time recovery reaches back to ")
          .contains("set snapshot.mode=when_needed");
      config.put("snapshot.mode", "when_needed");
      connector.configure(config);
      connector.awaitOffset(
          "table",
          table,
          offset ->
              offset.path("phase").asText().equals("EXPORT_LOADED")
                  && offset.path("exportAttempt").asLong() == 2);
      put(table, "untouched", 2);

      model(worker, table, false).awaitTopicEqualsTable(PATIENCE);
      assertThat(connector.statusRecords("STREAM_HELD"))
          .singleElement()
          .satisfies(
              held -> assertThat(held.path("reason").asText()).contains("cannot be exported"));
    }
  }

  /** DynamoDB Local dates changes by the minute, so that only what is read without one is exact. */
  private static void awaitReadUpToNow(TestConnector connector) {
    long now = aws.time().instant().toEpochMilli();
    connector.awaitOffsets(
        "read the stream on",
        offsets -> {
          List<Long> readUpTo =
              offsets.entrySet().stream()
                  .filter(offset -> offset.getKey().path("kind").asText().equals("shard"))
                  .map(offset -> offset.getValue().path("readUpTo").asLong())
                  .toList();
          return !readUpTo.isEmpty() && readUpTo.stream().allMatch(time -> time > now);
        });
  }

  /** Each window is asked for with one token, however often, and says so with its length. */
  private static void assertWindowsWereBilledOnce(TestConnector connector, String table) {
    List<JsonNode> submitted =
        connector.statusRecords("EXPORT_SUBMITTED").stream()
            .filter(status -> status.path("exportType").asText().equals("INCREMENTAL_EXPORT"))
            .toList();
    assertThat(submitted).isNotEmpty();
    assertThat(submitted)
        .allSatisfy(
            export ->
                assertThat(export.path("to").asLong() - export.path("from").asLong())
                    .isBetween(Duration.ofMinutes(15).toMillis(), Duration.ofHours(24).toMillis()));
    Set<String> windows =
        submitted.stream()
            .map(export -> export.path("from").asText() + " " + export.path("to").asText())
            .collect(Collectors.toSet());
    assertThat(exportsOf(table)).isEqualTo(windows.size());
  }

  /** How many incremental exports of a table DynamoDB has made, and bills. */
  private static long exportsOf(String table) {
    String arn = aws.tables().describe(table).tableArn();
    return aws.dynamoDb().listExports(request -> request.tableArn(arn)).exportSummaries().stream()
        .filter(export -> export.exportType() == ExportType.INCREMENTAL_EXPORT)
        .count();
  }

  private static String type(JsonNode status) {
    return status.path("type").asText();
  }

  /** A table whose items are older than anything that a repair looks at. */
  private static void fill(String table, String... keys) {
    aws.tables().create(table, string("pk"));
    List.of(keys).forEach(key -> put(table, key, 1));
    aws.time().advance(Duration.ofMinutes(30));
  }

  private static void isRemoval(TopicRecord record) {
    assertThat(String.valueOf(record.header("dynamodb_event_name"))).isEqualTo("REMOVE");
  }

  private static TableModel model(ConnectWorker worker, String table, boolean committed) {
    TableModel model =
        TableModel.at(
            new TableModel.Place(
                aws.tables(), EndToEnd.kafka().bootstrapServers(), worker::logTail),
            table,
            "pk");
    return committed ? model.readCommitted() : model;
  }

  private static List<TopicRecord> ofKey(List<TopicRecord> records, String key) {
    return records.stream()
        .filter(record -> String.valueOf(record.key()).contains("\"" + key + "\""))
        .toList();
  }

  private static void put(String table, String key, int value) {
    aws.tables()
        .put(
            table,
            Map.of(
                "pk",
                AttributeValue.fromS(key),
                "value",
                AttributeValue.fromN(Integer.toString(value))));
  }

  private static void delete(String table, String key) {
    aws.tables().delete(table, Map.of("pk", AttributeValue.fromS(key)));
  }

  private static Map<String, String> config(int tasks, String... tables) {
    Map<String, String> config = EndToEnd.config(tasks, tables);
    aws.reachedBy(config);
    config.put("stream.on.data.loss", "repair");
    config.put("stream.poll.interval.ms", "50");
    config.put("stream.poll.idle.max.ms", "50");
    config.put("stream.progress.interval.ms", "1000");
    return config;
  }
}
