package io.github.dynamokc.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.testing.aws.AwsRequest;
import io.github.dynamokc.testing.aws.AwsResponse;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * An incremental export in S3 of any size, of the 12 hours before an hour ago. Each table that asks
 * is in the middle of the repair of a gap, whose only window this is.
 */
final class StoredWindow {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LENGTH = Duration.ofHours(12);

  private final EmbeddedAws aws;
  private final StoredFiles files;
  private final String summaryKey;
  private final Instant to =
      Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
  private final Instant from = to.minus(LENGTH);
  private final Set<String> arns = ConcurrentHashMap.newKeySet();

  /**
   * @param name the folder in the bucket
   * @param membersPerFile each has a thousand changed items
   * @param withOldImages whether the items were there before, or were inserted
   */
  StoredWindow(EmbeddedAws aws, String name, int files, int membersPerFile, boolean withOldImages) {
    this.aws = aws;
    long firstMicros = from.getEpochSecond() * 1_000_000;
    this.files =
        new StoredFiles(
            aws,
            name,
            files,
            ExportItems.gzip(
                0,
                StoredFiles.LINES_A_MEMBER,
                index -> ExportItems.change(index, firstMicros + index, withOldImages)),
            membersPerFile);
    this.summaryKey =
        this.files.summarize(
            JSON.createObjectNode()
                .put("exportType", "INCREMENTAL_EXPORT")
                .put("outputView", "NEW_AND_OLD_IMAGES")
                .put("exportFromTime", from.toString())
                .put("exportToTime", to.toString()));
    aws.front().onRequest(this::describe);
  }

  long items() {
    return files.lines();
  }

  /** Config and offset of a connector whose table is being repaired. */
  record Repair(Map<String, String> config, JsonNode offsets) {}

  /** Makes a table with a gap. */
  Repair repair(String table, int tasks) {
    TableDescription description = StoredExport.createTable(aws, table);
    String arn = description.tableArn() + "/export/" + files.id();
    arns.add(arn);
    ObjectNode offsets = JSON.createObjectNode();
    ObjectNode pair = offsets.putArray("offsets").addObject();
    pair.putObject("partition").put("table", table).put("kind", "table");
    pair.putObject("offset")
        .put("phase", "REPAIR")
        .put("heldSince", to.toEpochMilli())
        .put("tableId", description.tableId())
        .put("tableArn", description.tableArn())
        .put("streamArn", description.latestStreamArn())
        .put("partitionKey", ExportItems.PARTITION_KEY)
        .put("sortKey", ExportItems.SORT_KEY)
        .put("startPosition", "LATEST")
        .put("startTime", from.toEpochMilli())
        .put("followed", true)
        .put("lostUpTo", from.toEpochMilli())
        .put("windows", "%d %d 1 %s".formatted(from.toEpochMilli(), to.toEpochMilli(), arn));
    return new Repair(AwsConfig.repairing(aws, table, tasks), offsets);
  }

  private Optional<AwsResponse> describe(AwsRequest request) {
    String arn = request.json().path("ExportArn").asText();
    if (!request.action().equals("DescribeExport") || !arns.contains(arn)) {
      return Optional.empty();
    }
    ObjectNode answer = JSON.createObjectNode();
    answer
        .putObject("ExportDescription")
        .put("ExportArn", arn)
        .put("ExportStatus", "COMPLETED")
        .put("S3Bucket", StoredFiles.BUCKET)
        .put("ExportType", "INCREMENTAL_EXPORT")
        .put("ExportManifest", summaryKey)
        .put("ItemCount", files.lines());
    return Optional.of(AwsResponse.ok(answer));
  }
}
