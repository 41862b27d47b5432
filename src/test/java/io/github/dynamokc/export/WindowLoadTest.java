package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.FileOffset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A data file of an incremental export gives the records of each of its lines once, wherever a task
 * was stopped in between, and is marked done only if it is what the manifest says.
 */
class WindowLoadTest {
  private static final String KEY = "data/a.json.gz";
  private static final long VERSION = 1_700_000_000_000_000L;
  private static final int LINES = 9;
  private static final String[] TIMES = {
    "17000000%02d123456", "\"17000000%02d123456\"", "{\"N\":\"17000000%02d123456\"}"
  };

  private static SnapshotFixture window(String... form) {
    return new SnapshotFixture().ofWindow(VERSION).form(form);
  }

  private static String image(int number, String state) {
    return "{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"%d\"},\"a\":{\"S\":\"%s\"}}"
        .formatted(number, state);
  }

  /** Of each operation by turns, with times in each form. */
  private static String line(int number) {
    String time = TIMES[number / 3 % 3].formatted(number);
    String before = number % 3 == 0 ? "" : ",\"OldImage\":" + image(number, "old");
    String after = number % 3 == 2 ? "" : ",\"NewImage\":" + image(number, "new");
    return "{\"Metadata\":{\"WriteTimestampMicros\":%s},\"Keys\":%s%s%s}"
        .formatted(time, SnapshotFixture.item(number), before, after);
  }

  private static String lines(int count) {
    return IntStream.range(0, count).mapToObj(i -> line(i) + "\n").collect(Collectors.joining());
  }

  private static String key(int number) {
    return "{\"PK\":\"p\",\"SK\":" + number + "}";
  }

  private static String state(SourceRecord record) {
    return record.value() == null ? "gone" : record.value().toString();
  }

  @Test
  void eachLineIsAChangeOfItsItem() throws Exception {
    List<SourceRecord> records =
        window("stream.view.on.remove", "OLD_IMAGE").file(KEY, lines(LINES)).load(0);
    assertThat(records).hasSize(LINES + 1);
    for (int i = 0; i < LINES; i++) {
      SourceRecord record = records.get(i);
      assertThat(record.key()).isEqualTo(key(i));
      assertThat(record.timestamp()).isEqualTo(1_700_000_000_123L + 1000L * i);
      assertThat(state(record)).contains(i % 3 == 2 ? "\"old\"" : "\"new\"");
      assertThat(record.sourcePartition()).isEqualTo(SnapshotFixture.partition(KEY).toConnect());
      assertThat(record.sourceOffset())
          .isEqualTo(new FileOffset(i + 1L, false, (i + 1) / 3).toConnect());
      assertThat(header(record, "document_version")).isEqualTo(VERSION);
      assertThat(header(record, "dynamodb_timestamp")).isEqualTo(record.timestamp());
      assertThat(header(record, "dynamodb_event_name"))
          .isEqualTo(List.of("INSERT", "MODIFY", "REMOVE").get(i % 3));
      assertThat(header(record, "opensearch_action")).isEqualTo(i % 3 == 2 ? "delete" : "index");
    }
    assertDone(records.get(LINES), LINES);
  }

  private static Object header(SourceRecord record, String name) {
    Header header = record.headers().lastWithName(name);
    return header.value();
  }

  private static void assertDone(SourceRecord record, long items) {
    assertDone(record, items, items / 3);
  }

