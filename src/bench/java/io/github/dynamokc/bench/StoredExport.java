package io.github.dynamokc.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.testing.aws.AwsRequest;
import io.github.dynamokc.testing.aws.AwsResponse;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.aws.KeyAttribute;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * An export in S3 whose files are one gzip member again and again, streamed there, so that its size
 * costs no heap. It is given to each table that asks as its own, by {@code export.arn}.
 */
final class StoredExport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BUCKET = "exports";

  /** Items of a member, about a megabyte of text. */
  private static final int ITEMS_A_MEMBER = 1_000;

  private final EmbeddedAws aws;
  private final String folder;
  private final long items;
  private final double exportTime = Instant.now().minusSeconds(60).getEpochSecond();
  private final Map<String, TableDescription> tables = new ConcurrentHashMap<>();

  /**
   * @param name the folder in the bucket, which is made if need be
   * @param membersPerFile each has a thousand items of about a kilobyte
   */
  StoredExport(EmbeddedAws aws, String name, int files, int membersPerFile) {
    this.aws = aws;
    this.folder = "AWSDynamoDB/" + name + "/";
    this.items = (long) files * membersPerFile * ITEMS_A_MEMBER;
    if (aws.s3().listBuckets().buckets().stream().noneMatch(b -> b.name().equals(BUCKET))) {
      aws.buckets().create(BUCKET);
    }
    byte[] member = ExportItems.gzip(0, ITEMS_A_MEMBER);
    String md5 = md5(member, membersPerFile);
    StringBuilder manifest = new StringBuilder();
    for (int file = 0; file < files; file++) {
      String key = folder + "data/" + file + ".json.gz";
      aws.s3()
          .putObject(
              request -> request.bucket(BUCKET).key(key),
              RequestBody.fromContentProvider(
                  () -> repeated(member, membersPerFile),
                  (long) member.length * membersPerFile,
                  "application/gzip"));
      manifest
          .append(
              JSON.createObjectNode()
                  .put("itemCount", membersPerFile * ITEMS_A_MEMBER)
                  .put("md5Checksum", md5)
                  .put("dataFileS3Key", key))
          .append('\n');
    }
    put("manifest-files.json", manifest.toString());
    put(
        "manifest-summary.json",
        JSON.createObjectNode()
            .put("manifestFilesS3Key", folder + "manifest-files.json")
            .put("itemCount", items)
            .toString());
    aws.front().onRequest(this::describe);
  }

  private static InputStream repeated(byte[] member, int times) {
    List<InputStream> members =
        IntStream.range(0, times)
            .<InputStream>mapToObj(i -> new ByteArrayInputStream(member))
            .toList();
    return new SequenceInputStream(Collections.enumeration(members));
  }

  private static String md5(byte[] member, int times) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      for (int i = 0; i < times; i++) {
        md5.update(member);
      }
      return Base64.getEncoder().encodeToString(md5.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has MD5", e);
    }
  }

  private void put(String name, String text) {
    aws.s3()
        .putObject(
            request -> request.bucket(BUCKET).key(folder + name),
            RequestBody.fromBytes(text.getBytes(StandardCharsets.UTF_8)));
  }

  long items() {
    return items;
  }

  /** Makes a table whose export this is; gives the config of a connector that loads it only. */
  Map<String, String> config(String table, int tasks) {
    TableDescription description =
        aws.tables()
            .create(
                table,
                KeyAttribute.string(ExportItems.PARTITION_KEY),
                KeyAttribute.number(ExportItems.SORT_KEY));
    String arn = description.tableArn() + "/export/" + folder.hashCode();
    tables.put(arn, description);
    Map<String, String> config = new LinkedHashMap<>();
    config.put("connector.class", "io.github.dynamokc.DynamoDbSourceConnector");
    config.put("tasks.max", Integer.toString(tasks));
    config.put("tables", table);
    config.put("snapshot.mode", "initial_only");
    config.put("export.arn", arn);
    config.put("aws.region", aws.region());
    config.put("aws.access.key.id", aws.accessKeyId());
    config.put("aws.secret.access.key", aws.secretAccessKey());
    config.put("aws.dynamodb.endpoint", aws.dynamoDbEndpoint().toString());
    config.put("aws.dynamodb.streams.endpoint", aws.dynamoDbEndpoint().toString());
    config.put("aws.s3.endpoint", aws.s3Endpoint().toString());
    config.put("aws.s3.path.style.access", "true");
    config.put("export.poll.interval.ms", "500");
    config.put("topic.creation.default.replication.factor", "1");
    config.put("topic.creation.default.partitions", "3");
    config.putAll(SampleSettings.read());
    config.putAll(Settings.connectorConfig());
    return config;
  }

  private Optional<AwsResponse> describe(AwsRequest request) {
    String arn = request.json().path("ExportArn").asText();
    TableDescription table = tables.get(arn);
    if (!request.action().equals("DescribeExport") || table == null) {
      return Optional.empty();
    }
    ObjectNode answer = JSON.createObjectNode();
    answer
        .putObject("ExportDescription")
        .put("ExportArn", arn)
        .put("ExportStatus", "COMPLETED")
        .put("ExportTime", exportTime)
        .put("TableArn", table.tableArn())
        .put("TableId", table.tableId())
        .put("S3Bucket", BUCKET)
        .put("ExportFormat", "DYNAMODB_JSON")
        .put("ExportType", "FULL_EXPORT")
        .put("ExportManifest", folder + "manifest-summary.json")
        .put("ItemCount", items);
    return Optional.of(AwsResponse.ok(answer));
  }
}
