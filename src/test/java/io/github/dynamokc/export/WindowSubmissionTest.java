package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.offset.ExportWindow;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.testing.FakeDynamoDb;
import io.github.dynamokc.testing.HeardLog;
import io.github.dynamokc.testing.HeardRequests;
import io.github.dynamokc.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.ExportFormat;
import software.amazon.awssdk.services.dynamodb.model.ExportTableToPointInTimeRequest;
import software.amazon.awssdk.services.dynamodb.model.ExportType;
import software.amazon.awssdk.services.dynamodb.model.ExportViewType;
import software.amazon.awssdk.services.dynamodb.model.S3SseAlgorithm;

/**
 * A window is exported once for each attempt, whatever is repeated; one that is too new is waited
 * for, and one that can never be had fails in words that help.
 */
class WindowSubmissionTest {
  private static final Instant TO = Instant.parse("2026-11-30T12:00:00Z");
  private static final Instant FROM = Instant.parse("2026-11-30T06:00:00Z");
  private static final ExportWindow WINDOW =
      new ExportWindow(FROM.toEpochMilli(), TO.toEpochMilli());
  private static final String REFUSED = "InvalidExportTimeException";

  private final FakeDynamoDb dynamoDb = new FakeDynamoDb();
  private final ManualClock clock = new ManualClock(TO.plus(Duration.ofHours(1)));
  private final Map<String, String> config = new HashMap<>();

  /** Each wait passes at once, and half a minute with it. */
  private final CountDownLatch waits =
      new CountDownLatch(1) {
        @Override
        public boolean await(long timeout, TimeUnit unit) {
          clock.advance(Duration.ofSeconds(30));
          return false;
        }
      };

  WindowSubmissionTest() {
    config.put("name", "orders-source");
    config.put("tables", "orders");
    config.put("export.s3.bucket", "exports");
  }

  private static Registration registration(String tableId) {
    return new Registration(
        tableId,
        "arn:aws:dynamodb:eu-central-1:123456789012:table/orders",
        "arn:stream",
        "PK",
        "SK",
        new Registration.Start(false, 0, false),
        null);
  }

  private String submit() throws InterruptedException {
    return submit("table-id-1", WINDOW, 1);
  }

  private String submit(String tableId, ExportWindow window, long attempt)
      throws InterruptedException {
    return new WindowSubmission(
            config.get("name"),
            ConnectorConfig.from(config).tables().get(0),
            dynamoDb,
            new HeardRequests(),
            new RetryingCalls(new Retrier(waits, clock, () -> 0L, Duration.ofMinutes(10))),
            clock)
        .submit(registration(tableId), window, attempt);
  }

  private ExportTableToPointInTimeRequest lastRequest() {
    return dynamoDb.submissions().get(dynamoDb.submissions().size() - 1);
  }

  @Test
  void aWindowIsAskedForWithBothImages() throws InterruptedException {
    assertThat(submit()).isEqualTo("arn:export/1");
    ExportTableToPointInTimeRequest request = lastRequest();
    assertThat(request.tableArn()).isEqualTo(registration("").tableArn());
    assertThat(request.exportType()).isEqualTo(ExportType.INCREMENTAL_EXPORT);
    assertThat(request.exportFormat()).isEqualTo(ExportFormat.DYNAMODB_JSON);
    assertThat(request.exportTime()).isNull();
    assertThat(request.incrementalExportSpecification().exportFromTime()).isEqualTo(FROM);
    assertThat(request.incrementalExportSpecification().exportToTime()).isEqualTo(TO);
    assertThat(request.incrementalExportSpecification().exportViewType())
        .isEqualTo(ExportViewType.NEW_AND_OLD_IMAGES);
    assertThat(request.s3Bucket()).isEqualTo("exports");
    assertThat(request.s3Prefix()).isNull();
    assertThat(request.s3SseAlgorithm()).isNull();
  }

  @Test
  void aWindowIsWrittenToWhereSnapshotsAre() throws InterruptedException {
    config.put("export.s3.prefix", "a/b");
    config.put("export.s3.bucket.owner", "123456789012");
    config.put("export.s3.sse.kms.key.id", "alias/exports");
    submit();
    assertThat(lastRequest().s3Prefix()).isEqualTo("a/b");
    assertThat(lastRequest().s3BucketOwner()).isEqualTo("123456789012");
    assertThat(lastRequest().s3SseAlgorithm()).isEqualTo(S3SseAlgorithm.KMS);
    assertThat(lastRequest().s3SseKmsKeyId()).isEqualTo("alias/exports");
  }

  @Test
  void theSameWindowAskedForAgainIsTheSameExport() throws InterruptedException {
    assertThat(submit()).isEqualTo(submit());
    assertThat(dynamoDb.exports()).isOne();
    assertThat(dynamoDb.submissions())
        .extracting(ExportTableToPointInTimeRequest::clientToken)
        .containsExactly(lastRequest().clientToken(), lastRequest().clientToken());
  }

  @Test
  void whateverDiffersIsAnotherExport() throws InterruptedException {
    Set<String> exports = new HashSet<>();
    exports.add(submit());
    exports.add(submit("table-id-2", WINDOW, 1));
    exports.add(submit("table-id-1", WINDOW, 2));
    exports.add(submit("table-id-1", new ExportWindow(WINDOW.fromMs() - 1000, WINDOW.toMs()), 1));
    exports.add(submit("table-id-1", new ExportWindow(WINDOW.fromMs(), WINDOW.toMs() - 1000), 1));
    config.put("name", "other-source");
    exports.add(submit());
    assertThat(exports).hasSize(6);
  }

