package io.github.dynamokc.export;

import io.github.dynamokc.aws.RequestListener;
import io.github.dynamokc.aws.RetryingCalls;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;

/** How far DynamoDB is with an export. */
public sealed interface ExportStatus {
  /** DynamoDB is still writing. */
  record InProgress() implements ExportStatus {}

  /**
   * Everything is in S3.
   *
   * @param manifestSummaryKey S3 key of {@code manifest-summary.json}
   */
  record Completed(String bucket, String manifestSummaryKey) implements ExportStatus {}

  /** The export came to nothing, for DynamoDB's reasons. */
  record Failed(String code, String message) implements ExportStatus {}

  /** Asks DynamoDB. */
  static ExportStatus read(
      DynamoDbClient client, RetryingCalls calls, RequestListener requests, String exportArn)
      throws InterruptedException {
    return of(describe(client, calls, requests, exportArn));
  }

  /** The whole answer of DynamoDB. */
  static ExportDescription describe(
      DynamoDbClient client, RetryingCalls calls, RequestListener requests, String exportArn)
      throws InterruptedException {
    return calls
        .call(
            "dynamodb:DescribeExport",
            exportArn,
            () ->
                client.describeExport(
                    r ->
                        r.exportArn(exportArn).overrideConfiguration(RequestListener.of(requests))))
        .exportDescription();
  }

  static ExportStatus of(ExportDescription export) {
    return switch (export.exportStatus()) {
      case COMPLETED -> new Completed(export.s3Bucket(), export.exportManifest());
      case FAILED -> new Failed(export.failureCode(), export.failureMessage());
      case IN_PROGRESS -> new InProgress();
      case UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalStateException(
              "DynamoDB gave the unknown status "
                  + export.exportStatusAsString()
                  + " for export "
                  + export.exportArn());
    };
  }
}
