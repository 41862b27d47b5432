package io.github.dynamokc.task;

/**
 * How many data files a task loads at a time, if {@code export.file.concurrency} leaves that to it:
 * as many as keep the thread busy that hands records to Connect, and no more, as they would only
 * take processor time from it. What tells is the queue between them, looked at once a second. Not
 * thread-safe.
 */
final class FileConcurrency {
  private static final int MOST = 8;

  /** Looks in a row after which one more is tried: a first file needs a moment. */
  private static final int HUNGRY = 2;

  /** Looks in a row after which one is too many. */
  private static final int FED = 10;

  private final long maxQueueBytes;
  private int hungry;
  private int fed;
  private int files = 1;

  /**
   * @param maxQueueBytes what the queue holds at most
   */
  FileConcurrency(long maxQueueBytes) {
    this.maxQueueBytes = maxQueueBytes;
  }

  /** How many files there should be. */
  int files() {
    return files;
  }

  /**
   * Once a second while files are loaded.
   *
   * @param queueBytes what the queue holds
   * @param active how many files are being loaded
   */
  void look(long queueBytes, int active) {
    hungry = queueBytes < maxQueueBytes / 4 ? hungry + 1 : 0;
    fed = queueBytes >= maxQueueBytes / 4 * 3 ? fed + 1 : 0;
    if (hungry >= HUNGRY && active >= files && files < MOST) {
      files++;
      hungry = 0;
    } else if (fed >= FED && files > 1) {
      files--;
      fed = 0;
    }
  }
}
