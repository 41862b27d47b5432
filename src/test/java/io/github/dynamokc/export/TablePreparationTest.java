package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.SourceOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.table.Readiness;
import io.github.dynamokc.table.TableNotReadyException;
import io.github.dynamokc.testing.CommittedOffsets;
import io.github.dynamokc.testing.FakeDynamoDb;
import io.github.dynamokc.testing.HeardLog;
import io.github.dynamokc.testing.HeardRequests;
import io.github.dynamokc.testing.ImpatientLatch;
import io.github.dynamokc.testing.ManualClock;
import io.github.dynamokc.testing.RecordForms;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;
import software.amazon.awssdk.services.dynamodb.model.ExportFormat;
import software.amazon.awssdk.services.dynamodb.model.ExportTableToPointInTimeRequest;
import software.amazon.awssdk.services.dynamodb.model.ExportType;
import software.amazon.awssdk.services.dynamodb.model.S3SseAlgorithm;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/**
 * A table is registered once and exported once for each attempt, whatever is repeated; a table
 * whose stream cannot be followed is refused in words that help.
 */
class TablePreparationTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_700_020_500_000L);
  private static final String GIVEN =
      "arn:aws:dynamodb:eu-central-1:123456789012:table/orders/export/01-ab";
  private static final SourcePartition TABLE = new SourcePartition.OfTable("orders");
  private static final Registration REGISTRATION =
      new Registration(
          "table-id-1",
          "arn:aws:dynamodb:eu-central-1:123456789012:table/orders",
          "arn:stream",
          "PK",
          "SK",
          new Registration.Start(false, NOW.toEpochMilli() - 60_000, false),
          null);

  private final FakeDynamoDb dynamoDb = new FakeDynamoDb();
  private final CommittedOffsets offsets = new CommittedOffsets();
  private final ImpatientLatch stopped = new ImpatientLatch();
  private final Map<String, String> config = new HashMap<>();

  TablePreparationTest() {
    config.put("name", "orders-source");
    config.put("tables", "orders");
    config.put("export.s3.bucket", "exports");
  }

  private static TableOffset.Export export(String arn, long attempt) {
    return new TableOffset.Export(arn, FakeDynamoDb.EXPORT_TIME.toEpochMilli(), "1", attempt);
  }

  private List<SourceRecord> run(long attempt) throws InterruptedException {
    RecordQueue queue = new RecordQueue(Long.MAX_VALUE);
    preparation(InstantSource.fixed(NOW), queue, stopped).run(attempt);
    return queue.poll(100, Duration.ZERO);
  }

  private TablePreparation preparation(
      InstantSource clock, RecordQueue queue, CountDownLatch stopped) {
    ConnectorConfig connector = ConnectorConfig.from(config);
    return new TablePreparation(
        connector.connectorName(),
        connector.table("orders"),
        dynamoDb,
        new HeardRequests(),
        new RetryingCalls(new Retrier(stopped, clock, () -> 0L, Duration.ofMinutes(10))),
        new OffsetReader(offsets),
        new TaskOutput(
            queue, new StatusRecords("status", RecordForms.status(), clock, queue::fail), false),
        clock);
  }

  @SuppressWarnings("unchecked")
  private static SourceOffset offset(SourceRecord record) {
    assertThat(record.sourcePartition()).isEqualTo(TABLE.toConnect());
    return SourceOffset.fromConnect(TABLE, (Map<String, Object>) record.sourceOffset());
  }

  private void commit(SourceOffset offset) {
    offsets.commit(TABLE.toConnect(), offset.toConnect());
  }

  private String tokenOf(long attempt) throws InterruptedException {
    run(attempt);
    List<ExportTableToPointInTimeRequest> all = dynamoDb.submissions();
    return all.get(all.size() - 1).clientToken();
  }

  /** What is known of AWS's clock is known after its first answer. */
  @Test
  void aStreamIsFollowedFromWhatAwsSaysIsNow() throws InterruptedException {
    config.put("snapshot.mode", "no_data");
    ManualClock clock = new ManualClock(NOW.plus(Duration.ofMinutes(4)));
    dynamoDb.onDescribeTable(() -> clock.advance(Duration.ofMinutes(-4)));
    RecordQueue queue = new RecordQueue(Long.MAX_VALUE);
    preparation(clock, queue, stopped).run(1);

    assertThat(queue.poll(100, Duration.ZERO))
        .extracting(TablePreparationTest::offset)
        .extracting(offset -> ((TableOffset) offset).registration().start().timeMs())
        .containsExactly(NOW.toEpochMilli() - 60_000);
  }

  @Test
  void aFreshTableIsRegisteredThenExported() throws InterruptedException {
    List<SourceRecord> records = run(1);
    assertThat(records)
        .extracting(TablePreparationTest::offset)
        .containsExactly(
            new TableOffset.Registered(REGISTRATION),
            new TableOffset.ExportSubmitted(REGISTRATION, export("arn:export/1", 1)));
    assertThat((String) records.get(0).value()).contains("\"type\":\"TABLE_REGISTERED\"");
    assertThat((String) records.get(1).value()).contains("\"type\":\"EXPORT_SUBMITTED\"");
    ExportTableToPointInTimeRequest request = dynamoDb.submissions().get(0);
    assertThat(request.tableArn()).isEqualTo(REGISTRATION.tableArn());
    assertThat(request.s3Bucket()).isEqualTo("exports");
    assertThat(request.exportFormat()).isEqualTo(ExportFormat.DYNAMODB_JSON);
    assertThat(request.s3Prefix()).isNull();
    assertThat(request.s3BucketOwner()).isNull();
    assertThat(request.s3SseAlgorithm()).isNull();
    assertThat(request.exportTime()).isNull();
  }

  @Test
  void anExportGoesWhereTheConfigurationSays() throws InterruptedException {
    config.put("export.s3.prefix", "backups/orders");
    config.put("export.s3.bucket.owner", "123456789012");
    config.put("export.s3.sse.kms.key.id", "alias/exports");
    run(1);
    ExportTableToPointInTimeRequest request = dynamoDb.submissions().get(0);
    assertThat(request.s3Prefix()).isEqualTo("backups/orders");
    assertThat(request.s3BucketOwner()).isEqualTo("123456789012");
    assertThat(request.s3SseAlgorithm()).isEqualTo(S3SseAlgorithm.KMS);
    assertThat(request.s3SseKmsKeyId()).isEqualTo("alias/exports");
  }

  @Test
  void aRegisteredTableKeepsItsFirstDescription() throws InterruptedException {
    Registration before =
        new Registration(
            "table-id-0",
            "arn:old",
            "arn:old-stream",
            "K",
            null,
            new Registration.Start(true, 5, false),
            null);
    commit(new TableOffset.Registered(before));
    assertThat(run(1))
        .extracting(TablePreparationTest::offset)
        .containsExactly(new TableOffset.ExportSubmitted(before, export("arn:export/1", 1)));
    assertThat(dynamoDb.submissions().get(0).tableArn()).isEqualTo("arn:old");
  }

  @Test
  void anAttemptThatWasSubmittedIsNotSubmittedAgain() throws InterruptedException {
    commit(new TableOffset.ExportSubmitted(REGISTRATION, export("arn:export/1", 1)));
    assertThat(run(1)).isEmpty();
    commit(new TableOffset.ExportLoaded(REGISTRATION, export("arn:export/1", 1)));
    assertThat(run(1)).isEmpty();
    assertThat(dynamoDb.submissions()).isEmpty();
  }

  @Test
  void aCrashBeforeTheOffsetIsCommittedGivesTheSameExportAgain() throws InterruptedException {
    SourceOffset first = offset(run(1).get(1));
    assertThat(offset(run(1).get(1))).isEqualTo(first);
    commit(new TableOffset.Registered(REGISTRATION));
    assertThat(offset(run(1).get(0))).isEqualTo(first);
    assertThat(dynamoDb.submissions()).hasSize(3);
    assertThat(dynamoDb.exports()).isEqualTo(1);
  }

  @Test
  void anExportForAnotherPurposeHasAnotherToken() throws InterruptedException {
    Set<String> tokens = new HashSet<>();
    tokens.add(tokenOf(1));
    tokens.add(tokenOf(2));
    config.put("snapshot.id", "second");
    tokens.add(tokenOf(1));
    config.put("name", "other-connector");
    tokens.add(tokenOf(1));
    dynamoDb.tableId("table-id-2");
    tokens.add(tokenOf(1));
    assertThat(tokens).hasSize(5);
    assertThat(dynamoDb.exports()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"2, PT2S", "3, PT4S", "5, PT16S", "20, PT5M", "9000000000, PT5M"})
  void laterAttemptsWaitLongerUpToFiveMinutes(long attempt, Duration wait)
      throws InterruptedException {
    commit(new TableOffset.ExportSubmitted(REGISTRATION, export("arn:export/1", attempt - 1)));
    assertThat(run(attempt))
        .extracting(TablePreparationTest::offset)
        .containsExactly(
            new TableOffset.ExportSubmitted(REGISTRATION, export("arn:export/1", attempt)));
    assertThat(stopped.waits()).containsExactly(wait);
  }

  @Test
  void stoppingEndsTheWaitForALaterAttempt() {
    stopped.countDown();
    commit(new TableOffset.ExportSubmitted(REGISTRATION, export("arn:export/1", 1)));
    assertThatThrownBy(() -> run(2)).isInstanceOf(InterruptedException.class);
    assertThat(dynamoDb.submissions()).isEmpty();
  }

  @Test
  void passingErrorsAreRetriedWithTheSameToken() throws InterruptedException {
    dynamoDb
        .failSubmission(500, "InternalServerError")
        .failSubmission(503, "ServiceUnavailable")
        .failSubmission(400, "LimitExceededException");
    assertThat(run(1)).hasSize(2);
    assertThat(dynamoDb.submissions())
        .hasSize(4)
        .extracting(ExportTableToPointInTimeRequest::clientToken)
        .containsOnly(dynamoDb.submissions().get(0).clientToken());
    assertThat(dynamoDb.exports()).isEqualTo(1);
  }

  @Test
  void tooManyExportsForTooLongFailTheTask() {
    ManualClock clock = new ManualClock(NOW);
    CountDownLatch passing =
        new CountDownLatch(1) {
          @Override
          public boolean await(long timeout, TimeUnit unit) {
            clock.advance(Duration.ofSeconds(30));
            return false;
          }
        };
    for (int i = 0; i < 1000; i++) {
      dynamoDb.failSubmission(400, "LimitExceededException");
    }
    assertThatThrownBy(() -> preparation(clock, new RecordQueue(Long.MAX_VALUE), passing).run(1))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("stall.timeout.ms=600000")
        .hasMessageContaining("LimitExceededException")
        .hasMessageContaining("dynamodb:ExportTableToPointInTime on " + REGISTRATION.tableArn())
        .hasMessageContaining("s3://exports");
    assertThat(dynamoDb.exports()).isZero();
  }

  @Test
  void aGapIsLeftAloneByAPlanFromBefore() throws InterruptedException {
    config.put("snapshot.mode", "no_data");
    commit(new TableOffset.GapFound(REGISTRATION, null, 5, List.of(), false));

    assertThat(run(1)).isEmpty();
  }

  /** An upgrade between a submission and its commit must not make a second export. */
  @Test
  void theClientTokenIsThatOfEarlierVersions() throws InterruptedException {
    run(1);
    assertThat(dynamoDb.submissions().get(0).clientToken())
        .isEqualTo(
            UUID.nameUUIDFromBytes(
                    "orders-source\ntable-id-1\n1\n1".getBytes(StandardCharsets.UTF_8))
                .toString());
  }

  @Test
  void aRefusedExportFailsNamingTheAction() {
    dynamoDb.failSubmission(400, "PointInTimeRecoveryUnavailableException");
    assertThatThrownBy(() -> run(1))
        .isInstanceOfSatisfying(
            TableNotReadyException.class,
            e -> assertThat(e.reason()).isEqualTo(Readiness.NO_RECOVERY))
        .hasMessageContaining("dynamodb:ExportTableToPointInTime on " + REGISTRATION.tableArn())
        .hasMessageContaining("s3://exports")
        .hasMessageContaining("PointInTimeRecoveryUnavailableException");
    assertThat(dynamoDb.submissions()).hasSize(1);
  }

  @Test
  void aTableThatIsNotReadyIsNotRegistered() throws InterruptedException {
    dynamoDb.streamDisabled();
    assertThatThrownBy(() -> run(1))
        .isInstanceOfSatisfying(
            TableNotReadyException.class,
            e -> assertThat(e.reason()).isEqualTo("its stream is not enabled"))
        .hasMessageContaining("Table orders has no stream. Enable");
    dynamoDb.stream(StreamViewType.NEW_IMAGE).status(TableStatus.CREATING);
    assertThatThrownBy(() -> run(1))
        .isInstanceOf(TableNotReadyException.class)
        .hasMessage("Table orders cannot be read: it is being created");
    dynamoDb.status(TableStatus.UPDATING);
    assertThat(run(1)).hasSize(2);
  }

  @Test
  void anExportWhoseAnswerHasNoTimeIsAskedForIt() throws InterruptedException {
    dynamoDb.timeOnlyWhenDescribed();
    assertThat(offset(run(1).get(1)))
        .isEqualTo(new TableOffset.ExportSubmitted(REGISTRATION, export("arn:export/1", 1)));
    assertThat(dynamoDb.described()).isEqualTo(1);
  }

  @Test
  void aGivenExportIsTakenAndNoneIsSubmitted() throws InterruptedException {
    config.put("export.arn", GIVEN);
    config.remove("export.s3.bucket");
    assertThat(offset(run(1).get(1)))
        .isEqualTo(new TableOffset.ExportSubmitted(REGISTRATION, export(GIVEN, 1)));
    assertThat(dynamoDb.submissions()).isEmpty();
  }

  @Test
  void anOldGivenExportIsWarnedOf() throws InterruptedException {
    config.put("export.arn", GIVEN);
    config.put("snapshot.mode", "initial_only");
    try (HeardLog log = new HeardLog()) {
      dynamoDb.describing(export -> export.exportTime(NOW.minus(Duration.ofHours(23))));
      run(1);
      assertThat(log.lines("retention.ms")).isZero();
      dynamoDb.describing(export -> export.exportTime(NOW.minus(Duration.ofDays(10))));
      run(1);
      assertThat(log.lines("the given export " + GIVEN + " is 240 hours old")).isOne();
      assertThat(log.lines("message.timestamp.type=LogAppendTime")).isOne();
    }
  }

  @Test
  void aGivenExportThatCannotBeLoadedIsRefusedSayingWhy() {
    config.put("export.arn", GIVEN);
    assertRefused(export -> export.tableId("table-id-0"), "id table-id-0", "id table-id-1");
    assertRefused(export -> export.exportFormat(ExportFormat.ION), "format ION");
    assertRefused(export -> export.exportType(ExportType.INCREMENTAL_EXPORT), "full export");
    assertRefused(
        export -> export.exportStatus("FAILED").failureCode("Access").failureMessage("no way"),
        "failed: Access: no way");
  }

  private void assertRefused(UnaryOperator<ExportDescription.Builder> given, String... says) {
    dynamoDb.describing(given);
    assertThatThrownBy(() -> run(1))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("The export " + GIVEN + ", given by export.arn, ")
        .hasMessageContainingAll(says);
  }

  @Test
  void aTableWithoutASnapshotHasNoExport() throws InterruptedException {
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("stream.start.slack.ms", "0");
    assertThat(run(1))
        .extracting(TablePreparationTest::offset)
        .containsExactly(
            new TableOffset.Registered(
                new Registration(
                    "table-id-1",
                    REGISTRATION.tableArn(),
                    "arn:stream",
                    "PK",
                    "SK",
                    new Registration.Start(true, NOW.toEpochMilli(), true),
                    null)));
    assertThat(dynamoDb.submissions()).isEmpty();
  }

  @Test
  void aFurtherSnapshotHoldsTheStreamBeforeItsExport() throws InterruptedException {
    commit(new TableOffset.ExportLoaded(REGISTRATION, export("arn:export/0", 1)));
    config.put("snapshot.id", "second");
    InstantSource clock = InstantSource.fixed(FakeDynamoDb.EXPORT_TIME.minusSeconds(301));
    RecordQueue queue = new RecordQueue(Long.MAX_VALUE);
    List<Duration> waits = new ArrayList<>();
    List<SourceOffset> emitted = new ArrayList<>();
    CountDownLatch commits =
        new CountDownLatch(1) {
          @Override
          public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
            assertThat(dynamoDb.submissions()).as("before the offset is durable").isEmpty();
            waits.add(Duration.of(timeout, unit.toChronoUnit()));
            if (waits.size() == 2) {
              queue.poll(1, Duration.ZERO).forEach(record -> emitted.add(offset(record)));
              commit(emitted.get(0));
            }
            return false;
          }
        };
    preparation(clock, queue, commits).run(1);

    long exportedUpTo = FakeDynamoDb.EXPORT_TIME.minusSeconds(300).toEpochMilli();
    Registration followed = registration(new Registration.Start(false, exportedUpTo, true));
    assertThat(emitted).containsExactly(new TableOffset.Held(followed, clock.millis()));
    assertThat(waits)
        .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMinutes(5));
    assertThat(queue.poll(100, Duration.ZERO))
        .extracting(TablePreparationTest::offset)
        .containsExactly(
            new TableOffset.ExportSubmitted(
                followed,
                new TableOffset.Export(
                    "arn:export/1", FakeDynamoDb.EXPORT_TIME.toEpochMilli(), "second", 1)));
  }

  @Test
  void aStreamThatIsHeldAlreadyStaysHeldAfterACrash() throws InterruptedException {
    Registration followed = registration(new Registration.Start(true, 5, true));
    long since = FakeDynamoDb.EXPORT_TIME.minusSeconds(1).toEpochMilli();
    commit(new TableOffset.Held(followed, since));
    assertThat(run(1))
        .extracting(TablePreparationTest::offset)
        .containsExactly(new TableOffset.ExportSubmitted(followed, export("arn:export/1", 1)));
    assertThat(stopped.waits())
        .as("what is left of five minutes")
        .containsExactly(Duration.ofMinutes(5).minusMillis(NOW.toEpochMilli() - since));
  }

  @Test
  void anExportOfAnEarlierUseOfTheIdIsRefused() {
    commit(
        new TableOffset.Held(
            registration(new Registration.Start(true, 5, true)),
            FakeDynamoDb.EXPORT_TIME.toEpochMilli() + 1));
    assertThatThrownBy(() -> run(1))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Table orders: the export arn:export/1 is older than changes")
        .hasMessageContaining("The snapshot.id 1 was used before; set one that was not");
  }

  @Test
  void aGivenExportIsRefusedOnceChangesAreInKafka() {
    commit(new TableOffset.ExportLoaded(REGISTRATION, export("arn:export/0", 1)));
    config.put("snapshot.id", "second");
    config.put("export.arn", GIVEN);
    assertThatThrownBy(() -> run(1))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("the export " + GIVEN + " is older than changes")
        .hasMessageContaining("Remove export.arn");
    assertThat(stopped.waits()).isEmpty();
  }

  @Test
  void aHeldStreamGoesOnIfTheSnapshotIsGivenUp() throws InterruptedException {
    config.put("snapshot.mode", "no_data");
    Registration followed = registration(new Registration.Start(true, 5, true));
    commit(new TableOffset.Held(followed, 7));
    assertThat(run(1))
        .extracting(TablePreparationTest::offset)
        .containsExactly(new TableOffset.Registered(followed));
    commit(new TableOffset.ExportSubmitted(followed, export("arn:export/1", 1)));
    assertThat(run(1))
        .as("a further snapshot that is given up")
        .extracting(TablePreparationTest::offset)
        .containsExactly(new TableOffset.Registered(followed));
    commit(new TableOffset.ExportLoaded(REGISTRATION, export("arn:export/1", 1)));
    assertThat(run(1)).as("it has its snapshot").isEmpty();
    commit(new TableOffset.Registered(REGISTRATION));
    assertThat(((TableOffset) offset(run(1).get(0))).registration().start().followed()).isTrue();
    assertThat(dynamoDb.submissions()).isEmpty();
  }

  @Test
  void aTableThatGotItsStreamLaterBeginsAnewWithIt() throws InterruptedException {
    Registration without =
        new Registration(
            REGISTRATION.tableId(), "arn:old", null, "PK", "SK", REGISTRATION.start(), null);
    commit(new TableOffset.ExportLoaded(without, export("arn:export/0", 1)));
    assertThat(run(1)).as("the snapshot that it has").isEmpty();
    config.put("snapshot.id", "second");
    assertThat(run(1))
        .extracting(TablePreparationTest::offset)
        .first()
        .isEqualTo(new TableOffset.Registered(REGISTRATION));
    config.put("snapshot.mode", "initial_only");
    assertThat(run(1))
        .as("nothing to hold, and no need of the stream")
        .extracting(record -> ((TableOffset) offset(record)).registration())
        .containsExactly(without);
    assertThat(stopped.waits()).isEmpty();
  }

  private static Registration registration(Registration.Start start) {
    return new Registration(
        REGISTRATION.tableId(),
        REGISTRATION.tableArn(),
        REGISTRATION.streamArn(),
        REGISTRATION.partitionKey(),
        REGISTRATION.sortKey(),
        start,
        null);
  }

  @Test
  void aTableWithoutAStreamIsRefusedUnlessOnlyItsItemsAreWanted() throws InterruptedException {
    dynamoDb.streamDisabled();
    assertThatThrownBy(() -> run(1))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Table orders has no stream")
        .hasMessageContaining("snapshot.mode=initial_only");
    assertThat(dynamoDb.submissions()).isEmpty();
    config.put("snapshot.mode", "initial_only");
    TableOffset registered = (TableOffset) offset(run(1).get(0));
    assertThat(registered.registration().streamArn()).isNull();
    assertThat(dynamoDb.exports()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = StreamViewType.class,
      names = {"KEYS_ONLY", "OLD_IMAGE"})
  void aStreamWithoutNewImagesIsRefused(StreamViewType view) {
    dynamoDb.stream(view);
    assertThatThrownBy(() -> run(1))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("has view type " + view)
        .hasMessageContaining("NEW_IMAGE or NEW_AND_OLD_IMAGES");
    assertThat(dynamoDb.submissions()).isEmpty();
  }

  @Test
  void aStreamWithNewImagesIsEnough() throws InterruptedException {
    dynamoDb.stream(StreamViewType.NEW_IMAGE);
    assertThat(run(1)).hasSize(2);
  }
}