  @Test
  void aBrokenConnectionIsNoSecondExport() throws InterruptedException {
    dynamoDb.failSubmission(500, "InternalServerError").failSubmission(400, "ThrottlingException");
    submit();
    assertThat(dynamoDb.exports()).isOne();
    assertThat(dynamoDb.submissions()).hasSize(3);
  }

  /** Told by what recovery reaches back to, which is what counts, and not by the clock. */
  @Test
  void aWindowThatIsTooNewIsWaitedFor() throws InterruptedException {
    dynamoDb.recoverableSince(FROM.minus(Duration.ofDays(30)));
    for (int i = 0; i < 5; i++) {
      dynamoDb.failSubmission(400, REFUSED, "no words that matter");
    }
    try (HeardLog log = new HeardLog()) {
      assertThat(submit()).isEqualTo("arn:export/1");
      assertThat(log.lines("Table orders: the changes of " + WINDOW + " are not to be had yet"))
          .isEqualTo(5);
    }
    assertThat(dynamoDb.exports()).isOne();
  }

  @ParameterizedTest
  @ValueSource(longs = {-3600, 0, 299})
  void aWindowThatHasJustEndedIsWaitedForUnseen(long secondsAgo) throws InterruptedException {
    clock.advance(Duration.between(clock.instant(), TO).plusSeconds(secondsAgo));
    dynamoDb.recoveryDenied().failSubmission(400, REFUSED).failSubmission(400, REFUSED);
    assertThat(submit()).isEqualTo("arn:export/1");
  }

  @Test
  void aWindowIsWaitedForAsLongAsAnyFailure() {
    dynamoDb.recoverableSince(FROM);
    for (int i = 0; i < 1000; i++) {
      dynamoDb.failSubmission(400, REFUSED, "ExportToTime is in the future");
    }
    assertThatThrownBy(this::submit)
        .isInstanceOf(ConnectException.class)
        .isNotInstanceOf(WindowNotExportableException.class)
        .hasMessageContaining("stall.timeout.ms=600000")
        .hasMessageContaining("Table orders")
        .hasMessageContaining("ExportToTime is in the future");
    assertThat(dynamoDb.exports()).isZero();
  }

  @Test
  void aWindowBeforeWhatRecoveryReachesFailsNamingBoth() {
    Instant earliest = FROM.plusSeconds(1);
    dynamoDb.recoverableSince(earliest).failSubmission(400, REFUSED, "It is out of range.");
    assertNotExportable(
        "Table orders: its changes of 2026-11-30T06:00:00Z to 2026-11-30T12:00:00Z cannot be exported",
        "InvalidExportTimeException: It is out of range (HTTP 400).",
        "reaches back to " + earliest,
        "snapshot.mode=when_needed, or another snapshot.id");
  }

  /** Recovery was turned on only lately, and the window is new as well. */
  @Test
  void aNewWindowBeforeWhatRecoveryReachesFails() {
    clock.advance(Duration.between(clock.instant(), TO));
    dynamoDb.recoverableSince(TO.minusSeconds(60)).failSubmission(400, REFUSED);
    assertNotExportable("reaches back to " + TO.minusSeconds(60));
  }

  @Test
  void anOldWindowThatIsRefusedUnseenFails() {
    dynamoDb.recoveryDenied().failSubmission(400, REFUSED, "It is out of range.");
    assertNotExportable("It is out of range", "point-in-time recovery must be on");
    assertThatThrownBy(this::submitOldOne).hasMessageNotContaining("reaches back");
  }

  /** That it is not known is no reason to take the window for one that is never to be had. */
  @Test
  void anOldWindowOfWhichTroubleHidesAllFailsWithTheTrouble() {
    dynamoDb.recoveryFails(400, "ValidationException").failSubmission(400, REFUSED);

    assertThatThrownBy(this::submit)
        .isInstanceOf(ConnectException.class)
        .isNotInstanceOf(WindowNotExportableException.class)
        .hasMessageContaining("dynamodb:DescribeContinuousBackups");
  }

  private void submitOldOne() throws InterruptedException {
    dynamoDb.failSubmission(400, REFUSED);
    submit();
  }

  @Test
  void aTableWithoutRecoveryFailsAtOnce() {
    clock.advance(Duration.between(clock.instant(), TO));
    dynamoDb
        .recoverableSince(null)
        .failSubmission(400, "PointInTimeRecoveryUnavailableException", "It is off");
    assertNotExportable(
        "PointInTimeRecoveryUnavailableException: It is off", "point-in-time recovery must be on");
  }

  private void assertNotExportable(String... message) {
    assertThatThrownBy(this::submit)
        .isInstanceOf(WindowNotExportableException.class)
        .hasMessageContainingAll(message);
    assertThat(dynamoDb.submissions()).hasSize(1);
    assertThat(dynamoDb.exports()).isZero();
  }

  @Test
  void anyOtherRefusalFailsAtOnceNamingTheAction() {
    dynamoDb.failSubmission(400, "AccessDeniedException");
    assertThatThrownBy(this::submit)
        .isInstanceOf(ConnectException.class)
        .isNotInstanceOf(WindowNotExportableException.class)
        .hasMessageContaining("dynamodb:ExportTableToPointInTime")
        .hasMessageContaining("s3://exports");
    assertThat(dynamoDb.submissions()).hasSize(1);
  }

  @Test
  void workThatIsStoppedAsksNoMore() {
    dynamoDb.recoverableSince(FROM).failSubmission(400, REFUSED);
    waits.countDown();
    assertThatThrownBy(this::submit).isInstanceOf(InterruptedException.class);
    assertThat(dynamoDb.submissions()).isEmpty();
  }
}
