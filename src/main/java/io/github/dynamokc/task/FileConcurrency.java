package io.github.dynamokc.task;

import io.github.dynamokc.delivery.RecordQueue;
import org.jspecify.annotations.Nullable;

/**
 * How many data files a task loads at a time, if {@code export.file.concurrency} leaves that to it:
 * as many as keep the thread busy that hands records to Connect, and no more, as they would only
 * take processor time from it. One more is tried when that thread waits for records, and stays if
 * more records come then; one less when threads wait for that one most of the time. Not
 * thread-safe.
 */
final class FileConcurrency {
  private static final int MOST = 8;

  /** A part of the time that the task thread waits for records, from which on it is too much. */
  private static final double HUNGRY = 0.1;

  /** How long threads wait for room, in threads, from which on one is too many. */
  private static final double IDLE_THREADS = 1.3;

  /** How many times as many records have to come with one more. */
  private static final double WORTH = 1.1;

  /** Looks in a row that have to agree: a first file needs a moment. */
  private static final int AGREEING = 2;

  /** Looks until the effect of one more is seen. */
  private static final int TRIAL = 3;

  /** Looks until one more is tried again that was no good. */
  private static final int REST = 60;

  private RecordQueue.@Nullable Use last;
  private int hungry;
  private int idle;
  private int files = 1;

  /** Looks that are left of a trial of one more; 0 if there is none. */
  private int trial;

  private int rest;
  private double rateBefore;

  /** How many files there should be. */
  int files() {
    return files;
  }

  /**
   * Once a second, or so, while files are loaded.
   *
   * @param use what has gone through the task's queue so far
   * @param nanos since the look before
   * @param active how many files are being loaded
   */
  void look(RecordQueue.Use use, long nanos, int active) {
    RecordQueue.Use before = last;
    last = use;
    if (before == null || nanos <= 0 || active < files) {
      hungry = 0;
      return;
    }
    double rate = (double) (use.taken() - before.taken()) / nanos;
    double waiting = (double) (use.nanosWithoutRecords() - before.nanosWithoutRecords()) / nanos;
    double idleThreads = (double) (use.nanosWithoutRoom() - before.nanosWithoutRoom()) / nanos;
    rest = Math.max(0, rest - 1);
    if (trial > 0) {
      trial--;
      if (trial == 0 && rate < rateBefore * WORTH) {
        files--;
        rest = REST;
      }
      return;
    }
    hungry = waiting >= HUNGRY ? hungry + 1 : 0;
    idle = idleThreads >= IDLE_THREADS ? idle + 1 : 0;
    if (hungry >= AGREEING && files < MOST && rest == 0) {
      files++;
      rateBefore = rate;
      trial = TRIAL;
      hungry = 0;
    } else if (idle >= AGREEING && files > 1) {
      files--;
      idle = 0;
    }
  }
}
