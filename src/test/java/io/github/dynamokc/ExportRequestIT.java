package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.SnapshotTable;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.LoggedRequest;
import io.github.dynamokc.testing.aws.S3Front;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** What DynamoDB is asked for when an export is wanted, and what becomes of its refusals. */
class ExportRequestIT {
  private final S3Front s3 = new S3Front(EndToEnd.aws().s3Endpoint());

  @AfterEach
  void noMoreHooks() {
    EndToEnd.aws().front().clearHooks();
    s3.close();
  }

  @Test
  void theExportAndEveryReadOfItCarryTheBucketsSettings() {
    SnapshotTable table = SnapshotTable.create("request-settings", 50, 50);
    Map<String, String> config = table.config(s3);
    config.put("export.s3.prefix", "team/orders");
    config.put("export.s3.region", "eu-west-3");
    config.put("export.s3.bucket.owner", "111122223333");
    config.put("export.s3.sse.kms.key.id", "alias/exports");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitStatusRecord("EXPORT_LOADED", table.name());

      assertThat(submissions(table.arn())).hasSize(1);
      JsonNode asked = submissions(table.arn()).get(0).body();
      assertThat(asked.path("S3Bucket").asText()).isEqualTo(EndToEnd.BUCKET);
      assertThat(asked.path("S3Prefix").asText()).isEqualTo("team/orders");
      assertThat(asked.path("S3BucketOwner").asText()).isEqualTo("111122223333");
      assertThat(asked.path("S3SseAlgorithm").asText()).isEqualTo("KMS");
      assertThat(asked.path("S3SseKmsKeyId").asText()).isEqualTo("alias/exports");
      assertThat(asked.path("ExportFormat").asText()).isEqualTo("DYNAMODB_JSON");
      assertThat(s3.requests())
          .as("the preflight, then manifests, their checksums and data files")
          .hasSizeGreaterThanOrEqualTo(8)
          .allSatisfy(
              logged -> {
                String key = logged.request().key();
                assertThat(key.isEmpty() ? "the bucket" : key)
                    .matches("the bucket|team/orders/AWSDynamoDB/.*");
                assertThat(logged.request().expectedBucketOwner()).isEqualTo("111122223333");
                assertThat(logged.request().signedRegion()).isEqualTo("eu-west-3");
              });
      assertThat(TestConnector.records(table.name())).hasSize(100);
    }
  }

  @Test
  @Tag("full")
  void aTableWithoutPointInTimeRecoveryFailsTheTaskWithWhatToDo() {
    String table = "request-no-recovery";
    EndToEnd.aws()
        .tables()
        .createWithoutRecovery(table, StreamViewType.NEW_AND_OLD_IMAGES, string("pk"));
    EndToEnd.aws().tables().put(table, Map.of("pk", AttributeValue.fromS("a")));
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("snapshot.mode", "initial_only");
    config.put("aws.preflight.enabled", "false");
    try (TestConnector connector = TestConnector.start(table, config)) {
      assertThat(connector.awaitFailure())
          .contains("dynamodb:ExportTableToPointInTime", "PointInTimeRecoveryUnavailableException")
          .contains("Turn on point-in-time recovery for the table and restart the connector");
      EndToEnd.aws().tables().enableRecovery(table);
      connector.restart();
      connector.awaitStatusRecord("EXPORT_LOADED", table);
      assertThat(TestConnector.records(table)).hasSize(1);
    }
  }

  @Test
  @Tag("full")
  void otherSettingsConflictForTheSameSnapshotButNotForAnother() {
    SnapshotTable table = SnapshotTable.create("request-conflict", 50);
    Map<String, String> config = table.config(s3);
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitStatusRecord("EXPORT_LOADED", table.name());
      connector.stop();
      EndToEnd.worker().rest().resetOffsets(table.name());
      config.put("export.s3.prefix", "elsewhere");
      connector.configure(config);
      connector.resume();

      assertThat(connector.awaitFailure())
          .contains("ExportConflictException", "set back the keys that begin with export.s3")
          .contains("set another snapshot.id");
      connector.stop();
      config.put("snapshot.id", "2");
      connector.configure(config);
      connector.resume();
      connector.awaitRecords(
          table.name() + "-status",
          records ->
              records.stream()
                      .filter(r -> String.valueOf(r.value()).contains("\"EXPORT_LOADED\""))
                      .count()
                  == 2);
      assertThat(table.exports()).isEqualTo(2);
    }
  }

  private static List<LoggedRequest> submissions(String tableArn) {
    return EndToEnd.aws().front().requests().stream()
        .filter(logged -> logged.action().equals("ExportTableToPointInTime"))
        .filter(logged -> logged.body().path("TableArn").asText().equals(tableArn))
        .toList();
  }
}
