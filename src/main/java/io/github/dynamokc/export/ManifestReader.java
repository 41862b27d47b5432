package io.github.dynamokc.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.export.Manifest.DataFile;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Reads the two manifests of a completed export. {@code manifest-summary.json} is one JSON object,
 * {@code manifest-files.json} one JSON object a line (developer guide, "DynamoDB table export
 * output format"). The data folder is never listed.
 */
public final class ManifestReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final S3Client s3;
  private final @Nullable String bucketOwner;
  private final RetryingCalls calls;

  public ManifestReader(S3Client s3, @Nullable String bucketOwner, RetryingCalls calls) {
    this.s3 = s3;
    this.bucketOwner = bucketOwner;
    this.calls = calls;
  }

  /**
   * Reads both, and holds the number of items in one against the other.
   *
   * @throws ConnectException if they cannot be read, or contradict each other
   */
  public Manifest read(String bucket, String summaryKey) throws InterruptedException {
    JsonNode summary = parse(bucket, summaryKey, fetch(bucket, summaryKey));
    String filesKey = text(summary, "manifestFilesS3Key", bucket, summaryKey);
    Manifest manifest = readFiles(bucket, filesKey);
    long items = manifest.files().stream().mapToLong(DataFile::items).sum();
    if (number(summary, "itemCount", bucket, summaryKey) != items) {
      throw new ConnectException(
          "The manifest of the export contradicts itself: s3://%s/%s says %s items, the files of s3://%s/%s have %d"
              .formatted(bucket, summaryKey, summary.get("itemCount"), bucket, filesKey, items));
    }
    return manifest;
  }

  /** Reads {@code manifest-files.json} alone. */
  public Manifest readFiles(String bucket, String filesKey) throws InterruptedException {
    List<DataFile> files = new ArrayList<>();
    for (String line : fetch(bucket, filesKey).lines().toList()) {
      if (!line.isBlank()) {
        JsonNode file = parse(bucket, filesKey, line);
        files.add(
            new DataFile(
                text(file, "dataFileS3Key", bucket, filesKey),
                number(file, "itemCount", bucket, filesKey),
                text(file, "md5Checksum", bucket, filesKey)));
      }
    }
    return new Manifest(bucket, filesKey, files);
  }

  private String fetch(String bucket, String key) throws InterruptedException {
    return calls.call(
        "s3:GetObject",
        "s3://" + bucket + "/" + key,
        () ->
            s3.getObjectAsBytes(
                    request -> request.bucket(bucket).key(key).expectedBucketOwner(bucketOwner))
                .asUtf8String());
  }

  private static JsonNode parse(String bucket, String key, String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new ConnectException(
          "The manifest s3://" + bucket + "/" + key + " is not JSON: " + e.getOriginalMessage());
    }
  }

  private static String text(JsonNode node, String field, String bucket, String key) {
    JsonNode value = node.path(field);
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw missing(field, bucket, key);
    }
    return value.textValue();
  }

  private static long number(JsonNode node, String field, String bucket, String key) {
    JsonNode value = node.path(field);
    if (!value.isIntegralNumber() || value.longValue() < 0) {
      throw missing(field, bucket, key);
    }
    return value.longValue();
  }

  private static ConnectException missing(String field, String bucket, String key) {
    return new ConnectException(
        "The manifest s3://" + bucket + "/" + key + " has no usable '" + field + "'");
  }
}
