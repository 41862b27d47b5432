package io.github.dynamokc.task;

import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.stream.EndedStreamCleanup;
import io.github.dynamokc.stream.PatientStreamApi;
import io.github.dynamokc.stream.RateLimiter;
import io.github.dynamokc.stream.ShardScheduler;
import io.github.dynamokc.stream.StreamAccess;
import io.github.dynamokc.stream.StreamContext;
import io.github.dynamokc.stream.StreamIdentity;
import io.github.dynamokc.stream.StreamLag;
import io.github.dynamokc.stream.StreamReader;
import io.github.dynamokc.stream.StreamSink;
import io.github.dynamokc.stream.StreamStart;

/**
 * Has a task's share of a stream read: commits what is due of the table's offset, finds where the
 * stream starts, and puts its readers on the scheduler that all streams of the task share.
 */
final class StreamWork {
  private final TaskTables tables;
  private final TaskResources resources;
  private final OffsetReader offsets;
  private final TaskOutput output;
  private final RecordSetup records;
  private final TableAnnouncements announcements;
  private final ShardScheduler scheduler;
  private final RateLimiter limiter;

  /**
   * @param limiter of the task's DescribeStream calls
   */
  StreamWork(
      TaskTables tables,
      TaskResources resources,
      OffsetReader offsets,
      TaskOutput output,
      RecordSetup records,
      RateLimiter limiter) {
    this.tables = tables;
    this.resources = resources;
    this.offsets = offsets;
    this.output = output;
    this.records = records;
    this.announcements = new TableAnnouncements(tables, output);
    this.scheduler = new ShardScheduler(resources.nanoTime());
    this.limiter = limiter;
  }

  ShardScheduler scheduler() {
    return scheduler;
  }

  /**
   * Begins to read.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException if the table's offset is gone
   * @throws InterruptedException if the task stops meanwhile
   */
  void begin(TableWork.ReadShards read) throws InterruptedException {
    TableConfig table = tables.config(read.table());
    TableOffset offset =
        read.announceLoaded() ? announcements.loaded(read.table()) : tables.offset(read.table());
    StreamStart start = StreamStart.of(offset, table);
    TableWork.Replacement replaced = read.replaces();
    // A plan may be older than the offset, which then says since when all of the stream is wanted.
    if (replaced != null && !read.stream().equals(offset.registration().streamArn())) {
      long now = resources.timing().clock().millis();
      start = start.ofNext(read.stream(), now, replaced.version());
      if (replaced.announce()) {
        announcements.replaced(read.table(), offset, replaced, read.stream(), start, now);
      }
    }
    StreamContext context = context(read, table, offset, start);
    new StreamReader(context, scheduler, tables.task())
        .start(read.shards(), read.retire(), read.listAfter());
    if (replaced != null && replaced.announce()) {
      EndedStreamCleanup.retire(context, replaced.stream(), tables.taskNumbers(), scheduler);
    }
  }

  private StreamContext context(
      TableWork.ReadShards read, TableConfig table, TableOffset offset, StreamStart start)
      throws InterruptedException {
    TableMetrics metrics = tables.metrics(read.table());
    return new StreamContext(
        new StreamIdentity(read.table(), read.stream()),
        start,
        new StreamAccess(
            new PatientStreamApi(
                resources.streams().ofTable(metrics),
                resources.timing().clock(),
                table.stream().stallTimeout()),
            limiter,
            offsets),
        new StreamSink(
            records.of(table, offset, read.stream()),
            output,
            metrics,
            StreamLag.shownIn(metrics, resources.timing().clock())),
        table.stream(),
        resources.timing());
  }
}
