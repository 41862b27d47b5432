package io.github.dynamokc.stream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs how the shards of one table end and go on in their children. A stream of thousands of shards
 * does so thousands of times within minutes: one by one that is for DEBUG, and at INFO there is a
 * summary for each minute in which it happened. Thread-safe.
 */
final class RollOverLog implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(RollOverLog.class);
  private static final Duration BETWEEN_SUMMARIES = Duration.ofMinutes(1);

  private final String table;
  private final InstantSource clock;
  private final TableJobs jobs;
  private final Consumer<String> info;

  /** Of the first that no summary told of. */
  private long sinceMs;

  private long finished;
  private long started;

  RollOverLog(String table, InstantSource clock, TableJobs jobs) {
    this(table, clock, jobs, summary -> LOG.info("{}", summary));
  }

  /**
   * @param info where a summary goes
   */
  RollOverLog(String table, InstantSource clock, TableJobs jobs, Consumer<String> info) {
    this.table = table;
    this.clock = clock;
    this.jobs = jobs;
    this.info = info;
  }

  /** A shard is read to its end. */
  void finished(String shard) {
    LOG.debug("Table {}: shard {} is read to its end", table, shard);
    count(1, 0);
  }

  /** A child is read from now on. */
  void started(String parent, String child) {
    LOG.debug("Table {}: shard {} goes on in shard {}", table, parent, child);
    count(0, 1);
  }

  private void count(int ended, int begun) {
    boolean first;
    synchronized (this) {
      first = finished == 0 && started == 0;
      if (first) {
        sinceMs = clock.millis();
      }
      finished += ended;
      started += begun;
    }
    if (first) {
      jobs.wake(this);
    }
  }

  @Override
  public synchronized JobResult step() {
    long leftMs = sinceMs + BETWEEN_SUMMARIES.toMillis() - clock.millis();
    if (finished == 0 && started == 0) {
      return new JobResult.Parked();
    }
    if (leftMs > 0) {
      return new JobResult.Delay(Duration.ofMillis(leftMs));
    }
    info.accept(
        "Table %s: in the last minute %d shards were read to their end, and %d children of shards begun"
            .formatted(table, finished, started));
    finished = 0;
    started = 0;
    return new JobResult.Parked();
  }
}
