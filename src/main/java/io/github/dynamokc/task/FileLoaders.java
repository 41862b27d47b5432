package io.github.dynamokc.task;

import io.github.dynamokc.export.SnapshotLoad;
import io.github.dynamokc.record.TaskOutput;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The data files of all tables that a task loads. As many threads as {@code
 * export.file.concurrency} says take files from it, of each table in turn, so that a task's
 * connections and memory do not grow with its tables. Thread-safe.
 */
final class FileLoaders {
  private final TaskOutput output;
  private final Queue<TableFiles> tables = new ArrayDeque<>();
  private int files;

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

  /** How many files there are of all tables, those that are loaded already among them. */
  synchronized int files() {
    return files;
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

  /** The table whose turn it is; null if no table has files left. */
  private synchronized @Nullable TableFiles next() {
    TableFiles next = tables.poll();
    if (next != null) {
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
