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
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** Where a JVM's CPU time goes, by flight recorder: threads, libraries, methods. */
final class Profile {
  private static final int SHOWN = 25;

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
      show(lab, "thread", samples, Profile::thread, sample -> 1);
      show(lab, "library", samples, Profile::library, sample -> 1);
      show(lab, "method", samples, Profile::method, sample -> 1);
      show(lab, "ours", samples, Profile::caller, sample -> 1);
      List<RecordedEvent> allocations =
          events.stream()
              .filter(event -> event.getEventType().getName().equals("jdk.ObjectAllocationSample"))
              .filter(sample -> sample.getStackTrace() != null)
              .toList();
      lab.line("  what was allocated");
      show(lab, "thread", allocations, Profile::allocator, Profile::weight);
      show(lab, "class", allocations, Profile::allocated, Profile::weight);
      show(lab, "by", allocations, Profile::caller, Profile::weight);
      lab.line("  the recording is %s", file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  private static void show(
      Lab lab,
      String what,
      List<RecordedEvent> samples,
      Function<RecordedEvent, String> name,
      ToLongFunction<RecordedEvent> weight) {
    Map<String, Long> weights =
        samples.stream().collect(Collectors.groupingBy(name, Collectors.summingLong(weight)));
    double all = weights.values().stream().mapToLong(Long::longValue).sum();
    weights.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(SHOWN)
        .forEach(
            each ->
                lab.line(
                    "    %-8s %3.0f %%  %s", what, 100 * each.getValue() / all, each.getKey()));
  }

  private static long weight(RecordedEvent allocation) {
    return allocation.getLong("weight");
  }

  private static String allocated(RecordedEvent allocation) {
    return allocation.getClass("objectClass").getName();
  }

  private static String allocator(RecordedEvent allocation) {
    return threadName(allocation.getThread());
  }

  /** The method next to the top of the stack that is not the JDK's. */
  private static String caller(RecordedEvent sample) {
    for (RecordedFrame frame : sample.getStackTrace().getFrames()) {
      String type = frame.getMethod().getType().getName();
      if (!type.startsWith("java.") && !type.startsWith("jdk.") && !type.startsWith("sun.")) {
        return type + "." + frame.getMethod().getName();
      }
    }
    return "the JDK";
  }

  private static String thread(RecordedEvent sample) {
    return threadName(sample.getThread("sampledThread"));
  }

  private static String threadName(@Nullable RecordedThread thread) {
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
