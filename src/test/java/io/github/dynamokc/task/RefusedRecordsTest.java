package io.github.dynamokc.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.MetricTags;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.plan.PlannedTask;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.record.MessageKeys;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TestRecords;
import io.github.dynamokc.testing.OrdersWorld;
import io.github.dynamokc.testing.RecordForms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All that is left of a record that Connect skipped. */
class RefusedRecordsTest {
  private static final GivenAssignment GIVEN =
      GivenAssignment.of(new PlannedTask(0, "plan-1", 1, "assigned"));

  private final OrdersWorld world = new OrdersWorld();
  private final Map<MetricTags, TableMetrics> shown = new HashMap<>();
  private final TaskTables tables =
      OrdersTask.tables(
          world,
          new TaskAssignment(List.of(new TableWork.Prepare(OrdersWorld.TABLE, 1))),
          (tags, metrics) -> {
            shown.put(tags, metrics);
            return () -> shown.remove(tags);
          });

  /** No room at all: Connect's threads must not wait for it. */
  private final RecordQueue queue = new RecordQueue(0);

  private final StatusRecords status =
      new StatusRecords("status", RecordForms.status(), world.clock, queue::fail);
  private final RefusedRecords refusals =
      new RefusedRecords(
          tables,
          status,
          queue,
          GIVEN,
          new MessageKeys(true),
          (table, cause) -> failed(table, cause));

  /** The table that failed last, and why. */
  private final List<String> failures = new ArrayList<>();

  private void failed(String table, ConnectException cause) {
    failures.add(table + ": " + cause.getMessage());
  }

  @AfterEach
  void close() {
    tables.close();
  }

  private static TrackedRecord item() {
    return TestRecords.item(
        TestRecords.table(), "{\"PK\":{\"S\":\"a\"},\"SK\":{\"S\":\"b\"},\"v\":{\"N\":\"1\"}}");
  }

  private static TrackedRecord change() {
    String keys = "{\"PK\":{\"S\":\"a\"},\"SK\":{\"S\":\"b\"}}";
    return TestRecords.change(
        TestRecords.table(), TestRecords.change(Operation.INSERT, keys, keys, null, null));
  }

  private long count(Counter counter) {
    return shown.values().iterator().next().value(counter);
  }

  @Test
  void aRefusedItemIsCountedAndToldWithoutMovingItsOffset() throws InterruptedException {
    TrackedRecord item = item();
    refusals.refused(item, DroppedRecords.Cause.REFUSED);
    refusals.refused(change(), DroppedRecords.Cause.NOT_CONVERTED);

    List<SourceRecord> told = queue.poll(10, Duration.ZERO);
    assertThat(told).hasSize(2);
    assertThat(told)
        .allSatisfy(
            record -> {
              assertThat(record.topic()).isEqualTo("status");
              assertThat(record.sourcePartition()).isEqualTo(GIVEN.partition().toConnect());
              assertThat(record.sourceOffset()).isEqualTo(GIVEN.offset().toConnect());
            });
    assertThat(told.get(0).value().toString())
        .contains(
            "ITEM_SKIPPED",
            "data/1.json.gz",
            "\"items\":7",
            "refused by Kafka and is not in Kafka",
            "orders-topic");
    assertThat(told.get(1).value().toString()).contains("shardId-1", "refused by a converter");
    assertThat(count(Counter.EXPORT_RECORD_PROCESSING_ERRORS)).isEqualTo(1);
    assertThat(count(Counter.CHANGE_EVENTS_PROCESSING_ERRORS)).isEqualTo(1);
  }

  @Test
  void aStatusRecordIsNoItem() throws InterruptedException {
    TrackedRecord progress =
        status.record(StatusType.SHARD_PROGRESS, TestRecords.SHARD, TestRecords.BEFORE);
    refusals.refused(progress, DroppedRecords.Cause.REFUSED);
    assertThat(queue.poll(10, Duration.ZERO)).isEmpty();
    assertThat(count(Counter.CHANGE_EVENTS_PROCESSING_ERRORS)).isZero();
  }

  @Test
  void aKafkaThatRefusesAllRecordsFailsTheTable() throws InterruptedException {
    for (int i = 0; i < 99; i++) {
      refusals.refused(change(), DroppedRecords.Cause.REFUSED);
    }
    refusals.acknowledged(change());
    for (int i = 0; i < 99; i++) {
      refusals.refused(change(), DroppedRecords.Cause.REFUSED);
      refusals.refused(change(), DroppedRecords.Cause.NOT_CONVERTED);
    }
    List<SourceRecord> told = queue.poll(1_000, Duration.ZERO);
    assertThat(told).hasSize(297);
    // What tells of it gets through, which is no sign of Kafka taking items.
    told.forEach(record -> refusals.acknowledged((TrackedRecord) record));
    assertThat(failures).isEmpty();
    refusals.refused(change(), DroppedRecords.Cause.REFUSED);

    assertThat(failures)
        .singleElement()
        .asString()
        .startsWith("orders: Kafka has refused 100 records in a row for topic 'orders-topic'")
        .contains("Shard shardId-1 of table orders");
  }
}
