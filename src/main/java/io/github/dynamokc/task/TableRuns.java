package io.github.dynamokc.task;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.WorkThreads;
import io.github.dynamokc.config.TableFailurePolicy;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.plan.TableWork;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToLongFunction;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables that a task works on, and what the failure of one means: that of the task, or with
 * {@code table.on.failure=isolate} the table's own. Then its work is stopped, that is told, and
 * after a pause it begins again from the committed offsets, as it would in a restarted task: not
 * before all that was put of it is in Kafka, so that nothing comes in between or twice. The other
 * tables do not notice. Thread-safe.
 */
final class TableRuns {
  private static final Logger LOG = LoggerFactory.getLogger(TableRuns.class);

  private static final Duration TICK = Duration.ofMillis(100);

  private final TaskParts parts;
  private final WorkThreads threads;
  private final RetryingCalls calls;
  private final ToLongFunction<String> unsettled;
  private final TableTrouble trouble;
  private final InstantSource clock;
  private final TableRetries retries;
  private final List<Tried> tables = new ArrayList<>();

  /** Guarded by this. */
  private boolean stopping;

  /**
   * @param threads of the task
   * @param calls of the task
   * @param unsettled how many records of a table Connect has and Kafka does not
   */
  TableRuns(
      TaskParts parts, WorkThreads threads, RetryingCalls calls, ToLongFunction<String> unsettled) {
    this.parts = parts;
    this.threads = threads;
    this.calls = calls;
    this.unsettled = unsettled;
    this.clock = parts.resources().timing().clock();
    this.retries = parts.resources().retries();
    this.trouble = parts.trouble();
  }

  /** A table and what became of its work so far. Guarded by the runs. */
  private static final class Tried {
    private final List<TableWork> work;
    private @Nullable TableRun run;
    private boolean failed;
    private long startedMs;
    private Duration pause;

    private Tried(List<TableWork> work, Duration pause) {
      this.work = work;
      this.pause = pause;
    }
  }

  /**
   * Begins with a table.
   *
   * @param work all of one table
   */
  void begin(List<TableWork> work) {
    Tried table = new Tried(work, retries.first());
    TableRun run = start(table);
    if (run != null && isolates()) {
      threads.start(
          "told-" + run.table(),
          () ->
              parts
                  .output()
                  .run(
                      "Looking at what was told of table " + run.table(),
                      () -> watchAfterRestart(table, run)));
    }
  }

  /** A run of a restarted task may be the one that succeeds. */
  private void watchAfterRestart(Tried table, TableRun run) throws InterruptedException {
    boolean isTried = table.work.stream().noneMatch(TableWork.Park.class::isInstance);
    if (isTried && trouble.isFailed(run.table())) {
      awaitSound(table, run, retries.soundAfter());
    }
  }

  private boolean isolates() {
    return parts.config().onTableFailure() == TableFailurePolicy.ISOLATE;
  }

  private synchronized @Nullable TableRun start(Tried table) {
    if (stopping) {
      return null;
    }
    TableRun run = new TableRun(parts, table.work, cause -> failed(table, cause));
    if (table.run == null) {
      tables.add(table);
    }
    table.run = run;
    table.failed = false;
    table.startedMs = clock.millis();
    run.start();
    return run;
  }

  /** What was put of a table's work cannot come to its end. */
  void failed(String name, ConnectException cause) {
    Tried failed = named(name);
    if (failed == null) {
      parts.output().queue().fail(cause);
    } else {
      failed(failed, cause);
    }
  }

  private synchronized @Nullable Tried named(String name) {
    return tables.stream()
        .filter(table -> table.run != null && table.run.table().equals(name))
        .findFirst()
        .orElse(null);
  }

  private void failed(Tried table, ConnectException cause) {
    if (!isolates()) {
      parts.output().queue().fail(cause);
      return;
    }
    TableRun run;
    Duration lived;
    synchronized (this) {
      run = table.run;
      if (stopping || table.failed || run == null) {
        return;
      }
      table.failed = true;
      lived = Duration.ofMillis(Math.max(0, clock.millis() - table.startedMs));
    }
    run.stop();
    parts.tables().metrics(run.table()).set(Gauge.TABLE_FAILED, 1);
    threads.start(
        "failed-" + run.table(),
        () ->
            parts
                .output()
                .run(
                    "Trying table " + run.table() + " again",
                    () -> retry(table, run, cause, lived)));
  }

  private void retry(Tried table, TableRun ended, ConnectException cause, Duration lived)
      throws InterruptedException {
    String name = ended.table();
    while (!ended.hasEnded()) {
      calls.pause(TICK);
    }
    Duration pause = nextPause(table);
    LOG.error(
        "Table {} has failed and is tried again in {} s, or when the connector is restarted. The others go on",
        name,
        pause.toSeconds(),
        cause);
    CountDownLatch told = new CountDownLatch(1);
    trouble.failed(name, String.valueOf(cause.getMessage()), told::countDown);
    calls.pause(pause);
    // What was put before the failure was told has been handed over by then.
    while (told.getCount() > 0 || unsettled.applyAsLong(name) > 0) {
      calls.pause(TICK);
    }
    LOG.info("Table {} is tried again", name);
    TableRun again = start(table);
    if (again != null) {
      awaitSound(table, again, retries.soundAfter(lived));
    }
  }

  private synchronized Duration nextPause(Tried table) {
    Duration next = table.pause;
    table.pause = retries.after(next);
    return next;
  }

  private void awaitSound(Tried table, TableRun run, Duration after) throws InterruptedException {
    calls.pause(after);
    synchronized (this) {
      if (table.run != run || table.failed) {
        return;
      }
      table.pause = retries.first();
    }
    parts.tables().metrics(run.table()).set(Gauge.TABLE_FAILED, 0);
    if (trouble.isFailed(run.table())) {
      trouble.resumed(run.table());
      LOG.info("Table {} goes on", run.table());
    }
  }

  /** Ends all work and does not wait for it; none begins any more. */
  void stop() {
    synchronized (this) {
      stopping = true;
    }
    runs().forEach(TableRun::stop);
  }

  /** Waits a few seconds for the end of what was stopped. */
  void close() {
    runs().forEach(TableRun::close);
  }

  private synchronized List<TableRun> runs() {
    return tables.stream().map(table -> table.run).filter(Objects::nonNull).toList();
  }
}
