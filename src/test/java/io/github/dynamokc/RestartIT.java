package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a stopped or killed worker leaves behind is taken up by the next, and nothing is lost. */
@Tag("core")
class RestartIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @AfterEach
  void noMoreSyntheticExports() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  @Tag("full")
  void anIdleLatestConnectorSeesTheWritesOfItsDowntime() {
    String table = "idle-restart";
    EndToEnd.aws().tables().create(table, string("pk"));
    EndToEnd.aws().tables().put(table, item("before", 1));
    try (ConnectWorker worker = EndToEnd.worker(table).start()) {
      Map<String, String> config = EndToEnd.config(1, table);
      config.put("snapshot.mode", "no_data");
      worker.rest().put(table, config);
      Steps.await(table + "-status", PATIENCE, r -> has(r, "TABLE_REGISTERED"));
      awaitStreaming(worker, table);
      worker.kill();
      EndToEnd.aws().tables().put(table, item("while-down", 1));
      EndToEnd.aws().tables().put(table, item("while-down", 2));
      worker.restart();

      String key = "{\"pk\":\"while-down\"}";
      List<TopicRecord> records =
          Steps.await(table, PATIENCE, r -> Steps.byKey(r).getOrDefault(key, List.of()).size() > 1);
      assertThat(Steps.byKey(records)).containsEntry(key, List.of(1, 2));
    }
  }

  @Test
  void aWorkerKilledWhileLoadingResumesBehindCommittedItems() {
    String table = "killed-loading";
    EndToEnd.aws().tables().create(table, string("pk"));
    List<List<String>> files = new ArrayList<>();
    for (int file = 0; file < 12; file++) {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < 1_500; i++) {
        lines.add(
            "{\"Item\":{\"pk\":{\"S\":\"%02d-%04d\"},\"n\":{\"N\":\"1\"}}}".formatted(file, i));
      }
      files.add(lines);
    }
    EndToEnd.aws().front().putSyntheticExport(arn(table), Instant.now(), files);
    int items = 18_000;
    try (ConnectWorker worker = EndToEnd.worker(table).start()) {
      Map<String, String> config = EndToEnd.config(2, table);
      config.put("snapshot.mode", "initial_only");
      config.put("max.batch.size", "20");
      config.put("max.queue.bytes", "1048576");
      // One record a request: slow enough to be killed while it loads.
      config.put("producer.override.batch.size", "0");
      worker.rest().put(table, config);
      int before = 0;
      for (int kill = 0; kill < 2; kill++) {
        int enough = before + 2_000;
        before = Steps.await(table, PATIENCE, r -> r.size() >= enough).size();
        worker.kill();
        worker.restart();
      }
      assertThat(before).as("killed before the end").isLessThan(items);
      Steps.await(table + "-status", PATIENCE, r -> has(r, "EXPORT_LOADED"));
      List<TopicRecord> records = Steps.await(table, PATIENCE, r -> r.size() >= items);

      assertThat(Steps.byKey(records)).hasSize(items);
      assertThat(records.size())
          .as("records behind the last committed offsets come again, whole files do not")
          .isLessThan(2 * items);
    }
  }

  @Test
  void aWorkerKilledWhileFollowingTheStreamLosesNothing() throws Exception {
    String table = "killed-streaming";
    EndToEnd.aws().tables().create(table, string("pk"));
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int n = 1; !done.get(); n++) {
                for (int key = 0; key < 15; key++) {
                  EndToEnd.aws().tables().put(table, item("k" + key, n));
                }
                EndToEnd.aws().tables().delete(table, Map.of("pk", AttributeValue.fromS("k3")));
              }
            });
    try (ConnectWorker worker = EndToEnd.worker(table).start()) {
      worker.rest().put(table, EndToEnd.config(2, table));
      Steps.await(table + "-status", PATIENCE, r -> has(r, "EXPORT_LOADED"));
      int before = 0;
      for (int kill = 0; kill < 3; kill++) {
        int enough = before + 300;
        before = Steps.await(table, PATIENCE, r -> r.size() >= enough).size();
        if (kill == 1) {
          EndToEnd.aws().tables().rollOver(table);
        }
        worker.kill();
        worker.restart();
      }
      done.set(true);
      writer.get();
      List<TopicRecord> records = new TableModel(table, "pk").awaitTopicEqualsTable(PATIENCE);

      Steps.assertNoneIsSkipped(records);
    } finally {
      done.set(true);
    }
  }

  private static void awaitStreaming(ConnectWorker worker, String connector) {
    worker
        .rest()
        .await(
            connector,
            "stream",
            PATIENCE,
            status -> worker.rest().tasks(connector).toString().contains("\\\"stream\\\""));
  }

  private static boolean has(List<TopicRecord> status, String type) {
    return status.stream()
        .anyMatch(r -> String.valueOf(r.value()).contains("\"type\":\"" + type + "\""));
  }

  private static String arn(String table) {
    return EndToEnd.aws().tables().describe(table).tableArn();
  }

  private static Map<String, AttributeValue> item(String key, int n) {
    return Map.of("pk", AttributeValue.fromS(key), "n", AttributeValue.fromN(Integer.toString(n)));
  }
}
