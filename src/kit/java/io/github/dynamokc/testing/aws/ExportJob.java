package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/**
 * An export as it was asked for, with all that is fixed at that moment: its id, its kind and its
 * content.
 */
record ExportJob(
    JsonNode request,
    String clientToken,
    String tableArn,
    String tableId,
    String exportId,
    Instant startTime,
    ExportKind kind,
    List<DataFile> files) {

  /** How far the export is. */
  sealed interface State {
    String status();

    /** Not yet to be seen in S3. */
    record InProgress() implements State {
      @Override
      public String status() {
        return "IN_PROGRESS";
      }
    }

    /** Everything is in S3. */
    record Completed(Instant endTime, String manifestKey) implements State {
      @Override
      public String status() {
        return "COMPLETED";
      }
    }

    /** Nothing but the start marker may be in S3. */
    record Failed(Instant endTime, String code, String message) implements State {
      @Override
      public String status() {
        return "FAILED";
      }
    }
  }

  String arn() {
    return tableArn + "/export/" + exportId;
  }

  String bucket() {
    return request.path("S3Bucket").asText();
  }

  /** {@code prefix/AWSDynamoDB/exportId/}, for marker and manifests. */
  String folder() {
    return allExports() + exportId + "/";
  }

  String dataFolder() {
    return kind.dataFolder(allExports(), exportId);
  }

  private String allExports() {
    String prefix = request.path("S3Prefix").asText("").replaceAll("/+$", "");
    return (prefix.isEmpty() ? "" : prefix + "/") + "AWSDynamoDB/";
  }

  long itemCount() {
    return files.stream().mapToLong(DataFile::itemCount).sum();
  }

  long billedSizeBytes() {
    return kind.billedSizeBytes(files.stream().mapToLong(DataFile::textBytes).sum());
  }

  /** An element of ListExports. */
  ObjectNode summary(State state) {
    return AwsJson.object()
        .put("ExportArn", arn())
        .put("ExportStatus", state.status())
        .put("ExportType", kind.type());
  }

  /** The description in the answers of ExportTableToPointInTime and DescribeExport. */
  ObjectNode description(State state) {
    ObjectNode node =
        AwsJson.object()
            .put("ExportArn", arn())
            .put("ExportStatus", state.status())
            .put("StartTime", AwsJson.timestamp(startTime))
            .put("TableArn", tableArn)
            .put("TableId", tableId)
            .put("ClientToken", clientToken)
            .put("S3Bucket", bucket());
    for (String name : List.of("S3BucketOwner", "S3Prefix", "S3SseKmsKeyId")) {
      if (request.hasNonNull(name)) {
        node.set(name, request.get(name));
      }
    }
    node.put("S3SseAlgorithm", request.path("S3SseAlgorithm").asText("AES256"))
        .put("ExportFormat", "DYNAMODB_JSON")
        .put("ExportType", kind.type());
    kind.describe(node);
    if (state instanceof State.Completed completed) {
      node.put("EndTime", AwsJson.timestamp(completed.endTime()))
          .put("ExportManifest", completed.manifestKey())
          .put("BilledSizeBytes", billedSizeBytes())
          .put("ItemCount", itemCount());
    } else if (state instanceof State.Failed failed) {
      node.put("EndTime", AwsJson.timestamp(failed.endTime()))
          .put("FailureCode", failed.code())
          .put("FailureMessage", failed.message());
    }
    return node;
  }
}
