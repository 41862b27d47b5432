package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** ExportTableToPointInTime, DescribeExport and ListExports. */
final class ExportOperations {
  private static final int MAX_LISTED = 25;

  /**
   * The content is that of the moment of the request; for an export time longer ago it would be too
   * new, so that a reader could not rely on the order of export and stream.
   */
  private static final Duration OLDEST_EXPORT_TIME = Duration.ofMinutes(5);

  private final DynamoDbBackend backend;
  private final Tables tables;
  private final ExportJobs jobs;
  private final Clock clock;
  private final RandomGenerator random;
  private final Lock noWrites;
  private final IncrementalExports incremental;
  private final Map<String, SyntheticExport> synthetic = new ConcurrentHashMap<>();
  private volatile int files = 4;

  ExportOperations(
      DynamoDbBackend backend,
      Tables tables,
      ExportJobs jobs,
      Clock clock,
      RandomGenerator random,
      Lock noWrites,
      IncrementalExports incremental) {
    this.backend = backend;
    this.tables = tables;
    this.jobs = jobs;
    this.clock = clock;
    this.random = random;
    this.noWrites = noWrites;
    this.incremental = incremental;
  }

  void files(int count) {
    files = count;
  }

  void putSynthetic(String table, SyntheticExport export) {
    synthetic.put(table, export);
  }

  /** One at a time, so that two requests with the same token cannot make two exports. */
  synchronized AwsResponse export(JsonNode request) throws IOException, InterruptedException {
    String arn = required(request, "TableArn");
    required(request, "S3Bucket");
    if (!request.path("ExportFormat").asText("DYNAMODB_JSON").equals("DYNAMODB_JSON")) {
      throw invalid("Only exports in DYNAMODB_JSON are offered here");
    }
    if (!isIncremental(request) && request.hasNonNull("IncrementalExportSpecification")) {
      throw invalid("IncrementalExportSpecification must not be given for a full export");
    }
    String token = request.path("ClientToken").asText(UUID.randomUUID().toString());
    Optional<ExportJob> earlier = jobs.withToken(token, request);
    return described(
        earlier.isPresent()
            ? jobs.description(earlier.get())
            : jobs.submit(newJob(request, token, Tables.tableName(arn))));
  }

  private static boolean isIncremental(JsonNode request) {
    String type = request.path("ExportType").asText("FULL_EXPORT");
    return switch (type) {
      case "FULL_EXPORT" -> false;
      case "INCREMENTAL_EXPORT" -> true;
      default -> throw invalid("ExportType must be FULL_EXPORT or INCREMENTAL_EXPORT, is " + type);
    };
  }

  /** What an export holds. */
  private record Content(ExportKind kind, List<DataFile> files) {}

  private ExportJob newJob(JsonNode request, String token, String table)
      throws IOException, InterruptedException {
    JsonNode description = backend.describeTable(table);
    String tableId = tables.id(table);
    noWrites.lock();
    try {
      Instant now = Instant.ofEpochMilli(clock.millis());
      Instant earliest = tables.restorableSince(tableId, now);
      if (earliest == null) {
        throw AwsErrorException.badRequest(
            "PointInTimeRecoveryUnavailableException",
            "Point in time recovery is not enabled for table '" + table + "'");
      }
      JsonNode keySchema = description.path("KeySchema");
      Content content =
          isIncremental(request)
              ? changes(IncrementalExports.window(request, now, earliest), table, keySchema)
              : items(request, now, table, keySchema);
      return new ExportJob(
          request,
          token,
          description.path("TableArn").asText(),
          tableId,
          "%014d-%08x".formatted(now.toEpochMilli(), random.nextInt()),
          now,
          content.kind(),
          content.files());
    } finally {
      noWrites.unlock();
    }
  }

  private Content changes(ExportKind.Incremental window, String table, JsonNode keySchema)
      throws IOException {
    return new Content(window, incremental.content(table, keySchema, window, files));
  }

  private Content items(JsonNode request, Instant now, String table, JsonNode keySchema)
      throws IOException, InterruptedException {
    SyntheticExport instead = synthetic.remove(table);
    if (instead != null) {
      return new Content(new ExportKind.Full(instead.exportTime()), instead.files());
    }
    Instant exportTime =
        request.hasNonNull("ExportTime")
            ? checked(AwsJson.instant(request.get("ExportTime")), now)
            : now;
    List<TableContent.Line> lines = TableContent.ofItems(backend.scan(table), keySchema);
    return new Content(new ExportKind.Full(exportTime), TableContent.spread(lines, files));
  }

  private static Instant checked(Instant exportTime, Instant now) {
    if (exportTime.isAfter(now) || exportTime.isBefore(now.minus(OLDEST_EXPORT_TIME))) {
      throw AwsErrorException.badRequest(
          "InvalidExportTimeException",
          "ExportTime " + exportTime + " is not within the five minutes before " + now);
    }
    return exportTime;
  }

  AwsResponse describe(JsonNode request) {
    return described(jobs.describe(required(request, "ExportArn")));
  }

  private static AwsResponse described(ObjectNode description) {
    ObjectNode answer = AwsJson.object();
    answer.set("ExportDescription", description);
    return AwsResponse.ok(answer);
  }

  AwsResponse list(JsonNode request) {
    int max = Math.min(MAX_LISTED, request.path("MaxResults").asInt(MAX_LISTED));
    int from = Integer.parseInt(request.path("NextToken").asText("0"));
    String arn = request.path("TableArn").asText("");
    List<ExportJob> selected =
        jobs.jobs().stream()
            .filter(
                job ->
                    arn.isEmpty() || Tables.tableName(job.tableArn()).equals(Tables.tableName(arn)))
            .toList();
    int to = Math.min(from + max, selected.size());
    ObjectNode answer = AwsJson.object();
    ArrayNode summaries = answer.putArray("ExportSummaries");
    selected.subList(Math.min(from, to), to).forEach(job -> summaries.add(jobs.summary(job)));
    if (to < selected.size()) {
      answer.put("NextToken", Integer.toString(to));
    }
    return AwsResponse.ok(answer);
  }

  private static String required(JsonNode request, String name) {
    @Nullable String value = request.path(name).textValue();
    if (value == null || value.isEmpty()) {
      throw invalid("Value at '" + name + "' failed to satisfy constraint: must not be null");
    }
    return value;
  }

  private static AwsErrorException invalid(String message) {
    return AwsErrorException.badRequest("ValidationException", message);
  }
}
