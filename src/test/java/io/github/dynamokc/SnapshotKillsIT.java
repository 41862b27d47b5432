package io.github.dynamokc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.SnapshotTable;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.AwsResponse;
import io.github.dynamokc.testing.aws.LoggedRequest;
import io.github.dynamokc.testing.aws.LoggedS3Request;
import io.github.dynamokc.testing.aws.S3Fault;
import io.github.dynamokc.testing.aws.S3Front;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.TopicReader;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kills at the moments of a snapshot that matter, each held open for the kill. */
class SnapshotKillsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int ITEMS = 20_000;
  private static final Pattern EXPORT_ARN = Pattern.compile("\"exportArn\":\"([^\"]+)\"");

  private final S3Front s3 = new S3Front(EndToEnd.aws().s3Endpoint());

  @AfterEach
  void noMoreHooks() {
    EndToEnd.aws().front().clearHooks();
    s3.close();
  }

  @Test
  @Tag("full")
  void anUncommittedExportIsResumedNotPaidForTwice() {
    SnapshotTable table = SnapshotTable.create("kill-submitted", 100);
    ConnectWorker.Builder neverCommits =
        EndToEnd.worker(table.name()).set("offset.flush.interval.ms", "3600000");
    try (ConnectWorker worker = neverCommits.start()) {
      worker.rest().put(table.name(), table.config(s3));
      // The answer was taken and written down in Kafka, but its offset is not.
      Steps.await(
          status(table), PATIENCE, records -> !ofType(records, "EXPORT_SUBMITTED").isEmpty());
      assertThat(worker.rest().offsets(table.name())).isEmpty();
      worker.kill();
    }
    assertThat(submissions(table)).extracting(LoggedRequest::status).containsExactly(200);
    try (ConnectWorker worker = EndToEnd.worker(table.name()).start()) {
      List<TopicRecord> records =
          Steps.await(status(table), PATIENCE, r -> !ofType(r, "EXPORT_LOADED").isEmpty());

      assertThat(submissions(table)).extracting(LoggedRequest::status).containsExactly(200, 200);
      assertThat(tokens(table)).containsOnly(tokens(table).get(0));
      assertThat(table.exports()).as("exports on the bill").isEqualTo(1);
      assertThat(ofType(records, "EXPORT_SUBMITTED")).hasSize(2);
      assertThat(exportArns(records)).hasSize(1);
      assertThat(TestConnector.records(table.name())).hasSize(100);
    }
  }

  @Test
  @Tag("full")
  void anExportWithoutAnAnswerIsResumedNotPaidForTwice() throws Exception {
    SnapshotTable table = SnapshotTable.create("kill-unanswered", 100);
    AtomicBoolean first = new AtomicBoolean(true);
    CountDownLatch submitted = new CountDownLatch(1);
    CountDownLatch killed = new CountDownLatch(1);
    EndToEnd.aws()
        .front()
        .onRequest(
            request -> {
              if (!isSubmission(request.action(), request.json(), table)
                  || !first.getAndSet(false)) {
                return Optional.empty();
              }
              startExport(request.json());
              submitted.countDown();
              awaitQuietly(killed);
              return Optional.of(new AwsResponse.ConnectionClosed());
            });
    try (ConnectWorker worker = EndToEnd.worker(table.name()).exactlyOnce(true).start()) {
      worker.rest().put(table.name(), table.config(s3));
      assertThat(submitted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      worker.kill();
      killed.countDown();
      worker.restart();
      Steps.await(status(table), PATIENCE, r -> !ofType(r, "EXPORT_LOADED").isEmpty());

      List<String> tokens = tokens(table);
      assertThat(tokens).as("the test's own, and two of the connector").hasSize(3);
      assertThat(tokens).containsOnly(tokens.get(0));
      assertThat(table.exports()).as("exports on the bill").isEqualTo(1);
      assertThat(TestConnector.records(table.name())).hasSize(100);
    }
  }

  @Test
  @Tag("full")
  void aFileIsResumedBehindItsLastCommittedItem() {
    SnapshotTable table = SnapshotTable.create("kill-loading", ITEMS);
    s3.failAll(SnapshotKillsIT::isDataFile, hold(500_000));
    try (ConnectWorker worker = EndToEnd.worker(table.name()).start()) {
      worker.rest().put(table.name(), table.config(s3));
      Steps.await(table.name(), PATIENCE, records -> records.size() > 1_000);
      worker
          .rest()
          .await(
              table.name(),
              "commit what it got",
              PATIENCE,
              s -> itemsCommitted(worker, table) == TestConnector.records(table.name()).size());
      int committed = itemsCommitted(worker, table);
      assertThat(committed).isBetween(1_000, ITEMS - 1_000);
      worker.kill();
      s3.clearHooks();
      worker.restart();
      Steps.await(status(table), PATIENCE, r -> !ofType(r, "EXPORT_LOADED").isEmpty());

      assertThat(keys(TestConnector.records(table.name())))
          .as("%d items were committed before the kill, and none came again", committed)
          .isEqualTo(sorted(SnapshotTable.keys(0, ITEMS)));
    }
  }

  /** Of a file of about 4 MB, of which 3 MB were read. */
  @Test
  @Tag("full")
  void theRestOfALargeFileIsAskedFor() {
    int items = 3 * ITEMS;
    SnapshotTable table = SnapshotTable.create("kill-loading-large", items);
    s3.failNext(1, SnapshotKillsIT::isDataFile, hold(3_000_000));
    try (ConnectWorker worker = EndToEnd.worker(table.name()).start()) {
      worker.rest().put(table.name(), table.config(s3));
      worker
          .rest()
          .await(
              table.name(),
              "commit most of the file",
              PATIENCE,
              s -> itemsCommitted(worker, table) > 2 * ITEMS);
      worker.kill();
      worker.restart();
      Steps.await(status(table), PATIENCE, r -> !ofType(r, "EXPORT_LOADED").isEmpty());

      LoggedS3Request rest = s3.requests(SnapshotKillsIT::isDataFile).get(1);
      assertThat(rest.status()).isEqualTo(206);
      assertThat(rest.request().ifMatch()).isNotNull();
      assertThat(rest.request().range()).matches("bytes=[12]\\d{6}-");
      assertThat(downloads()).isEqualTo(2);
      assertThat(keys(TestConnector.records(table.name())).stream().distinct().toList())
          .isEqualTo(sorted(SnapshotTable.keys(0, items)));
    }
  }

  /** The transaction is still open when the worker dies, with thousands of items in it. */
  @Test
  void exactlyOnceShowsNoItemTwice() {
    SnapshotTable table = SnapshotTable.create("kill-exactly-once", ITEMS);
    s3.failNext(1, SnapshotKillsIT::isDataFile, hold(300_000));
    s3.failNext(1, SnapshotKillsIT::isDataFile, hold(900_000));
    try (ConnectWorker worker = EndToEnd.worker(table.name()).exactlyOnce(true).start()) {
      Map<String, String> config = table.config(s3);
      Map<String, String> keptOpen = new HashMap<>(config);
      keptOpen.put("transaction.boundary", "interval");
      keptOpen.put("transaction.boundary.interval.ms", "600000");
      worker.rest().put(table.name(), config);
      Steps.await(table.name(), PATIENCE, records -> records.size() > 1_000);
      worker.rest().put(table.name(), keptOpen);
      worker.rest().await(table.name(), "download again", PATIENCE, s -> downloads() == 2);
      int committed = committed(table).size();
      Steps.await(table.name(), PATIENCE, records -> records.size() > committed + 1_000);
      worker.kill();
      s3.clearHooks();
      worker.restart();
      worker.rest().put(table.name(), config);
      Steps.await(status(table), PATIENCE, r -> !ofType(r, "EXPORT_LOADED").isEmpty());

      assertThat(keys(committed(table))).isEqualTo(sorted(SnapshotTable.keys(0, ITEMS)));
      assertThat(TestConnector.records(table.name()))
          .as("with what the kill left in a transaction that was never committed")
          .hasSizeGreaterThan(ITEMS + 1_000);
    }
  }

  private static S3Fault hold(int bytes) {
    return new S3Fault.Hold(bytes, new CountDownLatch(1));
  }

  private static boolean isDataFile(String key) {
    return key.contains("/data/");
  }

  private int downloads() {
    return s3.requests(SnapshotKillsIT::isDataFile).size();
  }

  private static List<TopicRecord> committed(SnapshotTable table) {
    try (TopicReader reader =
        TopicReader.openCommitted(EndToEnd.kafka().bootstrapServers(), table.name())) {
      return reader.toEnd();
    }
  }

  private static List<String> keys(List<TopicRecord> records) {
    return sorted(records.stream().map(TopicRecord::key).toList());
  }

  private static List<String> sorted(List<String> keys) {
    return keys.stream().sorted().toList();
  }

  private static String status(SnapshotTable table) {
    return table.name() + "-status";
  }

  private static List<TopicRecord> ofType(List<TopicRecord> status, String type) {
    return status.stream()
        .filter(record -> String.valueOf(record.value()).contains("\"type\":\"" + type + "\""))
        .toList();
  }

  private static Set<String> exportArns(List<TopicRecord> status) {
    return ofType(status, "EXPORT_SUBMITTED").stream()
        .flatMap(record -> EXPORT_ARN.matcher(String.valueOf(record.value())).results())
        .map(arn -> arn.group(1))
        .collect(Collectors.toSet());
  }

  private static int itemsCommitted(ConnectWorker worker, SnapshotTable table) {
    return worker.rest().offsets(table.name()).entrySet().stream()
        .filter(offset -> offset.getKey().path("kind").asText().equals("file"))
        .mapToInt(offset -> offset.getValue().path("items").asInt())
        .sum();
  }

  private static boolean isSubmission(String action, JsonNode body, SnapshotTable table) {
    return action.equals("ExportTableToPointInTime")
        && body.path("TableArn").asText().equals(table.arn());
  }

  private static List<LoggedRequest> submissions(SnapshotTable table) {
    return EndToEnd.aws().front().requests().stream()
        .filter(logged -> isSubmission(logged.action(), logged.body(), table))
        .toList();
  }

  private static List<String> tokens(SnapshotTable table) {
    return submissions(table).stream()
        .map(logged -> logged.body().path("ClientToken").asText())
        .toList();
  }

  /** What the connector asks for, so that the export is there though nobody tells it. */
  private static void startExport(JsonNode asked) {
    EndToEnd.aws()
        .dynamoDb()
        .exportTableToPointInTime(
            request ->
                request
                    .tableArn(asked.path("TableArn").asText())
                    .clientToken(asked.path("ClientToken").asText())
                    .s3Bucket(asked.path("S3Bucket").asText())
                    .exportFormat(asked.path("ExportFormat").asText()));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
