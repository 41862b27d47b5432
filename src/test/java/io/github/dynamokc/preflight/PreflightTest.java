package io.github.dynamokc.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.ConfigProblem;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.preflight.FakeAws.Answer;
import io.github.dynamokc.testing.DeadEnd;
import io.github.dynamokc.testing.Eventually;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

@Timeout(60)
class PreflightTest {
  private static final String EXPORT =
      "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/export/01-ab";
  private static final String ROLE = "arn:aws:iam::123456789012:role/reader";

  /** For AWS to keep silent; the others have what users have, which is enough on any machine. */
  private static final Duration SHORT = Duration.ofSeconds(3);

  private final FakeAws aws = new FakeAws();
  private @Nullable Duration limit;

  /** So that no short limit is spent on the loading of classes. */
  @BeforeAll
  static void loadTheSdk() {
    PreflightTest first = new PreflightTest();
    first.problems(first.withRole("aws.s3.endpoint", first.aws.url()));
    first.close();
  }

  @AfterEach
  void close() {
    aws.close();
  }

  @Test
  void aGoodSetupIsCheckedWholeAndHasNoProblem() {
    assertThat(problems()).isEmpty();
    assertThat(aws.asked())
        .containsExactlyInAnyOrder(
            "DescribeTable",
            "DescribeContinuousBackups",
            "DescribeExport",
            "DescribeStream",
            "GetShardIterator",
            "GetRecords",
            "HeadBucket",
            "GetObject");
  }

  @Test
  void aCheckWithoutASnapshotAsksForTableAndStreamOnly() {
    assertThat(problems("snapshot.mode", "no_data")).isEmpty();
    assertThat(aws.asked())
        .containsExactly("DescribeTable", "DescribeStream", "GetShardIterator", "GetRecords");
  }

  @Test
  void aCheckWithoutAStreamAsksForTheSnapshotOnly() {
    aws.say("DescribeTable", "true", "false");
    assertThat(problems("snapshot.mode", "initial_only")).isEmpty();
    assertThat(aws.asked())
        .contains("GetObject")
        .doesNotContain("DescribeStream", "GetShardIterator", "GetRecords");
  }

  @Test
  void preflightCanBeTurnedOff() {
    assertThat(problems("aws.preflight.enabled", "false", "tables", "missing")).isEmpty();
    assertThat(aws.asked()).isEmpty();
  }

  @Test
  void nameAndNumberOfTasksDoNotMatter() {
    Map<String, String> props = props("tasks.max", "many");
    props.remove("name");
    assertThat(Preflight.report(props).problems()).isEmpty();
    props.put("name", " ");
    assertThat(Preflight.report(props).problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "DescribeTable, 400, AccessDeniedException, tables, dynamodb:DescribeTable",
    "DescribeTable, 400, ResourceNotFoundException, tables, orders",
    "DescribeTable, 400, ValidationException, tables, ValidationException",
    "DescribeTable, 500, InternalServerError, aws.dynamodb.endpoint, Health Dashboard",
    "DescribeTable, 400, UnrecognizedClientException, aws.access.key.id, access key",
    "DescribeTable, 400, ExpiredTokenException, aws.access.key.id, expired",
    "DescribeContinuousBackups, 400, AccessDeniedException, snapshot.mode, dynamodb:DescribeContinuousBackups",
    "DescribeExport, 400, AccessDeniedException, snapshot.mode, dynamodb:DescribeExport",
    "DescribeStream, 400, AccessDeniedException, tables, dynamodb:DescribeStream",
    "GetShardIterator, 400, AccessDeniedException, tables, dynamodb:GetShardIterator",
    "GetRecords, 400, AccessDeniedException, tables, dynamodb:GetRecords",
    "HeadBucket, 403, AccessDenied, export.s3.bucket, s3:ListBucket",
    "HeadBucket, 404, NoSuchBucket, export.s3.bucket, 'names bucket exports, which does not exist'",
    "HeadBucket, 503, SlowDown, aws.s3.endpoint, Health Dashboard",
    "GetObject, 403, AccessDenied, export.s3.bucket, s3:GetObject",
  })
  void aRefusalIsAProblemOfItsKey(String action, int status, String code, String key, String said) {
    aws.refuse(action, status, code);
    assertThat(problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo(key);
              assertThat(problem.message()).contains(said);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "DescribeTable, 400, ThrottlingException",
    "DescribeContinuousBackups, 400, LimitExceededException",
    "DescribeContinuousBackups, 500, InternalServerError",
    "DescribeExport, 400, ThrottlingException",
    "DescribeStream, 400, ResourceNotFoundException",
    "DescribeStream, 400, LimitExceededException",
    "GetShardIterator, 400, ResourceNotFoundException",
    "GetShardIterator, 400, TrimmedDataAccessException",
    "GetRecords, 400, ProvisionedThroughputExceededException",
    "GetRecords, 400, ExpiredIteratorException",
    "GetObject, 500, InternalError",
  })
  void aRefusalUnrelatedToTheConfigurationDoesNotCount(String action, int status, String code) {
    aws.refuse(action, status, code);
    assertThat(problems()).isEmpty();
  }

