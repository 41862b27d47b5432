package io.github.dynamokc.task;

import io.github.dynamokc.testing.FakeS3;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsStatus;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeExportRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeExportResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;
import software.amazon.awssdk.services.dynamodb.model.ExportFormat;
import software.amazon.awssdk.services.dynamodb.model.ExportTableToPointInTimeRequest;
import software.amazon.awssdk.services.dynamodb.model.ExportTableToPointInTimeResponse;
import software.amazon.awssdk.services.dynamodb.model.ExportType;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * A table whose exports, full and incremental, hold what was written to it, by the rules of the
 * developer guide. Some take long, some fail at the first attempt. For one thread.
 */
final class ExportingDynamoDb implements DynamoDbClient {
  static final String TABLE_ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";
  private static final Duration TOKENS = Duration.ofHours(8);

  /** A connector tries three times. */
  private static final int MOST_FAILURES = 2;

  /** How far off an item of a full export may be from the export's time. */
  static final Duration FULL_EXPORT_SKEW = Duration.ofSeconds(50);

  private final WrittenTable written;
  private final FakeS3 s3;
  private final Clock clock;
  private final Random random;
  private final Runnable onCall;
  private final Map<String, Job> byToken = new HashMap<>();
  private final Map<String, Job> byArn = new HashMap<>();
  private @Nullable String streamArn;
  Instant earliest = Instant.EPOCH;

  /** How far recovery is behind. */
  Duration lag = Duration.ZERO;

  /** Of exports, that fail. */
  double failing = 0.15;

  /** How often the export of a window has failed. */
  private final Map<String, Integer> failed = new HashMap<>();

  /** Hears of each window that is billed. */
  Consumer<String> onBill = window -> {};

  /** All that is billed, by window and client token; full exports are not among it. */
  final Map<String, List<Instant>> bills = new HashMap<>();

  /**
   * @param onCall hears of each call, and may throw
   */
  ExportingDynamoDb(WrittenTable written, FakeS3 s3, Clock clock, Random random, Runnable onCall) {
    this.written = written;
    this.s3 = s3;
    this.clock = clock;
    this.random = random;
    this.onCall = onCall;
  }

  /** The table has this stream now, null for none. */
  void streamArn(@Nullable String arn) {
    streamArn = arn;
  }

  /** An export. */
  private static final class Job {
    private final String arn;
    private final ExportTableToPointInTimeRequest request;
    private final Instant submitted;
    private final Instant due;
    private final boolean fails;
    private @Nullable String manifest;

    private Job(
        String arn,
        ExportTableToPointInTimeRequest request,
        Instant submitted,
        Instant due,
        boolean fails) {
      this.arn = arn;
      this.request = request;
      this.submitted = submitted;
      this.due = due;
      this.fails = fails;
    }

    private boolean isIncremental() {
      return request.exportType() == ExportType.INCREMENTAL_EXPORT;
    }
  }

