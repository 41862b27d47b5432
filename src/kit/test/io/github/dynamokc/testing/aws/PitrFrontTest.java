package io.github.dynamokc.testing.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The front before a DynamoDB that always answers the same. */
class PitrFrontTest {
  private static final String ODD_BODY =
      " {\"Table\" :{\"n\":1.50E+1,\"s\":\"\\u00e9\\/ \u2028\"}}\n";
  private static final String DESCRIPTION =
      "{\"Table\":{\"TableName\":\"tab\",\"CreationDateTime\":1.795410593690E9}}";
  private static final String DYNAMODB = "DynamoDB_20120810.";

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private volatile String body = DESCRIPTION;
  private volatile int status = 200;
  private final AwsJsonServer dynamoDb =
      new AwsJsonServer(
          "dynamodb",
          request -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            return new AwsResponse.Reply(
                status,
                Map.of("x-amz-crc32", AwsResponse.crc32(bytes), "x-odd", request.target()),
                bytes);
          });
  private final S3Client s3 =
      S3Client.builder()
          .endpointOverride(URI.create("http://127.0.0.1:1"))
          .region(Region.US_EAST_1)
          .credentialsProvider(AnonymousCredentialsProvider.create())
          .httpClientBuilder(Apache5HttpClient.builder())
          .build();
  private final ManualClock clock = new ManualClock(Instant.parse("2023-11-15T03:54:01.123Z"));
  private final PitrFront front =
      new PitrFront(
          Listeners.onLoopback(),
          dynamoDb.endpoint(),
          s3,
          clock,
          clock::advance,
          (table, keySchema) -> List.of());

  @AfterEach
  void stop() {
    front.close();
    dynamoDb.close();
    s3.close();
  }

  @Test
  void foreignRequestsPassByteForByte() throws Exception {
    body = ODD_BODY;

    for (String target :
        new String[] {
          DYNAMODB + "GetItem", DYNAMODB + "PutItem", "DynamoDBStreams_20120810.GetRecords"
        }) {
      HttpResponse<byte[]> response = send(target, "{}");

      assertThat(response.body()).isEqualTo(ODD_BODY.getBytes(StandardCharsets.UTF_8));
      assertThat(response.headers().allValues("x-odd")).containsExactly(target);
      assertThat(response.headers().allValues("x-amz-crc32"))
          .containsExactly(AwsResponse.crc32(response.body()));
    }
  }

  @Test
  void anErrorPassesByteForByte() throws Exception {
    status = 400;
    body = "{\"__type\":\"x#ResourceNotFoundException\",\"Table\":{}}";

    HttpResponse<byte[]> response = send(DYNAMODB + "DescribeTable", "{\"TableName\":\"tab\"}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void onlyTheTableIdChangesInADescription() throws Exception {
    HttpResponse<byte[]> response = send(DYNAMODB + "DescribeTable", "{\"TableName\":\"tab\"}");

    String text = new String(response.body(), StandardCharsets.UTF_8);
    String id = AwsJson.MAPPER.readTree(text).path("Table").path("TableId").asText();
    assertThat(id).hasSize(36);
    assertThat(text.replace("\"TableId\":\"" + id + "\",", "")).isEqualTo(DESCRIPTION);
    assertThat(response.headers().allValues("x-amz-crc32"))
        .containsExactly(AwsResponse.crc32(response.body()));
    body = DESCRIPTION.replace("Table\":", "TableDescription\":");
    String created = tableId("CreateTable");
    assertThat(created).isNotEqualTo(id).hasSize(36);
    assertThat(tableId("DeleteTable")).isEqualTo(created);
    assertThat(tableId("UpdateTable")).isNotEqualTo(created);
  }

  @Test
  void recoveryEndsWithItsTable() throws Exception {
    String enable =
        "{\"TableName\":\"tab\",\"PointInTimeRecoverySpecification\":"
            + "{\"PointInTimeRecoveryEnabled\":true}}";

    assertThat(recovery(send(DYNAMODB + "DescribeContinuousBackups", enable)))
        .isEqualTo("DISABLED");
    assertThat(recovery(send(DYNAMODB + "UpdateContinuousBackups", enable))).isEqualTo("ENABLED");
    send(DYNAMODB + "DeleteTable", "{\"TableName\":\"tab\"}");
    send(DYNAMODB + "CreateTable", "{\"TableName\":\"tab\"}");
    assertThat(recovery(send(DYNAMODB + "DescribeContinuousBackups", enable)))
        .isEqualTo("DISABLED");
  }

  @Test
  void aHookCanAnswerCutOrCloseAndEverythingIsLogged() throws Exception {
    front.onRequest(
        request ->
            switch (request.action()) {
              case "GetItem" ->
                  Optional.of(AwsResponse.error(400, "ThrottlingException", "Rate exceeded"));
              case "Scan" -> Optional.of(new AwsResponse.ConnectionClosed());
              case "Query" -> Optional.of(new AwsResponse.Cut(AwsResponse.ok("{\"a\":1}"), 3));
              default -> Optional.empty();
            });

    assertThat(json(send(DYNAMODB + "GetItem", "{\"a\":1}")).path("__type").asText())
        .isEqualTo("com.amazon.coral.service#ThrottlingException");
    assertThatThrownBy(() -> send(DYNAMODB + "Scan", "{}")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> send(DYNAMODB + "Query", "{}")).isInstanceOf(IOException.class);
    front.clearHooks();
    assertThat(send(DYNAMODB + "Scan", "{}").statusCode()).isEqualTo(200);
    assertThat(front.requests())
        .extracting(LoggedRequest::action, LoggedRequest::status)
        .containsSubsequence(tuple("GetItem", 400), tuple("Query", 0), tuple("Scan", 200));
    assertThat(front.requests().get(0).body().path("a").asInt()).isEqualTo(1);
  }

  @Test
  void anExportThatCannotBeWrittenFails() throws Exception {
    enableRecovery();
    JsonNode export =
        json(send(
                DYNAMODB + "ExportTableToPointInTime",
                "{\"TableArn\":\"arn:aws:dynamodb:r:000000000000:table/tab\","
                    + "\"S3Bucket\":\"bucket\",\"ClientToken\":\"c\"}"))
            .path("ExportDescription");

    assertThat(export.path("ExportStatus").asText()).isEqualTo("IN_PROGRESS");
    assertThat(export.path("ExportTime").decimalValue()).isEqualByComparingTo("1700020441.123");
    assertThat(export.path("ExportArn").asText()).contains("/export/01700020441123-");
    JsonNode now =
        Eventually.within(Duration.ofSeconds(60), "the end of the export")
            .until(
                () -> describeExport(export.path("ExportArn").asText()),
                shown -> !shown.path("ExportStatus").asText().equals("IN_PROGRESS"));
    assertThat(now.path("ExportStatus").asText()).isEqualTo("FAILED");
    assertThat(now.path("FailureMessage").asText()).contains("SdkClientException");
  }

  @Test
  void theTimeIsMovedByAClientThatHasNothingElse() throws Exception {
    HttpResponse<byte[]> moved =
        send(
            DYNAMODB + "PutItem",
            "{\"TableName\":\"[TEST_CONTROL]\",\"Item\":{\"ACTION\":{\"S\":\"ADVANCE_TIME\"},"
                + "\"SECONDS\":{\"S\":\"90000\"}}}");

    assertThat(moved.headers().allValues("date")).containsExactly("Thu, 16 Nov 2023 04:54:01 GMT");
    assertThat(moved.headers().allValues("x-odd")).as("not sent on").isEmpty();
    HttpResponse<byte[]> refused =
        send(
            DYNAMODB + "PutItem",
            "{\"TableName\":\"[TEST_CONTROL]\",\"Item\":{\"ACTION\":{\"S\":\"DILATE_TIME\"}}}");
    assertThat(json(refused).path("message").asText()).contains("ADVANCE_TIME and SECONDS");
    assertThat(
            send(
                    DYNAMODB + "PutItem",
                    "{\"TableName\":\"[TEST_CONTROL]\",\"Item\":{\"ACTION\":{\"S\":\"ROLLOVER\"}}}")
                .headers()
                .allValues("x-odd"))
        .hasSize(1);
  }

  @Test
  void anIncrementalExportIsDescribedByItsWindow() throws Exception {
    assertThat(export("INCREMENTAL_EXPORT", 1700020000, 1700023600).path("__type").asText())
        .endsWith("#PointInTimeRecoveryUnavailableException");
    enableRecovery();
    assertThat(export("INCREMENTAL_EXPORT", 1700020000, 1700023600).path("__type").asText())
        .endsWith("#InvalidExportTimeException");
    clock.advance(Duration.ofHours(5));

    assertThat(export("INCREMENTAL_EXPORT", 1700020441, 1700021340).path("__type").asText())
        .as("too short")
        .endsWith("#ValidationException");
    assertThat(export("FULL_EXPORT", 1700020441, 1700024041).path("message").asText())
        .contains("IncrementalExportSpecification must not be given");
    assertThat(export("ANOTHER", 1700020441, 1700024041).path("message").asText())
        .contains("ExportType must be");
    JsonNode description =
        export("INCREMENTAL_EXPORT", 1700020441, 1700024041).path("ExportDescription");

    assertThat(description.path("ExportType").asText()).isEqualTo("INCREMENTAL_EXPORT");
    assertThat(description.has("ExportTime")).isFalse();
    JsonNode window = description.path("IncrementalExportSpecification");
    assertThat(window.path("ExportFromTime").decimalValue()).isEqualByComparingTo("1700020441");
    assertThat(window.path("ExportToTime").decimalValue()).isEqualByComparingTo("1700024041");
    assertThat(window.path("ExportViewType").asText()).isEqualTo("NEW_AND_OLD_IMAGES");
  }

  @Test
  void threeHundredExportsAreInProgressAtMost() throws Exception {
    enableRecovery();
    clock.advance(Duration.ofHours(5));
    front.holdExports();
    for (int i = 0; i < 300; i++) {
      assertThat(export("INCREMENTAL_EXPORT", 1700020441, 1700024041).has("ExportDescription"))
          .isTrue();
    }

    assertThat(export("INCREMENTAL_EXPORT", 1700020441, 1700024041).path("__type").asText())
        .endsWith("#LimitExceededException");
  }

  private JsonNode export(String type, long from, long to) throws Exception {
    return json(
        send(
            DYNAMODB + "ExportTableToPointInTime",
            ("{\"TableArn\":\"arn:aws:dynamodb:r:000000000000:table/tab\",\"S3Bucket\":\"bucket\","
                    + "\"ExportType\":\"%s\",\"IncrementalExportSpecification\":"
                    + "{\"ExportFromTime\":%d,\"ExportToTime\":%d}}")
                .formatted(type, from, to)));
  }

  private void enableRecovery() throws Exception {
    send(
        DYNAMODB + "UpdateContinuousBackups",
        "{\"TableName\":\"tab\",\"PointInTimeRecoverySpecification\":"
            + "{\"PointInTimeRecoveryEnabled\":true}}");
  }

  private JsonNode describeExport(String arn) {
    try {
      return json(send(DYNAMODB + "DescribeExport", "{\"ExportArn\":\"" + arn + "\"}"))
          .path("ExportDescription");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private String tableId(String action) throws Exception {
    return json(send(DYNAMODB + action, "{\"TableName\":\"tab\"}"))
        .path("TableDescription")
        .path("TableId")
        .asText();
  }

  private static String recovery(HttpResponse<byte[]> response) throws IOException {
    return json(response)
        .path("ContinuousBackupsDescription")
        .path("PointInTimeRecoveryDescription")
        .path("PointInTimeRecoveryStatus")
        .asText();
  }

  private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
    return AwsJson.MAPPER.readTree(response.body());
  }

  private HttpResponse<byte[]> send(String target, String body)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(front.endpoint())
            .header("x-amz-target", target)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }
}