  @Test
  void aRepairIsCheckedWholeWithoutASnapshot() {
    assertThat(problems("snapshot.mode", "no_data", "stream.on.data.loss", "repair")).isEmpty();
    assertThat(aws.asked())
        .containsExactlyInAnyOrder(
            "DescribeTable",
            "DescribeContinuousBackups",
            "DescribeExport",
            "DescribeStream",
            "GetShardIterator",
            "GetRecords",
            "HeadBucket",
            "GetObject");
  }

  @Test
  void disabledRecoveryIsAProblemOfARepair() {
    aws.say(
        "DescribeContinuousBackups", "RecoveryStatus\":\"ENABLED", "RecoveryStatus\":\"DISABLED");
    assertThat(problems("snapshot.mode", "no_data", "stream.on.data.loss", "repair"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("stream.on.data.loss");
              assertThat(problem.message())
                  .contains("point-in-time recovery is off for the table orders")
                  .contains("fail or continue");
            });
    assertThat(problems("stream.on.data.loss", "repair"))
        .extracting(ConfigProblem::key)
        .containsExactlyInAnyOrder("snapshot.mode", "stream.on.data.loss");
  }

  @Test
  void whatARepairMayNotDoIsAProblemOfIt() {
    aws.refuse("DescribeExport", 400, "AccessDeniedException");
    assertThat(problems("snapshot.mode", "no_data", "stream.on.data.loss", "repair"))
        .extracting(ConfigProblem::key)
        .containsExactly("stream.on.data.loss");
  }

