package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What incremental exports hold, and which windows of time are refused. */
final class IncrementalExports {
  private static final Duration SHORTEST = Duration.ofMinutes(15);
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Set<String> VIEWS = Set.of("NEW_AND_OLD_IMAGES", "NEW_IMAGE");

  private final WriteHistory real;
  private final Map<String, WriteHistory> scripted = new ConcurrentHashMap<>();
  private final Map<String, List<DataFile>> synthetic = new ConcurrentHashMap<>();
  private volatile List<WriteTimestampForm> forms = List.of(WriteTimestampForm.values());

  /**
   * @param real what was written to the tables of DynamoDB Local
   */
  IncrementalExports(WriteHistory real) {
    this.real = real;
  }

  /** From now on the table's changes are those of another history. */
  void script(String table, WriteHistory history) {
    scripted.put(table, history);
  }

  /** Gives the next incremental export of the table these files instead of its changes. */
  void putSynthetic(String table, List<DataFile> files) {
    synthetic.put(table, List.copyOf(files));
  }

  /** The form of a line is one of these, by its place. */
  void forms(List<WriteTimestampForm> some) {
    forms = List.copyOf(some);
  }

  /** The table is gone, and what was said of it. */
  void forget(String table) {
    scripted.remove(table);
    synthetic.remove(table);
  }

  /**
   * The window that a request names, in whole seconds.
   *
   * @param request of ExportTableToPointInTime
   * @param earliest to which point-in-time recovery reaches back
   */
  static ExportKind.Incremental window(JsonNode request, Instant now, Instant earliest) {
    JsonNode wanted = request.path("IncrementalExportSpecification");
    if (request.hasNonNull("ExportTime")) {
      throw invalid("ExportTime must not be given for an incremental export");
    }
    Instant from = time(wanted, "ExportFromTime");
    Instant to = time(wanted, "ExportToTime");
    String view = wanted.path("ExportViewType").asText("NEW_AND_OLD_IMAGES");
    Duration length = Duration.between(from, to);
    if (!VIEWS.contains(view)) {
      throw invalid("ExportViewType must be one of " + VIEWS + ", is " + view);
    }
    if (!from.isBefore(to)) {
      throw invalid("ExportFromTime " + from + " must be before ExportToTime " + to);
    }
    if (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0) {
      throw invalid(
          "The export period must be from 15 minutes to 24 hours long, is %s (from %s to %s)"
              .formatted(length, from, to));
    }
    if (to.isAfter(now)) {
      throw invalidTime("ExportToTime " + to + " is in the future, it is " + now);
    }
    if (from.isBefore(earliest.truncatedTo(ChronoUnit.SECONDS))) {
      throw invalidTime(
          "ExportFromTime " + from + " is before the earliest restorable time " + earliest);
    }
    return new ExportKind.Incremental(from, to, view);
  }

  private static Instant time(JsonNode wanted, String name) {
    if (!wanted.path(name).isNumber()) {
      throw invalid("IncrementalExportSpecification." + name + " must not be null");
    }
    return Instant.ofEpochSecond(wanted.path(name).longValue());
  }

  private static AwsErrorException invalid(String message) {
    return AwsErrorException.badRequest("ValidationException", message);
  }

  private static AwsErrorException invalidTime(String message) {
    return AwsErrorException.badRequest("InvalidExportTimeException", message);
  }

  /**
   * The net changes of the window, in no order that means anything, yet always in the same one.
   *
   * @param keySchema as DescribeTable gives it
   * @param files how many data files
   */
  List<DataFile> content(String table, JsonNode keySchema, ExportKind.Incremental window, int files)
      throws IOException {
    List<DataFile> instead = synthetic.remove(table);
    if (instead != null) {
      return instead;
    }
    List<NetChanges.Change> changes =
        new ArrayList<>(
            NetChanges.between(
                scripted.getOrDefault(table, real).writes(table, keySchema),
                micros(window.from()),
                micros(window.to())));
    Collections.shuffle(changes, new Random(window.from().getEpochSecond()));
    String partitionKey = keySchema.path(0).path("AttributeName").asText();
    List<TableContent.Line> lines =
        IntStream.range(0, changes.size())
            .mapToObj(number -> line(number, changes.get(number), partitionKey, window))
            .toList();
    return TableContent.spread(lines, files);
  }

  private TableContent.Line line(
      int number, NetChanges.Change change, String partitionKey, ExportKind.Incremental window) {
    WriteTimestampForm form = forms.get(number % forms.size());
    String before = window.hasOldImages() ? change.before() : null;
    return new TableContent.Line(
        NetChanges.parsed(change.key()).path(partitionKey),
        "{\"Metadata\":{\"WriteTimestampMicros\":%s},\"Keys\":%s%s%s}"
            .formatted(
                form.json(change.micros()),
                change.key(),
                image("OldImage", before),
                image("NewImage", change.after())));
  }

  private static String image(String name, @Nullable String image) {
    return image == null ? "" : ",\"" + name + "\":" + image;
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000L;
  }
}
