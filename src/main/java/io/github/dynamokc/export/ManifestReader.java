package io.github.dynamokc.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.dynamokc.aws.AwsErrorKind;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.export.Manifest.DataFile;
import io.github.dynamokc.offset.ExportWindow;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.ExportType;
import software.amazon.awssdk.services.dynamodb.model.ExportViewType;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Reads the two manifests of a completed export. {@code manifest-summary.json} is one JSON object,
 * {@code manifest-files.json} one JSON object a line (developer guide, "DynamoDB table export
 * output format"). Each has its MD5 in an object beside it. The data folder is never listed.
 */
public final class ManifestReader {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestReader.class);
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final String CHECKSUM_ENDING = ".md5";
  private static final Pattern BASE64_MD5 = Pattern.compile("[A-Za-z0-9+/]{22}==");
  private static final Pattern HEX_MD5 = Pattern.compile("[A-Fa-f0-9]{32}");

  private final ExportBucket bucket;
  private final RetryingCalls calls;

  public ManifestReader(ExportBucket bucket, RetryingCalls calls) {
    this.bucket = bucket;
    this.calls = calls;
  }

  /**
   * Reads both, and holds the number of items in one against the other.
   *
   * @throws ConnectException if they cannot be read, or contradict each other
   */
  public Manifest read(String summaryKey) throws InterruptedException {
    return read(summaryKey, parse(summaryKey, fetch(summaryKey)));
  }

  /**
   * Reads both of an incremental export, as {@link #read}, and holds what the export is of against
   * what was asked for. The data files lie in a folder that all exports to a prefix share.
   *
   * @throws ConnectException if they cannot be read, contradict each other, or are of another
   *     window or view
   */
  public Manifest readIncremental(String summaryKey, ExportWindow window)
      throws InterruptedException {
    JsonNode summary = parse(summaryKey, fetch(summaryKey));
    hold(summaryKey, summary, "exportType", ExportType.INCREMENTAL_EXPORT.toString());
    hold(summaryKey, summary, "outputView", ExportViewType.NEW_AND_OLD_IMAGES.toString());
    hold(summaryKey, summary, "exportFromTime", window.from());
    hold(summaryKey, summary, "exportToTime", window.to());
    return read(summaryKey, summary);
  }

  private void hold(String key, JsonNode summary, String field, String wanted) {
    String said = text(summary, field, key);
    if (!said.equals(wanted)) {
      throw contradiction(key, field, said, wanted);
    }
  }

  private void hold(String key, JsonNode summary, String field, Instant wanted) {
    String said = text(summary, field, key);
    try {
      if (!OffsetDateTime.parse(said).toInstant().equals(wanted)) {
        throw contradiction(key, field, said, wanted.toString());
      }
    } catch (DateTimeParseException e) {
      throw missing(field, key);
    }
  }

  private ConnectException contradiction(String key, String field, String said, String wanted) {
    return new ConnectException(
        "The manifest s3://%s/%s is of another export than was asked for: its %s is %s, not %s. Set another snapshot.id to take a new snapshot"
            .formatted(bucket.name(), key, field, said, wanted));
  }

  private Manifest read(String summaryKey, JsonNode summary) throws InterruptedException {
    String filesKey = text(summary, "manifestFilesS3Key", summaryKey);
    Manifest manifest = readFiles(filesKey);
    long items = manifest.files().stream().mapToLong(DataFile::items).sum();
    if (number(summary, "itemCount", summaryKey) != items) {
      throw new ConnectException(
          "The manifest of the export contradicts itself: s3://%s/%s says %s items, the files of s3://%s/%s have %d"
              .formatted(
                  bucket.name(),
                  summaryKey,
                  summary.get("itemCount"),
                  bucket.name(),
                  filesKey,
                  items));
    }
    return manifest;
  }

  /** Reads {@code manifest-files.json} alone. */
  public Manifest readFiles(String filesKey) throws InterruptedException {
    List<DataFile> files = new ArrayList<>();
    for (String line : fetch(filesKey).lines().toList()) {
      if (!line.isBlank()) {
        JsonNode file = parse(filesKey, line);
        files.add(
            new DataFile(
                text(file, "dataFileS3Key", filesKey),
                number(file, "itemCount", filesKey),
                text(file, "md5Checksum", filesKey)));
      }
    }
    return new Manifest(bucket.name(), filesKey, files);
  }

  private String fetch(String key) throws InterruptedException {
    ExportObject object = bucket.object(key);
    byte[] manifest = calls.call(ExportObject.READ, object.resource(), () -> bytes(object));
    verify(key, manifest);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(manifest)).toString();
    } catch (CharacterCodingException e) {
      throw new ConnectException(
          "The manifest s3://" + bucket.name() + "/" + key + " is not JSON: it is not UTF-8", e);
    }
  }

  private byte[] bytes(ExportObject object) {
    return bucket.s3().getObjectAsBytes(object.request().build()).asByteArrayUnsafe();
  }

  /** Only a checksum that is there, may be read, and is one, can prove a manifest wrong. */
  private void verify(String key, byte[] manifest) throws InterruptedException {
    String checksumKey = key.replaceFirst("\\.json$", CHECKSUM_ENDING);
    String expected = checksumKey.equals(key) ? null : checksum(bucket.object(checksumKey));
    if (expected == null) {
      return;
    }
    byte[] md5 = Md5.digest().digest(manifest);
    String base64 = Base64.getEncoder().encodeToString(md5);
    String hex = HexFormat.of().formatHex(md5);
    boolean comparable =
        BASE64_MD5.matcher(expected).matches() || HEX_MD5.matcher(expected).matches();
    if (!comparable) {
      LOG.debug("s3://{}/{} is no MD5; the manifest is not checked", bucket.name(), checksumKey);
    } else if (!expected.equals(base64) && !expected.equalsIgnoreCase(hex)) {
      throw new ConnectException(
          "The manifest s3://%s/%s has MD5 %s where s3://%s/%s says %s. The manifest is not what DynamoDB wrote; set another snapshot.id to take a new export"
              .formatted(bucket.name(), key, base64, bucket.name(), checksumKey, expected));
    }
  }

  /** Null if there is none for us. */
  private @Nullable String checksum(ExportObject object) throws InterruptedException {
    return calls
        .call(ExportObject.READ, object.resource(), () -> bytesIfReadable(object))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
        .orElse(null);
  }

  private Optional<byte[]> bytesIfReadable(ExportObject object) {
    try {
      return Optional.of(bytes(object));
    } catch (S3Exception e) {
      AwsErrorKind kind = AwsErrorKind.of(e);
      if (kind != AwsErrorKind.NO_SUCH_OBJECT && kind != AwsErrorKind.ACCESS_DENIED) {
        throw e;
      }
      LOG.debug("{} cannot be read; the manifest is not checked", object.uri(), e);
      return Optional.empty();
    }
  }

  private JsonNode parse(String key, String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new ConnectException(
          "The manifest s3://"
              + bucket.name()
              + "/"
              + key
              + " is not JSON: "
              + e.getOriginalMessage());
    }
  }

  private String text(JsonNode node, String field, String key) {
    JsonNode value = node.path(field);
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw missing(field, key);
    }
    return value.textValue();
  }

  private long number(JsonNode node, String field, String key) {
    JsonNode value = node.path(field);
    if (!value.isIntegralNumber() || value.longValue() < 0) {
      throw missing(field, key);
    }
    return value.longValue();
  }

  private ConnectException missing(String field, String key) {
    return new ConnectException(
        "The manifest s3://" + bucket.name() + "/" + key + " has no usable '" + field + "'");
  }
}
