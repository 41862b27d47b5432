package io.github.dynamokc.export;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.ExportWindow;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.testing.CommittedOffsets;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.HeardRequests;
import io.github.dynamokc.testing.RecordForms;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** Windows of a table of DynamoDB Local, from their submission to the last record. */
class WindowExportIT {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String BUCKET = "windows";

  @TempDir static Path work;
  private static EmbeddedAws aws;

  /** Each wait passes at once, and ten minutes of AWS's time with it. */
  private final CountDownLatch waits =
      new CountDownLatch(1) {
        @Override
        public boolean await(long timeout, TimeUnit unit) {
          aws.time().advance(Duration.ofMinutes(10));
          return false;
        }
      };

  private final RetryingCalls calls =
      new RetryingCalls(new Retrier(waits, aws.time(), () -> 0L, Duration.ofDays(1)));

  @BeforeAll
  static void start() {
    aws = EmbeddedAws.start(work);
    aws.buckets().create(BUCKET);
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  private static Instant boundary() {
    aws.time().advance(HOUR);
    Instant boundary = aws.time().instant().truncatedTo(ChronoUnit.SECONDS);
    aws.time().advance(HOUR);
    return boundary;
  }

  private static void put(String table, String key, String value) {
    aws.tables()
        .put(table, Map.of("pk", AttributeValue.fromS(key), "v", AttributeValue.fromS(value)));
  }

  private String submit(String table, Instant from, Instant to) throws InterruptedException {
    var description = aws.tables().describe(table);
    return new WindowSubmission(
            "orders-source",
            ConnectorConfig.from(
                    Map.of("name", "orders-source", "tables", table, "export.s3.bucket", BUCKET))
                .tables()
                .get(0),
            aws.dynamoDb(),
            new HeardRequests(),
            calls,
            aws.time())
        .submit(
            new Registration(
                description.tableId(),
                description.tableArn(),
                null,
                "pk",
                null,
                new Registration.Start(false, 0, false),
                null),
            new ExportWindow(from.toEpochMilli(), to.toEpochMilli()),
            1);
  }

  private ExportStatus.Completed completed(String arn) {
    return (ExportStatus.Completed)
        Eventually.within(Duration.ofSeconds(30), "the end of the export")
            .until(() -> status(arn), ExportStatus.Completed.class::isInstance);
  }

  private ExportStatus status(String arn) {
    try {
      return ExportStatus.read(aws.dynamoDb(), calls, new HeardRequests(), arn);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static ExportBucket bucket() {
    return new ExportBucket(aws.s3(), BUCKET, null, new HeardRequests());
  }

  private List<SourceRecord> load(String table, String arn, Manifest manifest)
      throws InterruptedException {
    RecordQueue queue = new RecordQueue(Long.MAX_VALUE);
    SnapshotLoad load =
        SnapshotLoad.open(
            new SnapshotContext(
                new LoadedWindow(table, arn, 7),
                bucket(),
                RecordForms.table(table, table, "pk", null, "stream.view.on.remove", "OLD_IMAGE"),
                TableMetrics.unregistered(),
                aws.time()),
            calls,
            new TaskOutput(
                queue,
                new StatusRecords("status", RecordForms.status(), aws.time(), queue::fail),
                false),
            new OffsetReader(new CommittedOffsets()),
            manifest.filesKey(),
            IntStream.range(0, manifest.files().size()).boxed().toList());
    while (load.loadNext()) {
      // The next file.
    }
    return queue.poll(Integer.MAX_VALUE, Duration.ZERO);
  }

  @Test
  void aWindowGivesWhatItHasMadeOfEachItem() throws InterruptedException {
    aws.tables().create("repaired", string("pk"));
    put("repaired", "same", "1");
    put("repaired", "changed", "1");
    put("repaired", "gone", "1");
    Instant from = boundary();
    put("repaired", "changed", "2");
    put("repaired", "changed", "3");
    put("repaired", "new", "1");
    put("repaired", "ghost", "1");
    aws.tables().delete("repaired", Map.of("pk", AttributeValue.fromS("ghost")));
    aws.tables().delete("repaired", Map.of("pk", AttributeValue.fromS("gone")));
    Instant to = boundary();
    put("repaired", "new", "2");

    String arn = submit("repaired", from, to);
    assertThat(submit("repaired", from, to)).isEqualTo(arn);
    Manifest manifest =
        new ManifestReader(bucket(), calls)
            .readIncremental(
                completed(arn).manifestSummaryKey(),
                new ExportWindow(from.toEpochMilli(), to.toEpochMilli()));
    Map<Object, String> records = new TreeMap<>();
    for (SourceRecord record : load("repaired", arn, manifest)) {
      if (record.topic().equals("repaired")) {
        String event = (String) record.headers().lastWithName("dynamodb_event_name").value();
        assertThat(records.put(record.key(), event + " " + value(record))).isNull();
        assertThat(record.timestamp()).isBetween(from.toEpochMilli(), to.toEpochMilli() - 1);
      }
    }

    assertThat(records)
        .isEqualTo(
            Map.of(
                "{\"pk\":\"changed\"}", "MODIFY {pk=changed, v=3}",
                "{\"pk\":\"new\"}", "INSERT {pk=new, v=1}",
                "{\"pk\":\"gone\"}", "REMOVE {pk=gone, v=1}"));
  }

  /** DynamoDB Local gives attributes in any order. */
  private static Map<?, ?> value(SourceRecord record) {
    try {
      return new TreeMap<>(new ObjectMapper().readValue((String) record.value(), Map.class));
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + record, e);
    }
  }

  @Test
  void aWindowThatHasNotEndedIsWaitedFor() throws InterruptedException {
    aws.tables().create("early", string("pk"));
    Instant from = boundary();
    Instant to = from.plus(HOUR.multipliedBy(3));
    assertThat(aws.time().instant()).isBefore(to);

    completed(submit("early", from, to));

    assertThat(aws.time().instant()).isBetween(to, to.plus(HOUR));
  }

  @Test
  void aWindowFromBeforeRecoveryIsRefusedForGood() {
    aws.tables().createWithoutRecovery("late", StreamViewType.NEW_AND_OLD_IMAGES, string("pk"));
    Instant from = boundary();
    Instant to = boundary();
    assertThatThrownBy(() -> submit("late", from, to))
        .isInstanceOf(WindowNotExportableException.class)
        .hasMessageContaining("PointInTimeRecoveryUnavailableException");

    aws.tables().enableRecovery("late");
    Instant enabled = aws.time().instant().truncatedTo(ChronoUnit.HOURS);
    assertThatThrownBy(() -> submit("late", from, to))
        .isInstanceOf(WindowNotExportableException.class)
        .hasMessageContaining("Table late: its changes of " + from + " to " + to)
        .hasMessageContaining("InvalidExportTimeException: ExportFromTime")
        .hasMessageContaining(
            "Point-in-time recovery reaches back to " + enabled.toString().substring(0, 13));
  }
}
