package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Writes the objects of an export, named and laid out as AWS documents them. */
final class ExportWriter {
  private static final String NAME_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int NAME_LENGTH = 26;

  private final S3Client s3;
  private final RandomGenerator random;

  ExportWriter(S3Client s3, RandomGenerator random) {
    this.s3 = s3;
    this.random = random;
  }

  /** The marker that DynamoDB puts first, to see that it may write. */
  void writeStarted(ExportJob job) {
    put(job, job.folder() + "_started", new byte[0]);
  }

  /** Writes data files and manifests, and gives the key of the summary. */
  String write(ExportJob job, Instant endTime) {
    StringBuilder manifest = new StringBuilder();
    for (DataFile file : job.files()) {
      String key = job.dataFolder() + randomName() + ".json.gz";
      String etag = put(job, key, file.gzip());
      manifest
          .append(
              AwsJson.object()
                  .put("itemCount", file.itemCount())
                  .put("md5Checksum", file.md5Checksum())
                  .put("etag", etag)
                  .put("dataFileS3Key", key))
          .append('\n');
    }
    putWithChecksum(job, "manifest-files", manifest.toString());
    putWithChecksum(job, "manifest-summary", summary(job, endTime).toString());
    return job.folder() + "manifest-summary.json";
  }

  private static ObjectNode summary(ExportJob job, Instant endTime) {
    JsonNode request = job.request();
    ObjectNode summary = AwsJson.object().put("version", job.kind().summaryVersion());
    summary
        .put("exportArn", job.arn())
        .put("startTime", ExportKind.ISO_MILLIS.format(job.startTime()))
        .put("endTime", ExportKind.ISO_MILLIS.format(endTime))
        .put("tableArn", job.tableArn())
        .put("tableId", job.tableId());
    job.kind().summarize(summary);
    return summary
        .put("s3Bucket", job.bucket())
        .put("s3Prefix", request.path("S3Prefix").textValue())
        .put("s3SseAlgorithm", request.path("S3SseAlgorithm").asText("AES256"))
        .put("s3SseKmsKeyId", request.path("S3SseKmsKeyId").textValue())
        .put("manifestFilesS3Key", job.folder() + "manifest-files.json")
        .put("billedSizeBytes", job.billedSizeBytes())
        .put("itemCount", job.itemCount())
        .put("outputFormat", "DYNAMODB_JSON");
  }

  private void putWithChecksum(ExportJob job, String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String key = job.folder() + name;
    put(job, key + ".json", bytes);
    put(job, key + ".md5", DataFile.md5(bytes).getBytes(StandardCharsets.UTF_8));
  }

  private String put(ExportJob job, String key, byte[] bytes) {
    return s3.putObject(
            request -> request.bucket(job.bucket()).key(key), RequestBody.fromBytes(bytes))
        .eTag()
        .replace("\"", "");
  }

  private String randomName() {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < NAME_LENGTH; i++) {
      name.append(NAME_ALPHABET.charAt(random.nextInt(NAME_ALPHABET.length())));
    }
    return name.toString();
  }
}
