package io.github.dynamokc.export;

import io.github.dynamokc.aws.RequestListener;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.config.SnapshotConfig;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.offset.Registration;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.connect.errors.ConnectException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;
import software.amazon.awssdk.services.dynamodb.model.ExportFormat;
import software.amazon.awssdk.services.dynamodb.model.ExportTableToPointInTimeRequest;
import software.amazon.awssdk.services.dynamodb.model.S3SseAlgorithm;

/** How exports of one table are asked for, whatever they are of: where to, and by whom. */
final class ExportRequests {
  /** The IAM action that an export needs. */
  static final String SUBMIT = "dynamodb:ExportTableToPointInTime";

  private final String connector;
  private final SnapshotConfig snapshot;
  private final DynamoDbClient dynamoDb;
  private final RequestListener requests;
  private final RetryingCalls calls;

  ExportRequests(
      String connector,
      TableConfig config,
      DynamoDbClient dynamoDb,
      RequestListener requests,
      RetryingCalls calls) {
    this.connector = connector;
    this.snapshot = config.snapshot();
    this.dynamoDb = dynamoDb;
    this.requests = requests;
    this.calls = calls;
  }

  /**
   * A request for an export to where the config says. Its client token is the same for the same
   * purpose of the same table by the same connector, whoever asks: within 8 hours DynamoDB answers
   * with the export that it has started already.
   *
   * @param purpose what the export is for, the attempt included
   */
  ExportTableToPointInTimeRequest.Builder request(Registration registration, String... purpose) {
    ExportTableToPointInTimeRequest.Builder request =
        ExportTableToPointInTimeRequest.builder()
            .overrideConfiguration(RequestListener.of(requests))
            .tableArn(registration.tableArn())
            .clientToken(clientToken(registration.tableId(), purpose))
            .s3Bucket(snapshot.bucket())
            .s3BucketOwner(snapshot.bucketOwner())
            .exportFormat(ExportFormat.DYNAMODB_JSON);
    if (!snapshot.prefix().isEmpty()) {
      request.s3Prefix(snapshot.prefix());
    }
    if (snapshot.sseKmsKeyId() != null) {
      request.s3SseAlgorithm(S3SseAlgorithm.KMS).s3SseKmsKeyId(snapshot.sseKmsKeyId());
    }
    return request;
  }

  /**
   * Has DynamoDB start an export.
   *
   * @throws ConnectException if DynamoDB refuses it
   */
  ExportDescription submit(ExportTableToPointInTimeRequest request) throws InterruptedException {
    return calls
        .call(
            SUBMIT,
            request.tableArn() + " to s3://" + request.s3Bucket(),
            () -> dynamoDb.exportTableToPointInTime(request))
        .exportDescription();
  }

  private String clientToken(String tableId, String... purpose) {
    String all = String.join("\n", connector, tableId, String.join("\n", purpose));
    return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
