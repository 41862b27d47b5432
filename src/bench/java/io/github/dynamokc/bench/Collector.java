package io.github.dynamokc.bench;

import io.github.dynamokc.testing.JvmHeap;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a worker allocates, and how long its collector stops it, from a moment on. */
final class Collector {
  /**
   * A line of the log that tells of a pause: the heap before and after it, and how long it took.
   */
  private static final Pattern PAUSE =
      Pattern.compile("Pause .* (\\d+)M->(\\d+)M\\(\\d+M\\) ([0-9.]+)ms");

  private final long pid;
  private final Path log;
  private final int linesBefore;
  private final double usedBefore;

  private Collector(ConnectWorker worker) {
    this.pid = worker.pid();
    this.log = log(worker.log().getParent());
    this.usedBefore = JvmHeap.used(pid);
    this.linesBefore = lines().size();
  }

  static Collector start(ConnectWorker worker) {
    return new Collector(worker);
  }

  /** What a worker of which this is asked is to be started with. */
  static String jvmArgument(Path workerDirectory) {
    return "-Xlog:gc:file=" + log(workerDirectory).toAbsolutePath();
  }

  private static Path log(Path workerDirectory) {
    return workerDirectory.resolve("collector.log");
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + log, e);
    }
  }

  /** In seconds. */
  double pauses() {
    return sum(3) / 1e3;
  }

  /** In megabytes: what the heap has more, and what was collected. */
  double allocated() {
    double used = JvmHeap.used(pid);
    return used - usedBefore + sum(1) - sum(2);
  }

  private double sum(int group) {
    double sum = 0;
    for (String line : lines().subList(linesBefore, lines().size())) {
      Matcher pause = PAUSE.matcher(line);
      if (pause.find()) {
        sum += Double.parseDouble(pause.group(group));
      }
    }
    return sum;
  }
}
