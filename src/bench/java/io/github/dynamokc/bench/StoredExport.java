package io.github.dynamokc.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.testing.aws.AwsRequest;
import io.github.dynamokc.testing.aws.AwsResponse;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.aws.KeyAttribute;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * An export in S3 of any size. It is given to each table that asks as its own, by {@code
 * export.arn}.
 */
final class StoredExport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final EmbeddedAws aws;
  private final StoredFiles files;
  private final String summaryKey;
  private final double exportTime = Instant.now().minusSeconds(60).getEpochSecond();
  private final Map<String, TableDescription> tables = new ConcurrentHashMap<>();

  /**
   * @param name the folder in the bucket
   * @param membersPerFile each has a thousand items of about a kilobyte
   */
  StoredExport(EmbeddedAws aws, String name, int files, int membersPerFile) {
    this.aws = aws;
    this.files =
        new StoredFiles(
            aws, name, files, ExportItems.gzip(0, StoredFiles.LINES_A_MEMBER), membersPerFile);
    this.summaryKey = this.files.summarize(JSON.createObjectNode());
    aws.front().onRequest(this::describe);
  }

  long items() {
    return files.lines();
  }

  /** Makes a table whose export this is; gives the config of a connector that loads it only. */
  Map<String, String> config(String table, int tasks) {
    TableDescription description = createTable(aws, table);
    String arn = description.tableArn() + "/export/" + files.id();
    tables.put(arn, description);
    Map<String, String> config = AwsConfig.of(aws, table, tasks);
    config.put("snapshot.mode", "initial_only");
    config.put("export.arn", arn);
    return config;
  }

  /** A table with the keys of {@link ExportItems}. */
  static TableDescription createTable(EmbeddedAws aws, String table) {
    return aws.tables()
        .create(
            table,
            KeyAttribute.string(ExportItems.PARTITION_KEY),
            KeyAttribute.number(ExportItems.SORT_KEY));
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
        .put("S3Bucket", StoredFiles.BUCKET)
        .put("ExportFormat", "DYNAMODB_JSON")
        .put("ExportType", "FULL_EXPORT")
        .put("ExportManifest", summaryKey)
        .put("ItemCount", files.lines());
    return Optional.of(AwsResponse.ok(answer));
  }
}
