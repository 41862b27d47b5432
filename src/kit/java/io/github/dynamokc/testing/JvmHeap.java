package io.github.dynamokc.testing;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The heap of another JVM, as the tool of the JDK tells. */
public final class JvmHeap {
  /** Once for the heap, or for each of its generations. */
  private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

  private JvmHeap() {}

  /** Megabytes that are in use after a full collection. */
  public static double usedAfterCollection(long pid) {
    // Twice, as the first one still keeps what waits for cleaners.
    Jcmd.run(pid, "GC.run");
    Jcmd.run(pid, "GC.run");
    return used(pid);
  }

  /** Megabytes that are in use, garbage included. */
  public static double used(long pid) {
    String heap = Jcmd.run(pid, "GC.heap_info");
    Matcher generation = USED.matcher(heap);
    long kilobytes = 0;
    while (generation.find()) {
      kilobytes += Long.parseLong(generation.group(1));
    }
    if (kilobytes == 0) {
      throw new IllegalStateException("Not a heap: " + heap);
    }
    return kilobytes / 1024.0;
  }
}
