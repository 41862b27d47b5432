package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.kafka.TopicReader;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The data files of an export over several tasks: every item once, every file accounted for. */
@Tag("core")
class LoadIT {

  @Test
  void sixtyDataFilesOverThreeTasksGiveEachItemOnce() {
    String table = "load-sixty";
    int[] sizes = IntStream.range(0, 60).map(f -> f % 10 == 0 ? 0 : 1 + f * f * 7 % 140).toArray();
    List<Integer> withItems =
        IntStream.range(0, sizes.length).filter(f -> sizes[f] > 0).boxed().toList();
    export(table, sizes);
    Map<String, String> config = EndToEnd.config(3, table);
    // A plan stands until the next look, so that the test gets to see it.
    config.put("export.poll.interval.ms", "3000");
    try (TestConnector connector = TestConnector.start(table, config)) {
      List<TaskAssignment> tasks = connector.awaitWork(TableWork.LoadFiles.class, table);

      List<List<Integer>> shares = tasks.stream().map(LoadIT::files).toList();
      assertThat(shares).hasSize(3).noneMatch(List::isEmpty);
      assertThat(shares.stream().flatMap(List::stream))
          .containsExactlyInAnyOrderElementsOf(withItems);
      List<Integer> items =
          shares.stream().map(share -> share.stream().mapToInt(f -> sizes[f]).sum()).toList();
      assertThat(items).as("shares of %s", items).allMatch(n -> Math.abs(n - items.get(0)) <= 140);

      connector.awaitStreaming(table);
      assertThat(TestConnector.records(table))
          .extracting(TopicRecord::key)
          .containsExactlyInAnyOrderElementsOf(keys(sizes));
      assertFilesAreAccountedFor(connector, table, sizes);
      assertOffsetsSayDone(connector, table, sizes);

      EndToEnd.aws().tables().put(table, Map.of("pk", AttributeValue.fromS("afterwards")));
      connector.awaitRecords(
          table, r -> r.stream().anyMatch(one -> "{\"pk\":\"afterwards\"}".equals(one.key())));
      connector.awaitStatusRecord("EXPORT_LOADED", table);
      assertThat(ofType(connector, "EXPORT_LOADED")).hasSize(1);
      assertThat(ofType(connector, "EXPORT_SUBMITTED")).hasSize(1);
    }
  }

  private static List<Integer> files(TaskAssignment task) {
    return task.work().stream()
        .filter(TableWork.LoadFiles.class::isInstance)
        .flatMap(work -> ((TableWork.LoadFiles) work).files().indexes().stream())
        .toList();
  }

  private static List<String> keys(int[] sizes) {
    return lines(sizes).stream()
        .flatMap(List::stream)
        .map(line -> line.replaceAll(".*\"S\":(\"[^\"]*\").*", "{\"pk\":$1}"))
        .toList();
  }

  private static void assertFilesAreAccountedFor(
      TestConnector connector, String table, int[] sizes) {
    List<JsonNode> loaded = ofType(connector, "DATA_FILE_LOADED");
    assertThat(loaded).extracting(status -> status.path("file").asText()).doesNotHaveDuplicates();
    assertThat(loaded).allMatch(status -> status.path("table").asText().equals(table));
    assertThat(loaded)
        .extracting(status -> status.path("items").asInt())
        .containsExactlyInAnyOrderElementsOf(nonEmpty(sizes));
  }

  private static void assertOffsetsSayDone(TestConnector connector, String table, int[] sizes) {
    Map<JsonNode, JsonNode> offsets = connector.offsets();
    List<JsonNode> files =
        offsets.entrySet().stream()
            .filter(entry -> entry.getKey().path("kind").asText().equals("file"))
            .filter(entry -> entry.getKey().path("table").asText().equals(table))
            .map(Map.Entry::getValue)
            .toList();
    assertThat(files).allMatch(offset -> offset.path("done").asBoolean());
    assertThat(files)
        .extracting(offset -> offset.path("items").asInt())
        .containsExactlyInAnyOrderElementsOf(nonEmpty(sizes));
  }

  private static List<Integer> nonEmpty(int[] sizes) {
    return IntStream.of(sizes).filter(size -> size > 0).boxed().toList();
  }

  private static List<JsonNode> ofType(TestConnector connector, String type) {
    return connector.statusRecords().stream()
        .filter(status -> status.path("type").asText().equals(type))
        .toList();
  }

  @Test
  @Tag("full")
  void filesOfAnySizeAreLoadedWhole() {
    String table = "load-sizes";
    int[] sizes = {0, 1, 999, 1000, 1001, 250_000};
    export(table, sizes);
    Map<String, String> config = EndToEnd.config(2, table);
    config.put("snapshot.mode", "initial_only");
    try (TestConnector connector = TestConnector.start(table, config)) {
      int total = IntStream.of(sizes).sum();
      List<BitSet> seen = IntStream.range(0, sizes.length).mapToObj(f -> new BitSet()).toList();
      AtomicInteger records = new AtomicInteger();
      try (TopicReader reader = TopicReader.open(EndToEnd.kafka().bootstrapServers(), table)) {
        Eventually.within(Duration.ofSeconds(90), total + " records")
            .every(Duration.ZERO)
            .until(
                () -> {
                  for (TopicRecord record : reader.toEnd()) {
                    records.incrementAndGet();
                    String[] fileAndItem =
                        String.valueOf(record.key()).replaceAll("[^0-9-]", "").split("-");
                    seen.get(Integer.parseInt(fileAndItem[0]))
                        .set(Integer.parseInt(fileAndItem[1]));
                  }
                  return records.get();
                },
                count -> count >= total);
        connector.awaitStatusRecord("EXPORT_LOADED", table);
        assertThat(reader.toEnd()).as("records that came twice").isEmpty();
      }

      assertThat(records).hasValue(total);
      assertThat(seen.stream().map(BitSet::cardinality).collect(Collectors.toList()))
          .containsExactly(0, 1, 999, 1000, 1001, 250_000);
      assertFilesAreAccountedFor(connector, table, sizes);
      assertOffsetsSayDone(connector, table, sizes);
    }
  }

  private static void export(String table, int[] sizes) {
    String arn = EndToEnd.aws().tables().create(table, string("pk")).tableArn();
    EndToEnd.aws().front().putSyntheticExport(arn, Instant.now(), lines(sizes));
  }

  /** A data file for each size; an item tells which it is. */
  private static List<List<String>> lines(int[] sizes) {
    List<List<String>> files = new ArrayList<>();
    for (int file = 0; file < sizes.length; file++) {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < sizes[file]; i++) {
        lines.add("{\"Item\":{\"pk\":{\"S\":\"" + file + "-" + i + "\"}}}");
      }
      files.add(lines);
    }
    return files;
  }
}
