package io.github.dynamokc.testing.aws;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;
import software.amazon.awssdk.services.dynamodb.model.ExportViewType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/**
 * Random writes to a table, random hours between them, a stream that comes and goes: windows in a
 * row lead from one state of the table to the other, and each holds what a log of the writes says.
 */
class IncrementalExportModelIT {
  private static final int TABLES = 6;
  private static final int WINDOWS = 5;
  private static final int KEYS = 6;

  @TempDir static Path work;
  private static EmbeddedAws aws;
  private static Exports exports;

  @BeforeAll
  static void start() {
    aws = EmbeddedAws.start(work);
    exports = new Exports(aws, aws.buckets().create("increments"));
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  /** A window, what was written in it, and the table at its end. */
  private record Window(
      Instant from, Instant to, List<String> written, Map<String, Integer> stateAtEnd) {}

  @Test
  void windowsInARowLeadFromOneStateToTheOther() {
    for (int seed = 0; seed < TABLES; seed++) {
      Random random = new Random(seed);
      String table = "random-" + seed;
      String arn = aws.tables().create(table, string("pk")).tableArn();
      write(table, random);
      Map<String, Integer> first = state(table);
      List<Window> windows = new ArrayList<>();
      Instant from = boundary(random);
      for (int i = 0; i < WINDOWS; i++) {
        List<String> written = write(table, random);
        Map<String, Integer> end = state(table);
        Instant to = boundary(random);
        windows.add(new Window(from, to, written, end));
        from = to;
      }

      Map<String, Integer> state = new TreeMap<>(first);
      for (Window window : windows) {
        assertThat(changes(arn, window))
            .as("seed " + seed + ", " + window)
            .isEqualTo(expected(state, window));
        state.putAll(window.stateAtEnd());
        state.keySet().retainAll(window.stateAtEnd().keySet());
      }
    }
  }

  /** Applies the lines, and gives each as its state before and after. */
  private static Map<String, String> changes(String arn, Window window) {
    ExportDescription export =
        exports.take(arn, window.from(), window.to(), ExportViewType.NEW_AND_OLD_IMAGES);
    Map<String, String> changes = new TreeMap<>();
    for (JsonNode line : exports.lines(export)) {
      changes.put(
          line.path("Keys").path("pk").path("S").asText(),
          line.path("OldImage").path("n").path("N").asText("-")
              + ">"
              + line.path("NewImage").path("n").path("N").asText("-"));
    }
    assertThat(export.itemCount()).isEqualTo(changes.size());
    return changes;
  }

  private static Map<String, String> expected(Map<String, Integer> before, Window window) {
    Map<String, String> changes = new TreeMap<>();
    for (String key : window.written()) {
      Integer old = before.get(key);
      Integer last = window.stateAtEnd().get(key);
      if (old != null || last != null) {
        changes.put(key, (old == null ? "-" : old) + ">" + (last == null ? "-" : last));
      }
    }
    return changes;
  }

  /** Gives the keys of items that were changed. */
  private static List<String> write(String table, Random random) {
    List<String> written = new ArrayList<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      String key = "k" + random.nextInt(KEYS);
      Map<String, AttributeValue> pk = Map.of("pk", AttributeValue.fromS(key));
      Integer before = state(table).get(key);
      int value = random.nextInt(3);
      switch (random.nextInt(5)) {
        case 0 -> {
          aws.tables().delete(table, pk);
          if (before != null) {
            written.add(key);
          }
        }
        case 1 -> aws.time().advance(Duration.ofMillis(random.nextInt(3_600_000)));
        case 2 -> toggleStream(table);
        default -> {
          AttributeValue n = AttributeValue.fromN(Integer.toString(value));
          aws.tables().put(table, Map.of("pk", pk.get("pk"), "n", n));
          if (before == null || before != value) {
            written.add(key);
          }
        }
      }
    }
    return written;
  }

  private static void toggleStream(String table) {
    var stream = aws.tables().describe(table).streamSpecification();
    if (stream != null && Boolean.TRUE.equals(stream.streamEnabled())) {
      aws.tables().disableStream(table);
    } else {
      aws.tables().enableStream(table, StreamViewType.NEW_IMAGE);
    }
  }

  private static Map<String, Integer> state(String table) {
    Map<String, Integer> state = new TreeMap<>();
    aws.tables()
        .scan(table)
        .forEach(item -> state.put(item.get("pk").s(), Integer.valueOf(item.get("n").n())));
    return state;
  }

  /** A whole second that lies between the writes before and those to come. */
  private static Instant boundary(Random random) {
    aws.time().advance(Duration.ofMinutes(16).plusMillis(random.nextInt(3_600_000)));
    Instant boundary = aws.time().instant().truncatedTo(ChronoUnit.SECONDS);
    aws.time().advance(Duration.ofMillis(random.nextInt(1000)));
    return boundary;
  }
}
