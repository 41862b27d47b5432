package io.github.dynamokc.task;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.concurrent.WorkThreads;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.SourceOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.stream.RateLimiter;
import io.github.dynamokc.stream.ShardScheduler;
import io.github.dynamokc.stream.TableJobs;
import io.github.dynamokc.stream.Timing;
import io.github.dynamokc.testing.ImpatientLatch;
import io.github.dynamokc.testing.OrdersWorld;
import io.github.dynamokc.testing.RecordForms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/** The parts of a task that has work on the table of a world, and what they put for Connect. */
final class OrdersTask implements AutoCloseable {
  final TaskTables tables;
  final TaskOutput output;
  final StreamWork streams;
  private final OrdersWorld world;
  private final RecordQueue queue = new RecordQueue(Long.MAX_VALUE);
  private final WorkThreads threads = new WorkThreads("orders-test");
  final ShardScheduler scheduler;

  OrdersTask(OrdersWorld world) {
    this.world = world;
    this.tables =
        tables(
            world,
            new TaskAssignment(List.of(new TableWork.Prepare(OrdersWorld.TABLE, 1))),
            MetricsSink.NONE);
    this.output =
        new TaskOutput(
            queue,
            new StatusRecords("status", RecordForms.status(), world.clock, queue::fail),
            false);
    this.scheduler = new ShardScheduler(resources(world).nanoTime());
    this.streams =
        new StreamWork(
            tables,
            resources(world),
            world.calls(),
            output,
            new RecordSetup(
                "1.2.3",
                "orders-source",
                new Retrier(new ImpatientLatch(), world.clock, () -> 0L, Duration.ofMinutes(10)),
                world.clock),
            RateLimiter.ofTask(System::nanoTime, 5, 0, 1),
            new TableJobs(scheduler));
  }

  static TaskTables tables(OrdersWorld world, TaskAssignment assignment, MetricsSink worker) {
    return new TaskTables(
        world.connector(), new OffsetReader(world.offsets), assignment, "0", worker);
  }

  static TaskResources resources(OrdersWorld world) {
    return new TaskResources(
        world.aws,
        metrics -> world.streamApi,
        new Timing(world.clock, () -> 0L),
        world.clock::nanoTime);
  }

  /** Has the steps of readers done, on a thread of its own. */
  void readStreams() {
    threads.start("stream", () -> output.run("Reading streams", scheduler::run));
  }

  /** What was put since the last time but notes of shards; waits for one record. */
  List<SourceRecord> next() throws InterruptedException {
    List<SourceRecord> polled;
    List<SourceRecord> next;
    do {
      polled = queue.poll(Integer.MAX_VALUE, Duration.ofSeconds(20));
      next = withoutNotes(polled);
    } while (next.isEmpty() && !polled.isEmpty());
    return next;
  }

  /** What was put since the last time but notes of shards. */
  List<SourceRecord> put() throws InterruptedException {
    return withoutNotes(queue.poll(Integer.MAX_VALUE, Duration.ZERO));
  }

  private static List<SourceRecord> withoutNotes(List<SourceRecord> records) {
    return records.stream().filter(record -> !type(record).equals("TASK_SHARDS")).toList();
  }

  /** The records are acknowledged, and their offsets committed. */
  void commit(List<SourceRecord> records) {
    records.forEach(r -> world.offsets.commit(r.sourcePartition(), r.sourceOffset()));
  }

  /** The type of a status record. */
  static String type(SourceRecord record) {
    return String.valueOf(record.value()).replaceAll(".*\"type\":\"(\\w+)\".*", "$1");
  }

  /** The offset that a status record has for the table as a whole. */
  @SuppressWarnings("unchecked")
  static TableOffset tableOffset(SourceRecord record) {
    SourcePartition partition =
        SourcePartition.fromConnect((Map<String, Object>) record.sourcePartition());
    SourceOffset offset =
        SourceOffset.fromConnect(partition, (Map<String, Object>) record.sourceOffset());
    return (TableOffset) offset;
  }

  @Override
  public void close() {
    threads.close();
    tables.close();
  }
}
