package io.github.dynamokc.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The CPU time that some threads of a process take, from a moment on. On Linux. */
final class ThreadCpu {
  /** Of which there are a hundred a second on every Linux. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TIME = 11;

  private final long pid;
  private final String name;
  private final long before;
  private final long start = System.nanoTime();

  /**
   * @param name how the names of the threads begin; of no more than 15 characters
   */
  ThreadCpu(long pid, String name) {
    this.pid = pid;
    this.name = name;
    this.before = ticks();
  }

  private long ticks() {
    Path threads = Path.of("/proc", Long.toString(pid), "task");
    long ticks = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
      for (Path thread : all) {
        ticks += ticks(thread);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ticks;
  }

  private long ticks(Path thread) throws IOException {
    try {
      String stat = Files.readString(thread.resolve("stat"));
      int end = stat.lastIndexOf(')');
      if (!stat.substring(stat.indexOf('(') + 1, end).startsWith(name)) {
        return 0;
      }
      String[] fields = stat.substring(end + 2).split(" ", -1);
      return Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1]);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** How much of one core they took since the start. */
  @Override
  public String toString() {
    double seconds = (ticks() - before) / TICKS_PER_SECOND;
    return "%.1f %% of a core".formatted(100 * seconds / ((System.nanoTime() - start) / 1e9));
  }
}
