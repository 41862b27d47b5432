package io.github.dynamokc.testing;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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
import software.amazon.awssdk.services.dynamodb.model.ListTablesRequest;
import software.amazon.awssdk.services.dynamodb.model.ListTablesResponse;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/** One table that may be exported; the same client token gives the same export. Thread-safe. */
public final class FakeDynamoDb implements DynamoDbClient {
  public static final Instant EXPORT_TIME = Instant.ofEpochMilli(1_700_020_441_123L);

  private final TableDescription.Builder table =
      TableDescription.builder()
          .tableName("orders")
          .tableArn("arn:aws:dynamodb:eu-central-1:123456789012:table/orders")
          .tableId("table-id-1")
          .keySchema(
              KeySchemaElement.builder().attributeName("PK").keyType(KeyType.HASH).build(),
              KeySchemaElement.builder().attributeName("SK").keyType(KeyType.RANGE).build());
  private final Map<String, String> exportsByToken = new LinkedHashMap<>();
  private final List<ExportTableToPointInTimeRequest> submissions = new ArrayList<>();
  private final Queue<RuntimeException> submissionFailures = new ArrayDeque<>();
  private final Queue<RuntimeException> tableFailures = new ArrayDeque<>();
  private Runnable onDescribeTable = () -> {};
  private boolean timeOnlyWhenDescribed;
  private Supplier<DescribeContinuousBackupsResponse> recovery =
      () -> {
        throw new UnsupportedOperationException("recovery");
      };
  private int described;
  private int describedTables;
  private boolean deleted;
  private List<String> listed = List.of();
  private UnaryOperator<ExportDescription.Builder> given = UnaryOperator.identity();

  public FakeDynamoDb() {
    stream(StreamViewType.NEW_AND_OLD_IMAGES);
  }

  public synchronized FakeDynamoDb stream(StreamViewType view) {
    table
        .streamSpecification(
            StreamSpecification.builder().streamEnabled(true).streamViewType(view).build())
        .latestStreamArn("arn:stream");
    return this;
  }

  /** The table has another stream now. */
  public synchronized FakeDynamoDb streamArn(String arn) {
    table.latestStreamArn(arn);
    return this;
  }

  /** The table does not exist any more. */
  public synchronized FakeDynamoDb deleted() {
    deleted = true;
    return this;
  }

  /** The table had a stream once, whose ARN DynamoDB still tells. */
  public synchronized FakeDynamoDb streamDisabled() {
    table.streamSpecification((StreamSpecification) null);
    return this;
  }

  public synchronized FakeDynamoDb tableId(String id) {
    table.tableId(id);
    return this;
  }

  public synchronized FakeDynamoDb status(TableStatus status) {
    table.tableStatus(status);
    return this;
  }

  public synchronized FakeDynamoDb failSubmission(int status, String code) {
    submissionFailures.add(failure(status, code));
    return this;
  }

  /** One of the next submissions fails so, saying why. */
  public synchronized FakeDynamoDb failSubmission(int status, String code, String message) {
    submissionFailures.add(
        DynamoDbException.builder()
            .statusCode(status)
            .awsErrorDetails(details(code).toBuilder().errorMessage(message).build())
            .build());
    return this;
  }

  /** To which point-in-time recovery reaches back, null where it is off. */
  public synchronized FakeDynamoDb recoverableSince(@Nullable Instant earliest) {
    recovery =
        () ->
            DescribeContinuousBackupsResponse.builder()
                .continuousBackupsDescription(
                    backups ->
                        backups
                            .continuousBackupsStatus(ContinuousBackupsStatus.ENABLED)
                            .pointInTimeRecoveryDescription(
                                r ->
                                    r.earliestRestorableDateTime(earliest)
                                        .pointInTimeRecoveryStatus(
                                            earliest == null
                                                ? PointInTimeRecoveryStatus.DISABLED
                                                : PointInTimeRecoveryStatus.ENABLED)))
                .build();
    return this;
  }

