package io.github.dynamokc.task;

import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.export.SnapshotLoad;
import io.github.dynamokc.record.TaskOutput;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The data files of all tables that a task loads. Threads take files from it, of each table in
 * turn, so that a task's connections and memory do not grow with its tables: as many as {@code
 * export.file.concurrency} says, or {@link FileConcurrency} finds. A table that fails leaves the
 * others their turns. Thread-safe.
 */
final class FileLoaders {
  private final RecordQueue queue;
  private final Queue<TableFiles> tables = new ArrayDeque<>();
  private int files;
  private int threads;
  private int wanted;

  /** Whether a thread keeps as many threads at work as it takes. */
  private boolean steered;

  /**
   * @param queue that the records of all files go through
   */
  FileLoaders(RecordQueue queue) {
    this.queue = queue;
  }

  /** Makes ready to load the files of a table; may wait for AWS or a schema registry. */
  @FunctionalInterface
  interface Opening {
    SnapshotLoad open() throws InterruptedException;
  }

  /**
   * Adds a table, whose files are loaded as soon as there are threads.
   *
   * @param output where the table's records and its failure go
   * @param count how many files of it are to be loaded
   * @param opening called once, by the first thread that takes a file of it
   */
  synchronized TableFiles add(String table, TaskOutput output, int count, Opening opening) {
    TableFiles added = new TableFiles(table, output, opening);
    tables.add(added);
    files += count;
    return added;
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
   * Keeps as many threads at work as it takes, until all files are taken. Nothing if another thread
   * does.
   *
   * @param stopped opened when the task stops
   * @param starter as for {@link #start}
   */
  void steer(CountDownLatch stopped, FileConcurrency concurrency, Runnable starter)
      throws InterruptedException {
    if (!beginSteering()) {
      return;
    }
    start(concurrency.files(), starter);
    long looked = System.nanoTime();
    while (!stopped.await(1, TimeUnit.SECONDS) && goesOnSteering()) {
      long now = System.nanoTime();
      concurrency.look(queue.use(), now - looked, threads());
      looked = now;
      start(concurrency.files(), starter);
    }
  }

  private synchronized boolean beginSteering() {
    boolean begins = !steered;
    steered = true;
    return begins;
  }

  private synchronized boolean goesOnSteering() {
    steered = !tables.isEmpty();
    return steered;
  }

  private synchronized int threads() {
    return threads;
  }

  /** The work of each thread: loads files until none is left. */
  void run() {
    TableFiles next = next();
    while (next != null) {
      TableFiles turn = next;
      if (!turn.output.run("Loading table " + turn.table, () -> load(turn))) {
        remove(turn);
        // An interrupt was meant for the table; the thread goes on with the files of others.
        Thread.interrupted();
      }
      turn.end();
      next = next();
    }
  }

  private void load(TableFiles turn) throws InterruptedException {
    if (!turn.opened().loadNext()) {
      remove(turn);
    }
  }

  /** No file of the table is begun any more. Does not wait for those that are being loaded. */
  synchronized void remove(TableFiles table) {
    tables.remove(table);
  }

  /** The table whose turn it is; null if no table has files left, or for a thread too many. */
  private synchronized @Nullable TableFiles next() {
    TableFiles next = threads > wanted ? null : tables.poll();
    if (next == null) {
      threads--;
    } else {
      tables.add(next);
      next.begin();
    }
    return next;
  }

  /** The data files of one table. */
  static final class TableFiles {
    private final String table;
    private final TaskOutput output;
    private final Opening opening;
    private final AtomicInteger active = new AtomicInteger();
    private @Nullable SnapshotLoad load;

    private TableFiles(String table, TaskOutput output, Opening opening) {
      this.table = table;
      this.output = output;
      this.opening = opening;
    }

    /** Whether none of them is being loaded. */
    boolean isIdle() {
      return active.get() == 0;
    }

    private void begin() {
      active.incrementAndGet();
    }

    private void end() {
      active.decrementAndGet();
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
