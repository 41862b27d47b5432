package io.github.dynamokc.task;

import io.github.dynamokc.export.SnapshotLoad;
import io.github.dynamokc.record.TaskOutput;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The data files of all tables that a task loads. Threads take files from it, of each table in
 * turn, so that a task's connections and memory do not grow with its tables: as many as {@code
 * export.file.concurrency} says, or {@link FileConcurrency} finds. Thread-safe.
 */
final class FileLoaders {
  private final TaskOutput output;
  private final Queue<TableFiles> tables = new ArrayDeque<>();
  private int files;
  private int threads;
  private int wanted;

  FileLoaders(TaskOutput output) {
    this.output = output;
  }

  /** Makes ready to load the files of a table; may wait for AWS or a schema registry. */
  @FunctionalInterface
  interface Opening {
    SnapshotLoad open() throws InterruptedException;
  }

  /**
   * Adds a table, before the first thread runs.
   *
   * @param count how many files of it are to be loaded
   * @param opening called once, by the first thread that takes a file of it
   */
  synchronized void add(String table, int count, Opening opening) {
    tables.add(new TableFiles(table, opening));
    files += count;
  }

  /**
   * Starts as many threads as are wanted by now and as there are files for; those that are too many
   * end with the file that they load.
   *
   * @param count how many threads there should be
   * @param starter starts a thread that calls {@link #run}
   */
  synchronized void start(int count, Runnable starter) {
    wanted = Math.min(count, files);
    while (threads < wanted && !tables.isEmpty()) {
      threads++;
      starter.run();
    }
  }

  /**
   * Keeps as many threads at work as it takes, until all files are taken.
   *
   * @param stopped opened when the task stops
   * @param starter as for {@link #start}
   */
  void steer(CountDownLatch stopped, FileConcurrency concurrency, Runnable starter)
      throws InterruptedException {
    start(concurrency.files(), starter);
    long looked = System.nanoTime();
    while (!stopped.await(1, TimeUnit.SECONDS) && areLeft()) {
      long now = System.nanoTime();
      concurrency.look(output.queue().use(), now - looked, threads());
      looked = now;
      start(concurrency.files(), starter);
    }
  }

  private synchronized boolean areLeft() {
    return !tables.isEmpty();
  }

  private synchronized int threads() {
    return threads;
  }

  /**
   * The work of each thread: loads files until none is left, or one fails, which fails the task.
   */
  void run() {
    TableFiles next = next();
    while (next != null) {
      TableFiles turn = next;
      boolean ended = output.run("Loading table " + turn.table, () -> load(turn));
      next = ended ? next() : null;
    }
  }

  private void load(TableFiles turn) throws InterruptedException {
    if (!turn.opened().loadNext()) {
      synchronized (this) {
        tables.remove(turn);
      }
    }
  }

  /** The table whose turn it is; null if no table has files left, or for a thread too many. */
  private synchronized @Nullable TableFiles next() {
    TableFiles next = threads > wanted ? null : tables.poll();
    if (next == null) {
      threads--;
    } else {
      tables.add(next);
    }
    return next;
  }

  private static final class TableFiles {
    private final String table;
    private final Opening opening;
    private @Nullable SnapshotLoad load;

    private TableFiles(String table, Opening opening) {
      this.table = table;
      this.opening = opening;
    }

    private synchronized SnapshotLoad opened() throws InterruptedException {
      SnapshotLoad opened = load;
      if (opened == null) {
        opened = opening.open();
        load = opened;
      }
      return opened;
    }
  }
}
