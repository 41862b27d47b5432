package io.github.dynamokc.task;

import static io.github.dynamokc.testing.OrdersWorld.EXPORT;
import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.MetricTags;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.monitor.ObserverContext;
import io.github.dynamokc.monitor.TableObserver;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.plan.ExportFiles;
import io.github.dynamokc.plan.IndexRanges;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.stream.RateLimiter;
import io.github.dynamokc.testing.FakeDynamoDb;
import io.github.dynamokc.testing.FakeS3;
import io.github.dynamokc.testing.OrdersWorld;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/** An item that a snapshot lacks is told of as long as the connector is there. */
class KeptErrorsTest {
  private static final List<String> ONE_IS_MALFORMED =
      List.of(
          "{\"Item\":{\"PK\":{\"S\":\"a\"},\"SK\":{\"N\":\"1\"}}}",
          "{\"Item\":{\"PK\":{\"S\":\"a\"},\"SK\":{\"N\":}}}",
          "{\"Item\":{\"PK\":{\"S\":\"b\"},\"SK\":{\"N\":\"2\"}}}");

  private final OrdersWorld world = new OrdersWorld();
  private final TableMetrics connector = TableMetrics.unregistered();

  @Test
  void malformedLineIsCountedInTheConnectorWhenTheTaskIsGone() throws InterruptedException {
    world.set("errors.tolerance", "all");
    world.stream.addShard("shard-1", null);
    world.commit(world.submitted(1));
    world.exportCompleted(List.of(ONE_IS_MALFORMED));
    TableObserver monitor = observer(connector);
    assertThat(monitor.observe()).isInstanceOf(ObservedTable.Loading.class);
    assertThat(connector.value(Counter.EXPORT_RECORD_PROCESSING_ERRORS)).isZero();

    load();
    assertThat(monitor.observe()).isInstanceOf(ObservedTable.Streaming.class);
    assertThat(connector.value(Counter.EXPORT_RECORD_PROCESSING_ERRORS)).isEqualTo(1);
    assertThat(connector.value(Counter.BYTES_PROCESSED)).isPositive();
    world.commit(world.loaded());
    assertThat(monitor.observe()).isInstanceOf(ObservedTable.Streaming.class);
    assertThat(connector.value(Counter.EXPORT_RECORD_PROCESSING_ERRORS)).isEqualTo(1);

    TableMetrics restarted = TableMetrics.unregistered();
    observer(restarted).observe();
    assertThat(restarted.value(Counter.EXPORT_RECORD_PROCESSING_ERRORS)).isEqualTo(1);
  }

  /** A task loads the one file, its records are committed, and it ends. */
  private void load() throws InterruptedException {
    Map<MetricTags, TableMetrics> shown = new HashMap<>();
    MetricsSink sink =
        (tags, metrics) -> {
          shown.put(tags, metrics);
          return () -> shown.remove(tags);
        };
    TaskAssignment assignment =
        new TaskAssignment(
            List.of(
                new TableWork.LoadFiles(
                    TABLE,
                    new ExportFiles(
                        EXPORT,
                        FakeDynamoDb.EXPORT_TIME.toEpochMilli(),
                        FakeS3.BUCKET,
                        OrdersWorld.MANIFEST_FILES),
                    IndexRanges.of(List.of(0)))));
    List<SourceRecord> records = new ArrayList<>();
    try (RunningTask task =
        RunningTask.start(
            "1.2.3",
            world.connector(),
            assignment,
            null,
            OrdersTask.tables(world, assignment, sink),
            OrdersTask.resources(world))) {
      while (records.stream().noneMatch(r -> OrdersTask.type(r).equals("DATA_FILE_LOADED"))) {
        List<SourceRecord> polled = task.poll();
        records.addAll(polled == null ? List.of() : polled);
      }
    }
    records.forEach(r -> world.offsets.commit(r.sourcePartition(), r.sourceOffset()));
    assertThat(records)
        .extracting(OrdersTask::type)
        .contains("ITEM_SKIPPED", "DATA_FILE_LOADED", "TASK_COUNTS");
    assertThat(shown).as("the task's own numbers are gone with it").isEmpty();
  }

  private TableObserver observer(TableMetrics metrics) {
    return new TableObserver(
        world.table(),
        new ObserverContext(
            world.aws,
            world.streamApi,
            RateLimiter.ofMonitor(System::nanoTime, 1e9),
            world.calls(),
            new OffsetReader(world.offsets),
            metrics,
            world.clock,
            4,
            soFar -> {}));
  }
}
