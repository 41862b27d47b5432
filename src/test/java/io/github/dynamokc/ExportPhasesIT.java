package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.AwsRequest;
import io.github.dynamokc.testing.aws.AwsResponse;
import io.github.dynamokc.testing.aws.DataFile;
import io.github.dynamokc.testing.aws.LoggedRequest;
import io.github.dynamokc.testing.aws.SyntheticExport;
import io.github.dynamokc.testing.kafka.TopicRecord;
import io.github.dynamokc.testing.kafka.WorkerMetrics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Exports that are empty, slow, hard to submit, or fail, and where their tables get to. */
class ExportPhasesIT {

  @AfterEach
  void noMoreHooks() {
    EndToEnd.aws().front().clearHooks();
    EndToEnd.aws().front().releaseExports();
  }

  @Test
  @Tag("full")
  void anExportWithoutItemsGoesOnToTheStream() {
    export("export-no-files");
    export("export-empty-files", DataFile.of(List.of()), DataFile.of(List.of()));
    String[] tables = {"export-no-files", "export-empty-files"};
    try (TestConnector connector =
        TestConnector.start("export-empty", EndToEnd.config(2, tables))) {
      connector.awaitStreaming(tables);
      for (String table : tables) {
        connector.awaitStatusRecord("EXPORT_LOADED", table);
        put(table, "first");
        assertThat(connector.awaitRecords(table, 1))
            .extracting(record -> record.header("dynamodb_event_name"))
            .containsExactly("INSERT");
      }
      assertThat(connector.statusRecords())
          .noneMatch(status -> status.path("type").asText().equals("DATA_FILE_LOADED"));
      assertThat(connector.offsets().keySet())
          .noneMatch(partition -> partition.path("kind").asText().equals("file"));
    }
  }

