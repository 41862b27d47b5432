package io.github.dynamokc.export;

import io.github.dynamokc.aws.RequestListener;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.config.SnapshotConfig;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.offset.TableOffset;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;
import software.amazon.awssdk.services.dynamodb.model.ExportFormat;
import software.amazon.awssdk.services.dynamodb.model.ExportTableToPointInTimeRequest;
import software.amazon.awssdk.services.dynamodb.model.ExportType;
import software.amazon.awssdk.services.dynamodb.model.S3SseAlgorithm;

/**
 * Gets a table its export: a new one, or the given one. The client token of a new one follows from
 * what it is for, so that asking twice gives the same export, not a second bill.
 */
final class ExportSubmission {
  private static final Logger LOG = LoggerFactory.getLogger(ExportSubmission.class);

  private final String connector;
  private final TableConfig config;
  private final String table;
  private final DynamoDbClient dynamoDb;
  private final RequestListener requests;
  private final RetryingCalls calls;

  ExportSubmission(
      String connector,
      TableConfig config,
      DynamoDbClient dynamoDb,
      RequestListener requests,
      RetryingCalls calls) {
    this.connector = connector;
    this.config = config;
    this.table = config.table().name();
    this.dynamoDb = dynamoDb;
    this.requests = requests;
    this.calls = calls;
  }

  /**
   * Has DynamoDB start an export, or gives the one that it started for the same attempt within the
   * last 8 hours.
   *
   * @param registration the table's
   */
  TableOffset.Export submit(TableOffset.Registration registration, long attempt)
      throws InterruptedException {
    SnapshotConfig snapshot = config.snapshot();
    ExportTableToPointInTimeRequest.Builder request =
        ExportTableToPointInTimeRequest.builder()
            .overrideConfiguration(RequestListener.of(requests))
            .tableArn(registration.tableArn())
            .clientToken(clientToken(registration.tableId(), snapshot.id(), attempt))
            .s3Bucket(snapshot.bucket())
            .s3BucketOwner(snapshot.bucketOwner())
            .exportFormat(ExportFormat.DYNAMODB_JSON);
    if (!snapshot.prefix().isEmpty()) {
      request.s3Prefix(snapshot.prefix());
    }
    if (snapshot.sseKmsKeyId() != null) {
      request.s3SseAlgorithm(S3SseAlgorithm.KMS).s3SseKmsKeyId(snapshot.sseKmsKeyId());
    }
    ExportDescription export =
        calls
            .call(
                "dynamodb:ExportTableToPointInTime",
                registration.tableArn() + " to s3://" + snapshot.bucket(),
                () -> dynamoDb.exportTableToPointInTime(request.build()))
            .exportDescription();
    if (export.exportTime() == null) {
      export = describe(export.exportArn());
    }
    LOG.info("Table {}: export {} submitted, attempt {}", table, export.exportArn(), attempt);
    return offset(export, attempt);
  }

  /**
   * An export that is there already.
   *
   * @throws ConnectException if it is not one of this table, or cannot be loaded
   */
  TableOffset.Export take(TableOffset.Registration registration, String exportArn, long attempt)
      throws InterruptedException {
    ExportDescription export = describe(exportArn);
    String problem = null;
    if (!registration.tableId().equals(export.tableId())) {
      problem =
          "is of a table with the id %s, but table %s has the id %s"
              .formatted(export.tableId(), table, registration.tableId());
    } else if (export.exportFormat() != ExportFormat.DYNAMODB_JSON) {
      problem =
          "is in the format %s; only DYNAMODB_JSON can be loaded"
              .formatted(export.exportFormatAsString());
    } else if (export.exportType() == ExportType.INCREMENTAL_EXPORT) {
      problem = "is an incremental one, which does not hold all items; give a full export";
    } else if (ExportStatus.of(export) instanceof ExportStatus.Failed failed) {
      problem = "failed: %s: %s".formatted(failed.code(), failed.message());
    }
    if (problem != null) {
      throw new ConnectException(
          "The export %s, given by export.arn, %s".formatted(exportArn, problem));
    }
    LOG.info("Table {}: export {} is given", table, exportArn);
    return offset(export, attempt);
  }

  private TableOffset.Export offset(ExportDescription export, long attempt) {
    return new TableOffset.Export(
        export.exportArn(), export.exportTime().toEpochMilli(), config.snapshot().id(), attempt);
  }

  private ExportDescription describe(String exportArn) throws InterruptedException {
    return ExportStatus.describe(dynamoDb, calls, requests, exportArn);
  }

  /** The same for the same snapshot of the same table by the same connector, whoever asks. */
  private String clientToken(String tableId, String snapshotId, long attempt) {
    String purpose = String.join("\n", connector, tableId, snapshotId, Long.toString(attempt));
    return UUID.nameUUIDFromBytes(purpose.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