  private static void assertDone(SourceRecord record, long items, long deletions) {
    assertThat((String) record.value()).contains("\"type\":\"DATA_FILE_LOADED\"");
    assertThat(record.sourceOffset()).isEqualTo(new FileOffset(items, true, deletions).toConnect());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 257, 1500})
  void everyLineComesOnceHoweverManyThereAre(int count) throws Exception {
    List<SourceRecord> records = window().file(KEY, lines(count)).load(0);
    assertThat(records).hasSize(count + 1);
    for (int i = 0; i < count; i++) {
      assertThat(records.get(i).key()).isEqualTo(key(i));
    }
    assertDone(records.get(count), count);
  }

  /** A crash behind each record there is: what was acknowledged is kept, the rest comes again. */
  @ParameterizedTest
  @ValueSource(strings = {"document", "tombstone", "document_and_tombstone"})
  void aTaskResumesBehindWhateverRecordItWasStopped(String mode) throws Exception {
    List<SourceRecord> whole = window("delete.mode", mode).file(KEY, lines(LINES)).load(0);
    int tombstones = mode.equals("document_and_tombstone") ? LINES / 3 : 0;
    assertThat(whole).hasSize(LINES + tombstones + 1);
    for (int acknowledged = 1; acknowledged < whole.size(); acknowledged++) {
      FileOffset offset = offset(whole.get(acknowledged - 1));
      List<SourceRecord> rest =
          window("delete.mode", mode).file(KEY, lines(LINES)).commit(KEY, offset).load(0);
      List<String> kept = new ArrayList<>(told(whole.subList(0, acknowledged)));
      List<String> again = told(rest);
      boolean halfOfAChange = isFirstOfTwo(whole, acknowledged - 1);
      if (halfOfAChange) {
        assertThat(kept.remove(kept.size() - 1)).as("comes again").isEqualTo(again.get(0));
      }
      kept.addAll(again);
      assertThat(kept).as("after %d", acknowledged).isEqualTo(told(whole));
      assertDone(rest.get(rest.size() - 1), LINES);
    }
  }

  private static boolean isFirstOfTwo(List<SourceRecord> records, int index) {
    return records.get(index).value() != null
        && records.get(index + 1).value() == null
        && records.get(index).key().equals(records.get(index + 1).key());
  }

  private static FileOffset offset(SourceRecord record) {
    return new FileOffset(number(record, "items"), false, number(record, "deletions"));
  }

  private static long number(SourceRecord record, String field) {
    Object number = record.sourceOffset().get(field);
    return number == null ? 0 : ((Number) number).longValue();
  }

  /** Key and value of each record of the table. */
  private static List<String> told(List<SourceRecord> records) {
    return records.stream()
        .filter(record -> record.topic().equals("orders"))
        .map(record -> record.key() + " " + state(record) + " " + record.sourceOffset())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"c, 0, 3", "u, 1, 3", "d, 2, 3", "ttl, -1, 0", "r, -1, 0", "'c,u,d', -2, 9"})
  void skippedOperationsAreLeftOutAndCounted(String skipped, int left, int count) throws Exception {
    SnapshotFixture window = window("skipped.operations", skipped).file(KEY, lines(LINES));
    List<SourceRecord> records = window.load(0);
    assertThat(records).hasSize(LINES - count + 1);
    assertThat(told(records)).noneMatch(record -> left >= 0 && record.contains("\"SK\":" + left));
    assertThat(window.metrics.value(Counter.EVENTS_SKIPPED_BY_OPERATION)).isEqualTo(count);
    assertThat(window.metrics.value(Counter.EXPORT_RECORDS_PROCESSED)).isEqualTo(LINES);
    assertDone(records.get(records.size() - 1), LINES);
  }

  @Test
  void blankLinesAndUnknownMembersDoNotCount() throws Exception {
    String text =
        "\r\n \n"
            + line(0).replace("{\"Metadata\":{", "{\"x\":[{}],\"Metadata\":{\"y\":1,")
            + "\r\n\t\n"
            + line(2);
    List<SourceRecord> records = window().file(KEY, text, 2).load(0);
    assertThat(records).hasSize(3);
    assertDone(records.get(2), 2, 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "no JSON; '{' expected",
        "{\"Item\":{\"PK\":{\"S\":\"secret\"},\"SK\":{\"N\":\"1\"}}}; a change with Keys expected",
        "{\"Metadata\":{\"WriteTimestampMicros\":1},\"Keys\":{\"PK\":{\"S\":\"secret\"},\"SK\":{\"N\":\"1\"}}}; a change with NewImage or OldImage expected",
        "{\"Keys\":{\"PK\":{\"S\":\"secret\"},\"SK\":{\"N\":\"1\"}},\"NewImage\":{}}; a change with Metadata.WriteTimestampMicros expected",
        "{\"Metadata\":{\"WriteTimestampMicros\":1},\"Keys\":{\"PK\":{\"S\":\"secret\"}},\"NewImage\":{}}; the sort key 'SK' is missing",
        "{\"Metadata\":{\"WriteTimestampMicros\":1},\"Keys\":{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"1\"}},\"NewImage\":{\"secret\":{\"X\":1}}}; an attribute type",
        "{\"Metadata\":{\"WriteTimestampMicros\":1},\"Keys\":{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"1\"}},\"NewImage\":{}} x; nothing more expected",
      })
  void aLineThatIsNoChangeIsNamedWithoutShowingIt(String line, String problem) throws Exception {
    String text = line(0) + "\n\n" + line + "\n" + line(4) + "\n";
    SnapshotFixture failing = window().file(KEY, text, 3);
    assertThatThrownBy(() -> failing.load(0))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(
            "Data file s3://exports/" + KEY + " of table orders, line 3, is not a change: ")
        .hasMessageContaining(problem)
        .hasMessageNotContaining("secret");
    assertThat(failing.records()).isEmpty();

    SnapshotFixture tolerant = window().file(KEY, text, 3);
    tolerant.toleratesErrors = true;
    List<SourceRecord> records = tolerant.load(0);
    assertThat(records)
        .extracting(SourceRecord::topic)
        .containsExactly("orders", "orders-status", "orders", "orders-status");
    assertThat(records.get(1).value().toString())
        .contains("\"type\":\"ITEM_SKIPPED\"", "\"line\":3,", "is not a change: ")
        .doesNotContain("secret");
    assertThat(records.get(1).sourceOffset()).isEqualTo(new FileOffset(2, false).toConnect());
    assertDone(records.get(3), 3, 0);
    assertThat(tolerant.metrics.value(Counter.EXPORT_RECORD_PROCESSING_ERRORS)).isOne();
  }

  @Test
  void aFileThatIsNotWhatTheManifestSaysIsNotDone() throws IOException {
    byte[] bytes = SnapshotFixture.gzip(lines(3));
    Map<SnapshotFixture, String> wrong =
        Map.of(
            window().object(KEY, bytes, 4), "has 3 items where the manifest says 4",
            window().object(KEY, bytes, 3, "AAAAAAAAAAAAAAAAAAAAAA=="), "has MD5",
            window().object(KEY, bytes, 3).commit(KEY, new FileOffset(5, false)),
                "its offset says that 5 are loaded");
    wrong.forEach(
        (window, message) -> {
          assertThatThrownBy(() -> window.load(0))
              .isInstanceOf(ConnectException.class)
              .hasMessageContaining(message);
        });
  }

  @Test
  void aDoneFileIsNotEvenRead() throws Exception {
    SnapshotFixture window = window().file(KEY, lines(3)).commit(KEY, new FileOffset(3, true));
    assertThat(window.load(0)).isEmpty();
    assertThat(window.s3().requests()).noneMatch(r -> r.key().equals(KEY));
  }
}