  @Test
  @Tag("full")
  void gzipMembersLineEndsAndBlankLinesDoNotMatter() {
    String line = "{\"Item\":{\"pk\":{\"S\":\"%d\"}}}";
    export(
        "export-members",
        DataFile.ofTexts(
            List.of(
                line.formatted(1) + "\r\n" + line.formatted(2) + "\r\n{\"Item\":{\"pk\":{",
                "\"S\":\"3\"}}}\n" + line.formatted(4),
                "",
                "\n" + line.formatted(5) + "\n\n \t\r\n"),
            5),
        DataFile.ofTexts(List.of(line.formatted(6)), 1));
    Map<String, String> config = EndToEnd.config(1, "export-members");
    config.put("snapshot.mode", "initial_only");
    try (TestConnector connector = TestConnector.start("export-members", config)) {
      connector.awaitStatusRecord("EXPORT_LOADED", "export-members");

      assertThat(TestConnector.records("export-members"))
          .extracting(TopicRecord::value)
          .containsExactlyInAnyOrder(
              "{\"pk\":\"1\"}",
              "{\"pk\":\"2\"}",
              "{\"pk\":\"3\"}",
              "{\"pk\":\"4\"}",
              "{\"pk\":\"5\"}",
              "{\"pk\":\"6\"}");
    }
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(booleans = {false, true})
  void aTableStreamsWhileTheExportOfAnotherRunsOrIsUnknown(boolean fails) {
    String fast = "export-fast" + fails;
    String slow = "export-slow" + fails;
    export(fast, DataFile.of(List.of("{\"Item\":{\"pk\":{\"S\":\"exported\"}}}")));
    export(slow, DataFile.of(List.of("{\"Item\":{\"pk\":{\"S\":\"exported\"}}}")));
    AtomicBoolean held = new AtomicBoolean(true);
    answer(
        request ->
            held.get()
                && request.action().equals("DescribeExport")
                && request.json().path("ExportArn").asText().contains("table/" + slow + "/"),
        request ->
            fails
                ? AwsResponse.error(500, "InternalServerError", "try again")
                : AwsResponse.ok(
                    "{\"ExportDescription\":{\"ExportArn\":%s,\"ExportStatus\":\"IN_PROGRESS\"}}"
                        .formatted(request.json().path("ExportArn"))));
    try (TestConnector connector =
        TestConnector.start("export-one-held-" + fails, EndToEnd.config(2, fast, slow))) {
      connector.awaitStreaming(fast);
      put(fast, "changed");
      assertThat(connector.awaitRecords(fast, 2))
          .extracting(TopicRecord::key)
          .containsExactlyInAnyOrder("{\"pk\":\"exported\"}", "{\"pk\":\"changed\"}");
      connector.awaitWork(TableWork.Prepare.class, slow);
      assertThat(TestConnector.records(slow)).isEmpty();

      held.set(false);
      connector.awaitStreaming(slow);
      assertThat(TestConnector.records(slow))
          .extracting(TopicRecord::key)
          .containsExactly("{\"pk\":\"exported\"}");
      put(slow, "changed");
      connector.awaitRecords(slow, 2);
      assertThat(connector.awaitRecords(fast, 2)).hasSize(2);
    }
  }

  @Test
  @Tag("full")
  void aSubmissionThatMeetsServerErrorsMakesOneExport() {
    String table = "export-errors";
    String arn = export(table, DataFile.of(List.of("{\"Item\":{\"pk\":{\"S\":\"a\"}}}")));
    AtomicInteger errors = new AtomicInteger(2);
    EndToEnd.aws().front().holdExports();
    answer(
        request -> isSubmission(request.action(), request.json(), arn) && errors.get() > 0,
        request -> {
          errors.decrementAndGet();
          return AwsResponse.error(500, "InternalServerError", "try again");
        });
    try (TestConnector connector = TestConnector.start(table, EndToEnd.config(1, table))) {
      connector.awaitStatusRecord("EXPORT_SUBMITTED", table);
      assertThat(WorkerMetrics.of(EndToEnd.worker().pid()).task(table, 0, table))
          .containsEntry("export5xxErrors", 2L)
          .containsEntry("export4xxErrors", 0L)
          .containsEntry("exportApiInvocations", 3L);
      EndToEnd.aws().front().releaseExports();
      connector.awaitStreaming(table);

      assertThat(WorkerMetrics.of(EndToEnd.worker().pid()).monitor(table, table))
          .containsEntry("exportJobSuccess", 1L)
          .containsEntry("exportJobFailure", 0L)
          .containsEntry("exportS3ObjectsTotal", 1L)
          .containsEntry("exportS3ObjectsProcessed", 1L)
          .containsEntry("exportRecordsTotal", 1L)
          .containsEntry("exportRecordsProcessed", 1L)
          .containsEntry("export5xxErrors", 0L);
      assertThat(submissions(arn)).extracting(LoggedRequest::status).containsExactly(500, 500, 200);
      assertThat(tokens(arn)).containsOnly(tokens(arn).get(0));
      assertThat(exports(arn)).hasSize(1);
      assertThat(TestConnector.records(table)).hasSize(1);
    }
  }

  @Test
  void aFailedExportIsTriedAnewUntilTheConnectorFailsWithItsReason() {
    String table = "export-fails";
    String arn = export(table, DataFile.of(List.of()));
    EndToEnd.aws().front().failNextExports(2, "S3AccessDenied", "no PutObject for DynamoDB");
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("export.max.attempts", "2");
    try (TestConnector connector = TestConnector.start(table, config)) {
      String trace = connector.awaitState("FAILED").trace();

      assertThat(trace).contains(table, "attempt 2", "S3AccessDenied", "no PutObject for DynamoDB");
      assertThat(WorkerMetrics.of(EndToEnd.worker().pid()).monitor(table, table))
          .containsEntry("exportJobFailure", 2L)
          .containsEntry("exportJobSuccess", 0L);
      assertThat(tokens(arn)).hasSize(2).doesNotHaveDuplicates();
      assertThat(exports(arn)).hasSize(2);
      assertThat(connector.status().tasks()).allMatch(task -> task.state().equals("RUNNING"));

      connector.restart();
      connector.awaitStreaming(table);
      assertThat(tokens(arn)).hasSize(3).doesNotHaveDuplicates();
    }
  }

  private static String export(String table, DataFile... files) {
    String arn = EndToEnd.aws().tables().create(table, string("pk")).tableArn();
    EndToEnd.aws()
        .front()
        .putSyntheticExport(arn, new SyntheticExport(Instant.now(), List.of(files)));
    return arn;
  }

  private static void put(String table, String pk) {
    EndToEnd.aws().tables().put(table, Map.of("pk", AttributeValue.fromS(pk)));
  }

  private static void answer(Predicate<AwsRequest> to, Function<AwsRequest, AwsResponse> with) {
    EndToEnd.aws()
        .front()
        .onRequest(
            request -> to.test(request) ? Optional.of(with.apply(request)) : Optional.empty());
  }

  private static boolean isSubmission(String action, JsonNode body, String tableArn) {
    return action.equals("ExportTableToPointInTime")
        && body.path("TableArn").asText().equals(tableArn);
  }

  private static List<LoggedRequest> submissions(String tableArn) {
    return EndToEnd.aws().front().requests().stream()
        .filter(request -> isSubmission(request.action(), request.body(), tableArn))
        .toList();
  }

  private static List<String> tokens(String tableArn) {
    return submissions(tableArn).stream()
        .map(request -> request.body().path("ClientToken").asText())
        .toList();
  }

  private static List<?> exports(String tableArn) {
    return EndToEnd.aws()
        .dynamoDb()
        .listExports(request -> request.tableArn(tableArn))
        .exportSummaries();
  }
}
