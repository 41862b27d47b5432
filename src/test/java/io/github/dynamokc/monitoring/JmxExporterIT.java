package io.github.dynamokc.monitoring;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.JvmProcess;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.DataFile;
import io.github.dynamokc.testing.aws.SyntheticExport;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What Prometheus gets of a worker with the exporter's agent, of things that went well or not. */
@Tag("full")
class JmxExporterIT {
  private static final int PORT = JvmProcess.freePort();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final double DAY_MS = Duration.ofDays(1).toMillis();
  private static ConnectWorker worker;

  @BeforeAll
  static void startWorker() {
    worker = EndToEnd.worker("jmx-exporter").jvmArgument(Scrape.agent(PORT)).start();
  }

  @AfterAll
  static void stopWorker() {
    worker.close();
  }

  @Test
  void snapshotAndStreamAreInTheMetricsUnderTheirNames() {
    String table = "exporter-table";
    // The colon has JMX quote the name.
    String connector = "exporter:connector";
    export(table, DataFile.of(items("a", "b", "c")), DataFile.of(items("d", "e")));
    Map<String, String> config = EndToEnd.config(2, table);
    config.put("status.topic", "exporter-status");
    try (TestConnector running = TestConnector.start(worker, connector, config)) {
      running.awaitStreaming(table);
      for (String key : List.of("a", "f", "g")) {
        put(table, key);
      }
      running.awaitRecords(table, 8);
      Map<String, String> labels = Map.of("connector", connector, "table", table);
      Scrape scrape =
          await(
              "all acknowledged",
              s ->
                  s.sum("dynamokc_task_change_events_processed_total", labels) >= 3
                      && s.sum("dynamokc_task_unacknowledged_records", labels) == 0
                      && s.sum("dynamokc_task_millis_behind_latest", labels) < 10_000);

      assertThat(scrape.metrics()).containsAll(MonitoringFiles.metricsThatAreAskedFor());
      assertSum(scrape, "dynamokc_connector_export_job_success_total", labels, 1);
      assertSum(scrape, "dynamokc_connector_export_job_failure_total", labels, 0);
      assertSum(scrape, "dynamokc_connector_export_s3_objects_total", labels, 2);
      assertSum(scrape, "dynamokc_connector_export_s3_objects_processed_total", labels, 2);
      assertSum(scrape, "dynamokc_connector_export_records_total", labels, 5);
      assertSum(scrape, "dynamokc_connector_export_records_processed_total", labels, 5);
      assertSum(scrape, "dynamokc_connector_total_open_shards", labels, 1);
      assertSum(scrape, "dynamokc_connector_data_loss_events_total", labels, 0);
      assertSum(scrape, "dynamokc_task_change_events_processed_total", labels, 3);
      assertSum(scrape, "dynamokc_task_active_shards_in_processing", labels, 1);
      assertThat(scrape.sum("dynamokc_task_shard_progress_total", labels)).isPositive();
      assertThat(scrape.of("dynamokc_task_millis_until_data_loss", labels))
          .extracting(Scrape.Sample::value)
          .filteredOn(left -> left >= 0)
          .singleElement()
          .satisfies(left -> assertThat(left).isCloseTo(DAY_MS, within(60_000.0)));
      assertThat(scrape.of("dynamokc_task_shard_progress_total", labels))
          .allSatisfy(
              sample -> {
                assertThat(sample.labels()).containsOnlyKeys("connector", "task", "table");
                assertThat(sample.labels().get("task")).isIn("0", "1");
              });
      assertThat(scrape.of("dynamokc_connector_total_open_shards", labels))
          .extracting(Scrape.Sample::labels)
          .containsExactly(labels);
      assertSum(scrape, "dynamokc_connector_phase", labels, 3);
      for (String version : List.of("dynamokc_connector_version", "dynamokc_task_version")) {
        assertThat(scrape.of(version, labels))
            .as(version)
            .isNotEmpty()
            .allSatisfy(
                sample -> {
                  assertThat(sample.value()).isEqualTo(1);
                  assertThat(sample.labels().get("version")).isNotBlank();
                });
      }
      assertThat(scrape.types())
          .containsEntry("dynamokc_task_change_events_processed_total", "counter")
          .containsEntry("dynamokc_connector_export_records_total", "counter")
          .containsEntry("dynamokc_task_millis_behind_latest", "gauge");

      Map<String, String> ofConnect = Map.of("connector", connector);
      assertThat(scrape.of("kafka_connect_connector_status", ofConnect))
          .extracting(sample -> sample.labels().get("status"))
          .containsExactly("running");
      assertThat(scrape.of("kafka_connect_connector_class", ofConnect))
          .extracting(sample -> sample.labels().get("class"))
          .containsExactly("io.github.dynamokc.DynamoDbSourceConnector");
      assertThat(scrape.of("kafka_connect_connector_task_status", ofConnect))
          .isNotEmpty()
          .allMatch(sample -> sample.labels().get("status").equals("running"));
      assertThat(scrape.sum("kafka_connect_source_task_source_record_write_total", ofConnect))
          .isGreaterThanOrEqualTo(3);
      assertThat(scrape.of("kafka_producer_outgoing_byte_total", ofConnect)).isNotEmpty();
    }
  }

