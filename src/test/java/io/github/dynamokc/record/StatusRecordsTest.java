package io.github.dynamokc.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.offset.AssignmentOffset;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.testing.RecordForms;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** Status records say what their offset says, and must not get lost. */
class StatusRecordsTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);

  private final List<ConnectException> failures = new ArrayList<>();
  private final StatusRecords records =
      new StatusRecords(
          "orders-status", RecordForms.status(), InstantSource.fixed(NOW), failures::add);

  private static Map<?, ?> json(TrackedRecord record) throws IOException {
    return new ObjectMapper().readValue((String) record.value(), Map.class);
  }

  @Test
  void aLoadedFileIsReported() throws IOException {
    TrackedRecord record =
        records.record(StatusType.DATA_FILE_LOADED, TestRecords.FILE, new FileOffset(12, true));
    assertThat(json(record))
        .isEqualTo(
            Map.of(
                "type", "DATA_FILE_LOADED",
                "ts_ms", NOW.toEpochMilli(),
                "table", "orders",
                "export", "arn:export",
                "file", "data/1.json.gz",
                "items", 12,
                "done", true));
    assertThat(record.topic()).isEqualTo("orders-status");
    assertThat(record.key()).isEqualTo("orders");
    assertThat(record.timestamp()).isEqualTo(NOW.toEpochMilli());
    assertThat(record.headers()).isEmpty();
    assertThat(record.sourcePartition()).isEqualTo(TestRecords.FILE.toConnect());
    assertThat(record.sourceOffset()).isEqualTo(new FileOffset(12, true).toConnect());
  }

  @Test
  void thePositionInAFileIsInTheOffsetAndNotReported() throws IOException {
    FileOffset offset = new FileOffset(12, false, 0, "AQAA");
    TrackedRecord record = records.record(StatusType.SNAPSHOT_PROGRESS, TestRecords.FILE, offset);
    assertThat(json(record).get("position")).isNull();
    assertThat(json(record).get("items")).isEqualTo(12);
    assertThat(record.sourceOffset()).isEqualTo(offset.toConnect());
  }

  @Test
  void aFinishedShardIsReported() throws IOException {
    ShardOffset finished = new ShardOffset.Finished("123", 7, 98, 99, null);
    TrackedRecord record = records.record(StatusType.SHARD_FINISHED, TestRecords.SHARD, finished);
    assertThat(json(record))
        .isEqualTo(
            Map.of(
                "type",
                "SHARD_FINISHED",
                "ts_ms",
                NOW.toEpochMilli(),
                "table",
                "orders",
                "stream",
                "arn:stream",
                "shard",
                "shardId-1",
                "sequence",
                "123",
                "version",
                7,
                "readUpTo",
                98,
                "at",
                99,
                "done",
                true));
  }

  @Test
  void aRegisteredTableIsReported() throws IOException {
    TableOffset registered =
        new TableOffset.Registered(
            new Registration(
                "id",
                "arn:table",
                null,
                "PK",
                null,
                new Registration.Start(false, 5, false),
                null));
    TrackedRecord record =
        records.record(
            StatusType.TABLE_REGISTERED, new SourcePartition.OfTable("orders"), registered);
    assertThat(json(record))
        .isEqualTo(
            Map.of(
                "type", "TABLE_REGISTERED",
                "ts_ms", NOW.toEpochMilli(),
                "table", "orders",
                "phase", "REGISTERED",
                "tableId", "id",
                "tableArn", "arn:table",
                "partitionKey", "PK",
                "startPosition", "LATEST",
                "startTime", 5));
  }

  /** Of no table, and without the text that is as long as the task's work. */
  @Test
  void anAssignmentIsReportedByItsPlan() throws IOException {
    AssignmentOffset given = new AssignmentOffset("0a1b", 4, "a long text");
    TrackedRecord record =
        records.record(StatusType.TASK_ASSIGNED, SourcePartition.OfAssignment.of(3), given);
    assertThat(json(record))
        .isEqualTo(
            Map.of(
                "type", "TASK_ASSIGNED",
                "ts_ms", NOW.toEpochMilli(),
                "table", "",
                "task", "3",
                "plan", "0a1b",
                "tasks", 4));
    assertThat(record.key()).as("no table's name").isEqualTo("task/3");
    assertThat(record.sourceOffset()).isEqualTo(given.toConnect());
    record.delivery().dropped();
    assertThat(failures).as("the connector can do without").isEmpty();
  }

  @Test
  void fieldsComeInOneOrder() {
    TrackedRecord record =
        records.record(StatusType.DATA_FILE_LOADED, TestRecords.FILE, new FileOffset(1, true));
    assertThat((String) record.value())
        .isEqualTo(
            "{\"type\":\"DATA_FILE_LOADED\",\"ts_ms\":1700000000000,\"table\":\"orders\","
                + "\"export\":\"arn:export\",\"file\":\"data/1.json.gz\",\"done\":true,\"items\":1}");
  }

  @Test
  void theCallbackIsNotifiedOfTheAcknowledgment() {
    int[] heard = {0};
    DeliveryCallback waiting =
        new DeliveryCallback() {
          @Override
          public void acknowledged() {
            heard[0]++;
          }

          @Override
          public void dropped() {
            throw new AssertionError("A dropped status record is nobody's delivery");
          }
        };
    TrackedRecord record =
        records.record(
            StatusType.DATA_FILE_LOADED, TestRecords.FILE, new FileOffset(1, true), waiting);
    record.delivery().acknowledged();
    assertThat(heard[0]).isEqualTo(1);
    assertThat(failures).isEmpty();
    record.delivery().dropped();
    assertThat(heard[0]).isEqualTo(1);
    assertThat(failures).hasSize(1);
  }

  @Test
  void aDroppedStatusRecordFailsTheTaskSayingHowToExemptTheTopic() {
    TrackedRecord record =
        records.record(StatusType.SHARD_FINISHED, TestRecords.FILE, new FileOffset(1, true));
    record.delivery().acknowledged();
    record.delivery().dropped();
    assertThat(failures).hasSize(1);
    assertThat(failures.get(0))
        .hasMessageContaining("SHARD_FINISHED")
        .hasMessageContaining("'orders-status'")
        .hasMessageContaining("errors.tolerance=all")
        .hasMessageContaining("org.apache.kafka.connect.transforms.predicates.TopicNameMatches")
        .hasMessageContaining("negate=true");
  }
}