  @Test
  void disabledRecoveryIsAProblemOfTheSnapshotsKey() {
    aws.say(
        "DescribeContinuousBackups", "RecoveryStatus\":\"ENABLED", "RecoveryStatus\":\"DISABLED");
    assertThat(problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("snapshot.mode");
              assertThat(problem.message())
                  .contains("point-in-time recovery is off for the table orders")
                  .contains("aws.preflight.enabled=false");
            });
    assertThat(problems("table.orders.snapshot.mode", "initial"))
        .extracting(ConfigProblem::key)
        .containsExactly("table.orders.snapshot.mode");
  }

  @ParameterizedTest
  @CsvSource({
    "true, false, has no stream",
    "NEW_IMAGE, KEYS_ONLY, KEYS_ONLY",
    "NEW_IMAGE, OLD_IMAGE, OLD_IMAGE"
  })
  void aStreamThatDoesNotCarryTheItemsIsAProblem(String instead, String with, String said) {
    aws.say("DescribeTable", instead, with);
    assertThat(problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("tables");
              assertThat(problem.message()).contains(said).contains("aws.preflight.enabled=false");
            });
    assertThat(problems("tables", "orders,users")).as("the same of both").hasSize(1);
  }

  @Test
  void oldImagesNeedAStreamThatHasThem() {
    assertThat(problems("table.orders.stream.view.on.remove", "OLD_IMAGE"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("table.orders.stream.view.on.remove");
              assertThat(problem.message()).contains("NEW_IMAGE instead of NEW_AND_OLD_IMAGES");
            });
    aws.say("DescribeTable", "NEW_IMAGE", "NEW_AND_OLD_IMAGES");
    assertThat(problems("stream.view.on.remove", "OLD_IMAGE")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "301, eu-central-1, must be eu-central-1",
    "400, eu-central-1, must be",
    "301, '', not"
  })
  void aBucketElsewhereIsAProblemOfItsRegion(int status, String region, String said) {
    aws.change(
        "HeadBucket",
        good -> new Answer(status, "", region.isEmpty() ? "" : "x-amz-bucket-region", region));
    assertThat(problems("export.s3.region", "eu-west-1"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("export.s3.region");
              assertThat(problem.message()).contains(said).contains("exports");
            });
  }

  @Test
  void aSharedBucketIsCheckedOnceAndAnOwnOneUnderItsOwnKey() {
    aws.refuse("GetObject", 403, "AccessDenied");
    assertThat(problems("tables", "orders,users,items", "table.items.export.s3.bucket", "of-items"))
        .extracting(ConfigProblem::key)
        .containsExactlyInAnyOrder("export.s3.bucket", "table.items.export.s3.bucket");
    assertThat(aws.asked()).filteredOn("HeadBucket"::equals).hasSize(2);
  }

  @Test
  void aGivenExportNeedsNoRecoveryButMustBeReadable() {
    aws.refuse("DescribeContinuousBackups", 400, "AccessDeniedException");
    aws.refuse("HeadBucket", 403, "AccessDenied");
    String[] given = {"export.arn", EXPORT, "snapshot.mode", "initial_only"};
    assertThat(problems(given)).isEmpty();
    assertThat(aws.asked()).containsExactly("DescribeTable", "DescribeExport", "GetObject");

    aws.refuse("GetObject", 403, "AccessDenied");
    assertProblem(problems(given), "export.arn", "s3:GetObject on s3://other/AWSDynamoDB/01/");
    aws.refuse("DescribeExport", 400, "ExportNotFoundException");
    assertProblem(problems(given), "export.arn", "does not exist");
    aws.refuse("DescribeExport", 400, "AccessDeniedException");
    assertProblem(problems(given), "export.arn", "dynamodb:DescribeExport");
  }

  @Test
  void aProblemOfManyTablesIsReportedOnce() {
    aws.refuse("DescribeTable", 400, "AccessDeniedException");
    String tables = String.join(",", IntStream.range(0, 40).mapToObj(i -> "table" + i).toList());
    assertThat(problems("tables", tables))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("tables");
              assertThat(problem.message())
                  .contains("table table0", "The same holds for table table1,", "and 34 more.");
            });
  }

  @Test
  void aRoleThatCannotBeAssumedIsAProblemOfItsKey() {
    String[] role = {"aws.sts.role.arn", ROLE, "aws.sts.endpoint", aws.url()};
    assertThat(problems(role)).isEmpty();
    assertThat(aws.asked()).startsWith("AssumeRole");

    aws.refuse("DescribeTable", 400, "UnrecognizedClientException");
    assertProblem(problems(role), "aws.sts.role.arn", "UnrecognizedClientException");
    aws.refuse("AssumeRole", 403, "AccessDenied");
    assertProblem(problems(role), "aws.sts.role.arn", "Allow sts:AssumeRole");
    aws.refuse("AssumeRole", 403, "InvalidClientTokenId");
    assertProblem(problems(role), "aws.access.key.id", "access key");
    aws.refuse("AssumeRole", 403, "ExpiredToken");
    assertProblem(problems(role), "aws.access.key.id", "expired");
  }

  @Test
  void aProviderWithoutCredentialsIsAProblemAndIsNotQuoted() {
    Map<String, String> props = props("aws.credentials.provider.class", Silent.class.getName());
    props.remove("aws.access.key.id");
    props.remove("aws.secret.access.key");
    assertProblem(
        Preflight.report(props).problems(),
        "aws.credentials.provider.class",
        "IllegalStateException");
    assertThat(Preflight.report(props).problems().toString()).doesNotContain("hush");
    props.put("aws.credentials.provider.class", "no.such.Provider");
    assertProblem(
        Preflight.report(props).problems(), "aws.credentials.provider.class", "class path");
  }

  /** Fails, and tells a secret in doing so. */
  public static final class Silent implements AwsCredentialsProvider {
    @Override
    public AwsCredentials resolveCredentials() {
      throw new IllegalStateException("hush");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamodb", "dynamodb.streams", "s3", "sts"})
  void anAbsentServiceIsAProblemOfItsEndpoint(String service) {
    String key = "aws." + service + ".endpoint";
    try (DeadEnd deadEnd = DeadEnd.closed()) {
      assertProblem(problems(withRole(key, deadEnd.url())), key, "Check that the worker reaches");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamodb", "dynamodb.streams", "s3", "sts"})
  void aSilentServiceIsAProblemOfItsEndpointInTime(String service) {
    String key = "aws." + service + ".endpoint";
    limit = SHORT;
    try (DeadEnd deadEnd = DeadEnd.silent()) {
      long begin = System.nanoTime();
      List<ConfigProblem> problems = problems(withRole(key, deadEnd.url()));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SHORT.plusSeconds(2));
      assertProblem(problems, key, "Check that the worker reaches");
      assertThat(problems.get(0).message()).contains("aws.preflight.enabled=false");
    }
    assertNoThreads();
  }

  @Test
  void anEndlessAnswerIsAbandonedInTime() {
    limit = SHORT;
    try (DeadEnd deadEnd = DeadEnd.dripping()) {
      long begin = System.nanoTime();
      List<ConfigProblem> problems = problems("aws.s3.endpoint", deadEnd.url());
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SHORT.plusSeconds(2));
      assertProblem(
          problems, "aws.s3.endpoint", "gave no answer to s3:ListBucket on bucket exports");
    }
    assertNoThreads();
  }

  @Test
  void aBadRequestInTheBucketsRegionIsNoWrongRegion() {
    aws.change("HeadBucket", good -> new Answer(400, "", "x-amz-bucket-region", "eu-west-1"));
    assertProblem(problems(), "export.s3.bucket", "s3:ListBucket");
  }

  @Test
  void anInvalidBucketRegionIsAProblemOfItsKey() {
    Map<String, String> props = props("table.orders.export.s3.region", "nowhere-1");
    props.remove("aws.s3.endpoint");
    assertThat(Preflight.report(props).problems())
        .extracting(ConfigProblem::key)
        .containsExactly("table.orders.export.s3.region");
  }

  @Test
  void anInvalidRegionIsAProblemOfItsKey() {
    Map<String, String> props = props("aws.region", "nowhere-1");
    props.remove("aws.dynamodb.endpoint");
    assertThat(Preflight.report(props).problems())
        .extracting(ConfigProblem::key)
        .containsExactly("aws.region");
  }

  @Test
  void tablesNotCheckedInTimePassIfOthersAreGood() {
    limit = SHORT;
    aws.delay("DescribeTable", Duration.ofMillis(250));
    String tables = String.join(",", IntStream.range(0, 300).mapToObj(i -> "table" + i).toList());
    long begin = System.nanoTime();
    assertThat(problems("tables", tables, "snapshot.mode", "no_data")).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SHORT.plusSeconds(2));
    assertNoThreads();
  }

  private static void assertProblem(List<ConfigProblem> problems, String key, String said) {
    assertThat(problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo(key);
              assertThat(problem.message()).contains(said).doesNotContain("very-secret");
            });
  }

  /** A thread ends a little after what it waited for; on a busy machine, seconds. */
  private static void assertNoThreads() {
    Eventually.within(Duration.ofSeconds(20), "the end of the threads")
        .every(Duration.ofMillis(20))
        .until(PreflightTest::threads, List::isEmpty);
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("dynamokc-preflight") || name.startsWith("dynamokc-aws"))
        .toList();
  }

  private String[] withRole(String key, String url) {
    return new String[] {
      "aws.sts.role.arn", ROLE, "aws.sts.endpoint", aws.url(), key, url,
    };
  }

  private List<ConfigProblem> problems(String... keysAndValues) {
    Map<String, String> props = props(keysAndValues);
    assertThat(ConnectorConfig.problems(props)).isEmpty();
    return limit == null
        ? Preflight.report(props).problems()
        : Preflight.report(props, limit).problems();
  }

  private Map<String, String> props(String... keysAndValues) {
    Map<String, String> props = new HashMap<>();
    props.put("name", "orders-source");
    props.put("tables", "orders");
    props.put("aws.region", "eu-west-1");
    props.put("aws.access.key.id", "AKID");
    props.put("aws.secret.access.key", "very-secret");
    props.put("aws.dynamodb.endpoint", aws.url());
    props.put("aws.dynamodb.streams.endpoint", aws.url());
    props.put("aws.s3.endpoint", aws.url());
    props.put("aws.s3.path.style.access", "true");
    props.put("export.s3.bucket", "exports");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      props.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return props;
  }
}