  @Test
  void aConnectorWhoseExportsFailShowsAsFailed() {
    String table = "exporter-export-fails";
    export(table, DataFile.of(items("a")));
    EndToEnd.aws().front().failNextExports(1, "S3AccessDenied", "no PutObject for DynamoDB");
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("export.max.attempts", "1");
    try (TestConnector failing = TestConnector.start(worker, table, config)) {
      failing.awaitState("FAILED");

      Map<String, String> labels = Map.of("connector", table);
      Scrape scrape = Scrape.of(PORT);
      assertSum(scrape, "dynamokc_connector_export_job_failure_total", labels, 1);
      assertThat(scrape.of("kafka_connect_connector_status", labels))
          .extracting(sample -> sample.labels().get("status"))
          .containsExactly("failed");
    }
  }

  @Test
  void aFailedTaskIsShownAndItsTablesMetricsDisappear() {
    String table = "exporter-task-fails";
    export(table, DataFile.of(items("a")).withItemCount(2));
    try (TestConnector failing = TestConnector.start(worker, table, EndToEnd.config(1, table))) {
      assertThat(failing.awaitFailure()).contains("has 1 items where the manifest says 2");

      Map<String, String> labels = Map.of("connector", table);
      Scrape scrape =
          await("no numbers", s -> s.of("dynamokc_task_bytes_received_total", labels).isEmpty());
      assertThat(scrape.of("kafka_connect_connector_task_status", labels))
          .extracting(sample -> sample.labels().get("status"))
          .containsExactly("failed");
      assertThat(scrape.of("kafka_connect_connector_class", labels)).hasSize(1);
      assertSum(scrape, "dynamokc_connector_export_s3_objects_total", labels, 1);
      assertSum(scrape, "dynamokc_connector_export_s3_objects_processed_total", labels, 0);
    }
  }

  private static void assertSum(
      Scrape scrape, String metric, Map<String, String> labels, double expected) {
    assertThat(scrape.of(metric, labels)).as(metric).isNotEmpty();
    assertThat(scrape.sum(metric, labels)).as(metric).isEqualTo(expected);
  }

  private static Scrape await(String what, Predicate<Scrape> condition) {
    return Eventually.within(PATIENCE, what).until(() -> Scrape.of(PORT), condition);
  }

  private static void export(String table, DataFile... files) {
    String arn = EndToEnd.aws().tables().create(table, string("pk")).tableArn();
    EndToEnd.aws()
        .front()
        .putSyntheticExport(arn, new SyntheticExport(Instant.now(), List.of(files)));
  }

  private static List<String> items(String... keys) {
    return Stream.of(keys).map("{\"Item\":{\"pk\":{\"S\":\"%s\"}}}"::formatted).toList();
  }

  private static void put(String table, String pk) {
    EndToEnd.aws().tables().put(table, Map.of("pk", AttributeValue.fromS(pk)));
  }
}