  /** Nobody may ask how far recovery reaches back. */
  public FakeDynamoDb recoveryDenied() {
    return recoveryFails(400, "AccessDeniedException");
  }

  /** Questions how far recovery reaches back fail so. */
  public synchronized FakeDynamoDb recoveryFails(int status, String code) {
    recovery =
        () -> {
          throw failure(status, code);
        };
    return this;
  }

  /** One of the next questions for the table fails so. */
  public synchronized FakeDynamoDb failTable(int status, String code) {
    tableFailures.add(failure(status, code));
    return this;
  }

  /** What happens whenever the table is asked for. */
  public synchronized FakeDynamoDb onDescribeTable(Runnable action) {
    onDescribeTable = action;
    return this;
  }

  private static RuntimeException failure(int status, String code) {
    return ResourceNotFoundException.class.getSimpleName().equals(code)
        ? ResourceNotFoundException.builder()
            .statusCode(status)
            .awsErrorDetails(details(code))
            .message("Requested resource not found")
            .build()
        : DynamoDbException.builder().statusCode(status).awsErrorDetails(details(code)).build();
  }

  private static AwsErrorDetails details(String code) {
    return AwsErrorDetails.builder().serviceName("DynamoDb").errorCode(code).build();
  }

  public synchronized FakeDynamoDb timeOnlyWhenDescribed() {
    timeOnlyWhenDescribed = true;
    return this;
  }

  /** The tables that a listing shows, whatever there is. */
  public synchronized FakeDynamoDb listing(String... names) {
    listed = List.of(names);
    return this;
  }

  @Override
  public synchronized ListTablesResponse listTables(ListTablesRequest request) {
    return ListTablesResponse.builder().tableNames(listed).build();
  }

  /** What is different about the exports that are described. */
  public synchronized FakeDynamoDb describing(UnaryOperator<ExportDescription.Builder> change) {
    given = change;
    return this;
  }

  public synchronized List<ExportTableToPointInTimeRequest> submissions() {
    return List.copyOf(submissions);
  }

  /** How many exports there are: what is billed. */
  public synchronized int exports() {
    return exportsByToken.size();
  }

  public synchronized int described() {
    return described;
  }

  /** How often the table was asked for. */
  public synchronized int describedTables() {
    return describedTables;
  }

  @Override
  public synchronized DescribeTableResponse describeTable(DescribeTableRequest request) {
    describedTables++;
    onDescribeTable.run();
    RuntimeException failure = tableFailures.poll();
    if (failure != null) {
      throw failure;
    }
    if (deleted) {
      throw failure(400, "ResourceNotFoundException");
    }
    return DescribeTableResponse.builder().table(table.build()).build();
  }

  @Override
  public synchronized DescribeContinuousBackupsResponse describeContinuousBackups(
      DescribeContinuousBackupsRequest request) {
    return recovery.get();
  }

  @Override
  public synchronized ExportTableToPointInTimeResponse exportTableToPointInTime(
      ExportTableToPointInTimeRequest request) {
    submissions.add(request);
    if (!submissionFailures.isEmpty()) {
      throw submissionFailures.remove();
    }
    String arn =
        exportsByToken.computeIfAbsent(
            request.clientToken(), token -> "arn:export/" + (exportsByToken.size() + 1));
    return ExportTableToPointInTimeResponse.builder()
        .exportDescription(export(arn, !timeOnlyWhenDescribed))
        .build();
  }

  @Override
  public synchronized DescribeExportResponse describeExport(DescribeExportRequest request) {
    described++;
    return DescribeExportResponse.builder()
        .exportDescription(given.apply(export(request.exportArn(), true).toBuilder()).build())
        .build();
  }

  private static ExportDescription export(String arn, boolean withTime) {
    return ExportDescription.builder()
        .exportArn(arn)
        .tableId("table-id-1")
        .exportStatus("IN_PROGRESS")
        .exportFormat(ExportFormat.DYNAMODB_JSON)
        .exportType(ExportType.FULL_EXPORT)
        .exportTime(withTime ? EXPORT_TIME : null)
        .build();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}
}
