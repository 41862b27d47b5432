package io.github.dynamokc.task;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.config.LossResponse;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.stream.EndedStreamCleanup;
import io.github.dynamokc.stream.PatientStreamApi;
import io.github.dynamokc.stream.RateLimiter;
import io.github.dynamokc.stream.StreamAccess;
import io.github.dynamokc.stream.StreamContext;
import io.github.dynamokc.stream.StreamIdentity;
import io.github.dynamokc.stream.StreamLag;
import io.github.dynamokc.stream.StreamReader;
import io.github.dynamokc.stream.StreamSink;
import io.github.dynamokc.stream.StreamStart;
import io.github.dynamokc.stream.TableJobs;
import io.github.dynamokc.table.TableDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a task's share of a stream read: commits what is due of the table's offset, finds where the
 * stream starts, and puts its readers on the scheduler that all streams of the task share.
 */
final class StreamWork {
  private static final Logger LOG = LoggerFactory.getLogger(StreamWork.class);

  private final TaskTables tables;
  private final TaskResources resources;
  private final OffsetReader offsets;
  private final RetryingCalls calls;
  private final TaskOutput output;
  private final RecordSetup records;
  private final TableAnnouncements announcements;
  private final RateLimiter limiter;
  private final TableJobs jobs;

  /**
   * @param limiter of the task's DescribeStream calls
   * @param jobs what reads the table's stream, bit by bit
   */
  StreamWork(
      TaskTables tables,
      TaskResources resources,
      RetryingCalls calls,
      TaskOutput output,
      RecordSetup records,
      RateLimiter limiter,
      TableJobs jobs) {
    this.tables = tables;
    this.resources = resources;
    this.offsets = tables.offsets();
    this.calls = calls;
    this.output = output;
    this.records = records;
    this.announcements = new TableAnnouncements(tables, output);
    this.limiter = limiter;
    this.jobs = jobs;
  }

  /**
   * Begins to read.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException if the table's offset is gone
   * @throws InterruptedException if the task stops meanwhile
   */
  void begin(TableWork.ReadShards read) throws InterruptedException {
    TableConfig table = tables.config(read.table());
    if (!isOf(read, tables.offset(read.table()))) {
      LOG.info(
          "Table {}: its stream is held by now. The connector gives this task another assignment",
          read.table());
      return;
    }
    TableOffset offset = offset(read);
    StreamStart start = StreamStart.of(offset, table);
    TableWork.Replacement replaced = read.replaces();
    // A plan may be older than the offset, which then says since when all of the stream is wanted.
    if (replaced != null && !read.stream().equals(offset.registration().streamArn())) {
      // The answer shows what time it is at AWS.
      TableDescription.readIfExists(resources.aws().dynamoDb(), calls, table.table());
      long now = resources.timing().clock().millis();
      start = start.ofNext(read.stream(), now, replaced.version());
      if (replaced.announce()) {
        announcements.replaced(read.table(), offset, replaced, read.stream(), start, now);
      }
    }
    StreamContext context = context(read, table, offset, start);
    new StreamReader(context, jobs, tables.task())
        .start(read.shards(), read.retire(), read.listAfter());
    if (replaced != null && replaced.announce()) {
      EndedStreamCleanup.retire(context, replaced.stream(), tables.taskNumbers(), jobs);
    }
  }

  private TableOffset offset(TableWork.ReadShards read) throws InterruptedException {
    if (read.announceRepaired() != null) {
      return announcements.repaired(read.table(), read.announceRepaired());
    }
    return read.announceLoaded()
        ? announcements.loaded(read.table())
        : announcements.whenLoaded(read.table(), tables.offset(read.table()));
  }

  /**
   * Whether the table is where it was when the work was planned. A gap that was found since is
   * repaired before more is read: what is read of it now would come twice, or too early.
   */
  private boolean isOf(TableWork.ReadShards read, TableOffset offset) {
    boolean repairs = tables.config(read.table()).stream().onDataLoss() == LossResponse.REPAIR;
    return announcements.isLoadedUpTo(read.table(), offset, read.repairedUpTo())
        && !(repairs && offset instanceof TableOffset.GapFound);
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
