package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;

/** Point-in-time recovery, off for each new table. */
final class RecoveryOperations {
  private final DynamoDbBackend backend;
  private final Tables tables;
  private final Clock clock;

  RecoveryOperations(DynamoDbBackend backend, Tables tables, Clock clock) {
    this.backend = backend;
    this.tables = tables;
    this.clock = clock;
  }

  AwsResponse describe(JsonNode request) throws IOException, InterruptedException {
    return description(existingTableId(request));
  }

  AwsResponse update(JsonNode request) throws IOException, InterruptedException {
    String tableId = existingTableId(request);
    boolean enable =
        request
            .path("PointInTimeRecoverySpecification")
            .path("PointInTimeRecoveryEnabled")
            .asBoolean();
    if (enable) {
      tables.enableRecovery(tableId, clock.instant());
    } else {
      tables.disableRecovery(tableId);
    }
    return description(tableId);
  }

  private String existingTableId(JsonNode request) throws IOException, InterruptedException {
    String table = Tables.tableName(request.path("TableName").asText());
    backend.describeTable(table);
    return tables.id(table);
  }

  private AwsResponse description(String tableId) {
    ObjectNode answer = AwsJson.object();
    ObjectNode recovery =
        answer
            .putObject("ContinuousBackupsDescription")
            .put("ContinuousBackupsStatus", "ENABLED")
            .putObject("PointInTimeRecoveryDescription");
    Instant now = clock.instant();
    Instant since = tables.restorableSince(tableId, now);
    recovery.put("PointInTimeRecoveryStatus", since == null ? "DISABLED" : "ENABLED");
    if (since != null) {
      recovery
          .put("RecoveryPeriodInDays", Tables.RECOVERY_PERIOD.toDays())
          .put("EarliestRestorableDateTime", AwsJson.timestamp(since))
          .put("LatestRestorableDateTime", AwsJson.timestamp(now));
    }
    return AwsResponse.ok(answer);
  }
}
