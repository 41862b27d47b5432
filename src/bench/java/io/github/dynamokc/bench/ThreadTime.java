package io.github.dynamokc.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The CPU time that a thread of a process has taken, as Linux tells.
 *
 * @param name the first 15 characters of the thread's name
 * @param seconds in hundredths
 */
record ThreadTime(String name, double seconds) {
  /** Of which there are a hundred a second on every Linux. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TIME = 11;

  /** All threads that live, by number. */
  static Map<String, ThreadTime> of(long pid) {
    Map<String, ThreadTime> times = new HashMap<>();
    Path threads = Path.of("/proc", Long.toString(pid), "task");
    try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
      for (Path thread : all) {
        try {
          times.put(thread.getFileName().toString(), read(thread));
        } catch (NoSuchFileException e) {
          // It has ended.
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return times;
  }

  private static ThreadTime read(Path thread) throws IOException {
    String stat = Files.readString(thread.resolve("stat"));
    int end = stat.lastIndexOf(')');
    String[] fields = stat.substring(end + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1]);
    return new ThreadTime(stat.substring(stat.indexOf('(') + 1, end), ticks / TICKS_PER_SECOND);
  }
}