  @Override
  public DescribeTableResponse describeTable(DescribeTableRequest request) {
    onCall.run();
    TableDescription.Builder table =
        TableDescription.builder()
            .tableName("orders")
            .tableArn(TABLE_ARN)
            .tableId("table-id-1")
            .keySchema(
                KeySchemaElement.builder().attributeName("pk").keyType(KeyType.HASH).build());
    if (streamArn != null) {
      table
          .latestStreamArn(streamArn)
          .streamSpecification(
              StreamSpecification.builder()
                  .streamEnabled(true)
                  .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)
                  .build());
    }
    return DescribeTableResponse.builder().table(table.build()).build();
  }

  @Override
  public DescribeContinuousBackupsResponse describeContinuousBackups(
      DescribeContinuousBackupsRequest request) {
    onCall.run();
    return DescribeContinuousBackupsResponse.builder()
        .continuousBackupsDescription(
            backups ->
                backups
                    .continuousBackupsStatus(ContinuousBackupsStatus.ENABLED)
                    .pointInTimeRecoveryDescription(r -> r.earliestRestorableDateTime(earliest)))
        .build();
  }

  @Override
  public ExportTableToPointInTimeResponse exportTableToPointInTime(
      ExportTableToPointInTimeRequest request) {
    onCall.run();
    Job known = byToken.get(request.clientToken());
    if (known != null && known.submitted.plus(TOKENS).isAfter(clock.instant())) {
      return answer(known);
    }
    boolean incremental = request.exportType() == ExportType.INCREMENTAL_EXPORT;
    String purpose = "snapshot";
    if (incremental) {
      check(request);
      purpose =
          request.incrementalExportSpecification().exportFromTime()
              + " to "
              + request.incrementalExportSpecification().exportToTime();
      onBill.accept(purpose);
      bills
          .computeIfAbsent(purpose + " by " + request.clientToken(), w -> new ArrayList<>())
          .add(clock.instant());
    }
    Job job =
        new Job(
            "%s/export/%08d".formatted(TABLE_ARN, byArn.size() + 1),
            request,
            clock.instant(),
            clock.instant().plus(Duration.ofSeconds(90 + random.nextInt(2000))),
            random.nextDouble() < failing
                && failed.merge(purpose, 1, Integer::sum) <= MOST_FAILURES);
    byArn.put(job.arn, job);
    byToken.put(request.clientToken(), job);
    onCall.run();
    return answer(job);
  }

  private void check(ExportTableToPointInTimeRequest request) {
    var window = request.incrementalExportSpecification();
    Duration length = Duration.between(window.exportFromTime(), window.exportToTime());
    if (length.compareTo(Duration.ofMinutes(15)) < 0
        || length.compareTo(Duration.ofHours(24)) > 0
        || window.exportFromTime().getNano() != 0
        || window.exportToTime().getNano() != 0) {
      throw failure("ValidationException", "a window of " + length);
    }
    if (window.exportToTime().isAfter(clock.instant().minus(lag))) {
      throw failure("InvalidExportTimeException", "to is in the future");
    }
    if (window.exportFromTime().isBefore(earliest)) {
      throw failure("InvalidExportTimeException", "from is before the earliest restorable time");
    }
  }

  private static RuntimeException failure(String code, String message) {
    return DynamoDbException.builder()
        .statusCode(400)
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .serviceName("DynamoDb")
                .errorCode(code)
                .errorMessage(message)
                .build())
        .build();
  }

  private ExportTableToPointInTimeResponse answer(Job job) {
    return ExportTableToPointInTimeResponse.builder()
        .exportDescription(described(job).exportStatus("IN_PROGRESS").build())
        .build();
  }

  private static ExportDescription.Builder described(Job job) {
    return ExportDescription.builder()
        .exportArn(job.arn)
        .tableId("table-id-1")
        .exportFormat(ExportFormat.DYNAMODB_JSON)
        .exportType(job.isIncremental() ? ExportType.INCREMENTAL_EXPORT : ExportType.FULL_EXPORT)
        .exportTime(job.isIncremental() ? null : job.submitted);
  }

  @Override
  public DescribeExportResponse describeExport(DescribeExportRequest request) {
    onCall.run();
    Job job = byArn.get(request.exportArn());
    if (job == null) {
      throw failure("ExportNotFoundException", "no export " + request.exportArn());
    }
    ExportDescription.Builder export = described(job);
    if (clock.instant().isBefore(job.due)) {
      export.exportStatus("IN_PROGRESS");
    } else if (job.fails) {
      export.exportStatus("FAILED").failureCode("S3NoSuchBucket").failureMessage("by chance");
    } else {
      if (job.manifest == null) {
        job.manifest = write(job);
      }
      export.exportStatus("COMPLETED").s3Bucket(FakeS3.BUCKET).exportManifest(job.manifest);
    }
    return DescribeExportResponse.builder().exportDescription(export.build()).build();
  }

  /** Gives the key of the summary. */
  private String write(Job job) {
    List<String> lines = job.isIncremental() ? changes(job) : items(job);
    Collections.shuffle(lines, random);
    int files = 1 + random.nextInt(4);
    List<List<String>> content = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      content.add(new ArrayList<>());
    }
    lines.forEach(line -> content.get(random.nextInt(files)).add(line));
    String id = job.arn.substring(job.arn.length() - 8);
    StringBuilder manifest = new StringBuilder();
    for (int i = 0; i < files; i++) {
      String key = "AWSDynamoDB/data/%s-%d.json.gz".formatted(id, i);
      byte[] file = gzip(content.get(i));
      s3.put(key, file);
      manifest.append(
          "{\"itemCount\":%d,\"md5Checksum\":\"%s\",\"dataFileS3Key\":\"%s\"}%n"
              .formatted(content.get(i).size(), md5(file), key));
    }
    String filesKey = "AWSDynamoDB/%s/manifest-files.json".formatted(id);
    String summaryKey = "AWSDynamoDB/%s/manifest-summary.json".formatted(id);
    s3.put(filesKey, manifest.toString());
    var window = job.request.incrementalExportSpecification();
    String of =
        job.isIncremental()
            ? ",\"exportType\":\"INCREMENTAL_EXPORT\",\"outputView\":\"NEW_AND_OLD_IMAGES\",\"exportFromTime\":\"%s\",\"exportToTime\":\"%s\""
                .formatted(window.exportFromTime(), window.exportToTime())
            : "";
    s3.put(
        summaryKey,
        "{\"manifestFilesS3Key\":\"%s\",\"itemCount\":%d%s}".formatted(filesKey, lines.size(), of));
    return summaryKey;
  }

  private List<String> items(Job job) {
    List<String> lines = new ArrayList<>();
    int skew = (int) FULL_EXPORT_SKEW.toMillis();
    for (String key : written.keys()) {
      long ms = job.submitted.toEpochMilli() + random.nextInt(2 * skew) - skew;
      Long value = written.valueAt(key, ms * 1000);
      if (value != null) {
        lines.add("{\"Item\":%s}".formatted(image(key, value)));
      }
    }
    return lines;
  }

  private List<String> changes(Job job) {
    var window = job.request.incrementalExportSpecification();
    long from = window.exportFromTime().getEpochSecond() * 1_000_000;
    long to = window.exportToTime().getEpochSecond() * 1_000_000;
    List<String> lines = new ArrayList<>();
    for (WrittenTable.NetChange change : written.netChanges(from, to)) {
      String before = change.before() == null ? "" : ",\"OldImage\":" + image(change, true);
      String after = change.after() == null ? "" : ",\"NewImage\":" + image(change, false);
      lines.add(
          "{\"Metadata\":{\"WriteTimestampMicros\":\"%d\"},\"Keys\":{\"pk\":{\"S\":\"%s\"}}%s%s}"
              .formatted(change.micros(), change.key(), before, after));
    }
    return lines;
  }

  private static String image(WrittenTable.NetChange change, boolean before) {
    Long value = before ? change.before() : change.after();
    return image(change.key(), value == null ? 0 : value);
  }

  static String image(String key, long value) {
    return "{\"pk\":{\"S\":\"%s\"},\"v\":{\"N\":\"%d\"}}".formatted(key, value);
  }

  private static byte[] gzip(List<String> lines) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (String line : lines) {
        gzip.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String md5(byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}
}
