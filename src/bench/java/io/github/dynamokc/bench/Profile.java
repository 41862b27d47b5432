package io.github.dynamokc.bench;

import io.github.dynamokc.testing.Jcmd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Where a JVM's CPU time goes, by flight recorder: threads, libraries, methods. */
final class Profile {
  private static final int SHOWN = 12;

  /** The library that a sample is counted for is the first of these from the top of the stack. */
  private static final Map<String, String> LIBRARIES = libraries();

  private final long pid;

  private Profile(long pid) {
    this.pid = pid;
  }

  static Profile start(long pid) {
    Jcmd.run(pid, "JFR.start", "name=bench", "settings=profile");
    return new Profile(pid);
  }

  private static Map<String, String> libraries() {
    Map<String, String> libraries = new LinkedHashMap<>();
    libraries.put("io.github.dynamokc.", "connector");
    libraries.put("software.amazon.awssdk.", "AWS SDK");
    libraries.put("org.apache.hc.", "HTTP client");
    libraries.put("org.apache.kafka.connect.", "Connect");
    libraries.put("org.apache.kafka.", "Kafka clients");
    return libraries;
  }

  /** Ends the recording, keeps it in {@code file} and prints what it tells. */
  void finish(Lab lab, Path file) {
    Jcmd.run(pid, "JFR.dump", "name=bench", "filename=" + file);
    Jcmd.run(pid, "JFR.stop", "name=bench");
    try {
      List<RecordedEvent> events = RecordingFile.readAllEvents(file);
      List<RecordedEvent> samples =
          events.stream()
              .filter(event -> event.getEventType().getName().equals("jdk.ExecutionSample"))
              .filter(sample -> sample.getStackTrace() != null)
              .toList();
      Duration pauses =
          events.stream()
              .filter(event -> event.getEventType().getName().equals("jdk.GarbageCollection"))
              .map(event -> event.getDuration("sumOfPauses"))
              .reduce(Duration.ZERO, Duration::plus);
      lab.line(
          "  profile of the worker: %,d samples in Java; pauses for the collector %.1f s",
          samples.size(), pauses.toMillis() / 1e3);
      show(lab, "thread", samples, Profile::thread);
      show(lab, "library", samples, Profile::library);
      show(lab, "method", samples, Profile::method);
      lab.line("  the recording is %s", file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  private static void show(
      Lab lab, String what, List<RecordedEvent> samples, Function<RecordedEvent, String> name) {
    Map<String, Long> counts =
        samples.stream().collect(Collectors.groupingBy(name, Collectors.counting()));
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(SHOWN)
        .forEach(
            count ->
                lab.line(
                    "    %-8s %3.0f %%  %s",
                    what, 100.0 * count.getValue() / samples.size(), count.getKey()));
  }

  private static String thread(RecordedEvent sample) {
    var thread = sample.getThread("sampledThread");
    String name = thread == null ? null : thread.getJavaName();
    return String.valueOf(name).replaceAll("\\d+", "N");
  }

  private static String library(RecordedEvent sample) {
    for (RecordedFrame frame : sample.getStackTrace().getFrames()) {
      String type = frame.getMethod().getType().getName();
      for (Map.Entry<String, String> library : LIBRARIES.entrySet()) {
        if (type.startsWith(library.getKey())) {
          return library.getValue();
        }
      }
    }
    return "other";
  }

  private static String method(RecordedEvent sample) {
    RecordedFrame top = sample.getStackTrace().getFrames().get(0);
    return top.getMethod().getType().getName() + "." + top.getMethod().getName();
  }
}
