package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.Metric;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.testing.FakeS3;
import io.github.dynamokc.testing.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A data file gives each of its items once, in order, each with its place as the offset, and then
 * the record that marks it done; whatever is wrong with it, it is never marked done.
 */
class DataFileLoaderTest {
  private static final String KEY = "data/a.json.gz";

  private final SnapshotFixture snapshot = new SnapshotFixture();

  private static List<String> items(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "{\"PK\":\"p\",\"SK\":" + i + "}").toList();
  }

  private static String lines(int count) {
    StringBuilder lines = new StringBuilder();
    IntStream.range(0, count).forEach(i -> lines.append(SnapshotFixture.line(i)).append('\n'));
    return lines.toString();
  }

  private static void assertDone(SourceRecord record, String key, long items) {
    assertThat(record.topic()).isEqualTo("orders-status");
    assertThat((String) record.value()).contains("\"type\":\"DATA_FILE_LOADED\"");
    assertThat(record.sourcePartition()).isEqualTo(SnapshotFixture.partition(key).toConnect());
    assertThat(record.sourceOffset()).isEqualTo(new FileOffset(items, true).toConnect());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, 513, 3000})
  void everyItemComesOnceAndTheDoneRecordLast(int count) throws Exception {
    snapshot.file(KEY, lines(count));
    List<SourceRecord> records = snapshot.load(0);
    assertThat(records).hasSize(count + 1);
    List<SourceRecord> items = records.subList(0, count);
    assertThat(items).extracting(SourceRecord::value).isEqualTo(items(0, count));
    for (int i = 0; i < count; i++) {
      assertThat(items.get(i).topic()).isEqualTo("orders");
      assertThat(items.get(i).sourcePartition())
          .isEqualTo(SnapshotFixture.partition(KEY).toConnect());
      assertThat(items.get(i).sourceOffset()).isEqualTo(new FileOffset(i + 1L, false).toConnect());
    }
    assertDone(records.get(count), KEY, count);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 512, 2999, 3000})
  void aRestartGoesOnBehindTheLastCommittedItem(int committed) throws Exception {
    snapshot.file(KEY, lines(3000)).commit(KEY, new FileOffset(committed, false));
    List<SourceRecord> records = snapshot.load(0);
    assertThat(records.subList(0, records.size() - 1))
        .extracting(SourceRecord::value)
        .isEqualTo(items(committed, 3000));
    assertDone(records.get(records.size() - 1), KEY, 3000);
  }

  @Test
  void aDoneFileIsNotEvenRead() throws Exception {
    snapshot.file(KEY, lines(5)).commit(KEY, new FileOffset(5, true));
    assertThat(snapshot.load(0)).isEmpty();
    assertThat(snapshot.s3().requests()).noneMatch(r -> r.key().equals(KEY));
  }

  @Test
  void onlyTheAssignedFilesAreLoaded() throws Exception {
    snapshot.file("a", lines(1)).file("b", lines(2)).file("c", lines(3)).file("d", lines(4));
    List<SourceRecord> records = snapshot.load(1, 3);
    assertThat(records).hasSize(2 + 1 + 4 + 1);
    assertDone(records.get(2), "b", 2);
    assertDone(records.get(7), "d", 4);
  }

  @Test
  void loadedFilesAreCountedAndReported() throws Exception {
    snapshot.file("a", lines(2000)).file("b", lines(7)).file("c", lines(5));
    snapshot.commit("a", new FileOffset(1500, false)).commit("b", new FileOffset(7, true));
    snapshot.clock = ticking(Duration.ofSeconds(2));
    List<SourceRecord> records = snapshot.load(0, 1, 2);

    assertCounted(Counter.EXPORT_S3_OBJECTS_TOTAL, 2);
    assertCounted(Counter.EXPORT_S3_OBJECTS_PROCESSED, 2);
    assertCounted(Counter.EXPORT_RECORDS_TOTAL, 500 + 5);
    assertCounted(Counter.EXPORT_RECORDS_PROCESSED, 500 + 5);
    assertCounted(Counter.EXPORT_RECORD_PROCESSING_ERRORS, 0);
    assertCounted(Gauge.ACTIVE_EXPORT_S3_OBJECT_CONSUMERS, 0);
    assertCounted(
        Counter.BYTES_RECEIVED,
        SnapshotFixture.gzip(lines(2000)).length + SnapshotFixture.gzip(lines(5)).length);
    long bytes = lines(2000).length() - lines(1500).length() + lines(5).length() - 505;
    assertCounted(Counter.BYTES_PROCESSED, bytes);
    assertThat(records.get(500).value().toString())
        .contains(
            "\"progress\":{\"files\":1,\"filesTotal\":2,\"items\":500,\"itemsTotal\":505,\"bytes\":")
        .contains("\"millisLeft\":");
    assertThat(records.get(506).value().toString())
        .contains(
            "\"files\":2,\"filesTotal\":2,\"items\":505,\"itemsTotal\":505,\"bytes\":" + bytes)
        .contains("\"millisLeft\":0}");
  }

  @Test
  void aLongFileReportsItsProgressTwiceAMinute() throws Exception {
    snapshot.file(KEY, lines(256 * 100));
    // Looked at twice for each of the hundred batches, so that loading takes 100 s.
    snapshot.clock = ticking(Duration.ofMillis(500));
    List<SourceRecord> records = snapshot.load(0);
    List<SourceRecord> told =
        records.stream().filter(r -> r.value().toString().contains("SNAPSHOT_PROGRESS")).toList();

    assertThat(told).hasSizeBetween(2, 4);
    for (SourceRecord record : told) {
      SourceRecord before = records.get(records.indexOf(record) - 1);
      assertThat(record.sourcePartition()).isEqualTo(before.sourcePartition());
      assertThat(record.sourceOffset()).as("no offset of its own").isEqualTo(before.sourceOffset());
    }
  }

  /** A clock that goes on whenever it is looked at. */
  private static InstantSource ticking(Duration tick) {
    ManualClock clock = new ManualClock(Instant.EPOCH);
    return () -> {
      clock.advance(tick);
      return clock.instant();
    };
  }

  private void assertCounted(Metric counter, long count) {
    assertThat(snapshot.metrics.value(counter)).as(counter.attribute()).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no JSON", "{\"Thing\":{}}", "{\"Item\":{\"PK\":{\"S\":\"secret\"}}}"})
  void malformedItemsAreSkippedAndReportedIfErrorsAreTolerated(String line) throws Exception {
    snapshot.toleratesErrors = true;
    snapshot.file(KEY, lines(2) + "\n" + line + "\n" + SnapshotFixture.line(2) + "\n", 4);
    List<SourceRecord> records = snapshot.load(0);

    assertThat(records).hasSize(5);
    assertThat(List.of(records.get(0), records.get(1), records.get(3)))
        .extracting(SourceRecord::value)
        .isEqualTo(items(0, 3));
    SourceRecord skipped = records.get(2);
    assertThat(skipped.topic()).isEqualTo("orders-status");
    assertThat(skipped.sourceOffset()).isEqualTo(new FileOffset(3, false).toConnect());
    assertThat(skipped.value().toString())
        .contains("\"type\":\"ITEM_SKIPPED\"", "\"line\":4,", "\"reason\":\"Data file s3://")
        .doesNotContain("secret");
    assertDone(records.get(4), KEY, 4);
    assertCounted(Counter.EXPORT_RECORDS_PROCESSED, 3);
    assertCounted(Counter.EXPORT_RECORD_PROCESSING_ERRORS, 1);
  }

  @Test
  void carriageReturnsAndBlankLinesDoNotCount() throws Exception {
    snapshot.file(
        KEY, SnapshotFixture.line(0) + "\r\n\r\n" + SnapshotFixture.line(1) + "\r\n  \r\n \t\n", 2);
    List<SourceRecord> records = snapshot.load(0);
    assertThat(records.subList(0, 2)).extracting(SourceRecord::value).isEqualTo(items(0, 2));
    assertDone(records.get(2), KEY, 2);
  }

  @Test
  void aLastLineWithoutItsEndCounts() throws Exception {
    snapshot.file(KEY, SnapshotFixture.line(0) + "\n" + SnapshotFixture.line(1), 2);
    assertThat(snapshot.load(0)).hasSize(3);
  }

  @Test
  void otherMembersOfALineDoNotMatter() throws Exception {
    snapshot.file(KEY, "{\"v\":[1,{}],\"Item\":" + SnapshotFixture.item(0) + ",\"w\":\"}\"}\n", 1);
    assertThat(snapshot.load(0).get(0).value()).isEqualTo("{\"PK\":\"p\",\"SK\":0}");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1000})
  void everyGzipMemberIsReadHoweverFewBytesArrive(int most) throws Exception {
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (int member = 0; member < 10; member++) {
      StringBuilder lines = new StringBuilder();
      for (int i = member * 30; i < member * 30 + 30; i++) {
        lines.append(SnapshotFixture.line(i)).append('\n');
      }
      members.write(SnapshotFixture.gzip(lines.toString()));
    }
    snapshot.object(KEY, members.toByteArray(), 300);
    snapshot.s3().bodyOnce(manifest -> manifest).bodyOnce(b -> new FewBytes(b, most, most));
    List<SourceRecord> records = snapshot.load(0);
    assertThat(records.subList(0, records.size() - 1))
        .extracting(SourceRecord::value)
        .isEqualTo(items(0, 300));
    assertDone(records.get(300), KEY, 300);
  }

  @Test
  void aBrokenConnectionIsResumedAndTheSumIsThatOfTheWhole() throws Exception {
    snapshot.file(KEY, lines(3000));
    snapshot
        .s3()
        .bodyOnce(manifest -> manifest)
        .bodyOnce(FakeS3.throwsAfter(100))
        .bodyOnce(FakeS3.endsAfter(1000));
    List<SourceRecord> records = snapshot.load(0);
    assertThat(records).hasSize(3001);
    assertDone(records.get(3000), KEY, 3000);
  }

  private void assertFails(String... message) throws InterruptedException {
    assertThatThrownBy(() -> snapshot.load(0))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Data file s3://exports/" + KEY + " of table orders")
        .hasMessageContainingAll(message);
    assertThat(snapshot.records()).noneMatch(r -> r.topic().equals("orders-status"));
  }

  @Test
  void aTruncatedFileFails() throws Exception {
    byte[] whole = SnapshotFixture.gzip(lines(100));
    for (int length : new int[] {0, 5, 10, whole.length / 2, whole.length - 1}) {
      SnapshotFixture truncated = new SnapshotFixture();
      truncated.object(KEY, Arrays.copyOf(whole, length), 100);
      assertThatThrownBy(() -> truncated.load(0))
          .isInstanceOf(ConnectException.class)
          .hasMessageStartingWith(
              "Data file s3://exports/" + KEY + " of table orders cannot be read");
      assertThat(truncated.records()).noneMatch(r -> r.topic().equals("orders-status"));
    }
  }

  @Test
  void aFileThatIsNoGzipFails() throws Exception {
    snapshot.object(KEY, "{\"Item\":{}}\n".getBytes(StandardCharsets.UTF_8), 1);
    assertFails("cannot be read");
  }

  @Test
  void aFileOfAnotherSumFails() throws Exception {
    byte[] bytes = SnapshotFixture.gzip(lines(10));
    snapshot.object(KEY, bytes, 10, "AAAAAAAAAAAAAAAAAAAAAA==");
    assertFails("has MD5 " + SnapshotFixture.md5(bytes), "says AAAAAAAAAAAAAAAAAAAAAA==");
  }

  @Test
  void bytesAfterTheLastGzipMemberBelongToTheSum() throws Exception {
    byte[] bytes = SnapshotFixture.gzip(lines(10));
    byte[] more = Arrays.copyOf(bytes, bytes.length + 100_000);
    snapshot.object(KEY, more, 10, SnapshotFixture.md5(bytes));
    assertFails("has MD5 " + SnapshotFixture.md5(more));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9, 11})
  void aFileOfAnotherCountFails(long manifestSays) throws Exception {
    snapshot.file(KEY, lines(10), manifestSays);
    assertFails("has 10 items where the manifest says " + manifestSays);
  }

  @Test
  void aFileOfFewerItemsThanAreCommittedFails() throws Exception {
    snapshot.file(KEY, lines(10), 20).commit(KEY, new FileOffset(15, false));
    assertFails("has 10 items where the manifest says 20");
  }

  /** As an operator may write into an offset: nothing of the file would be loaded. */
  @Test
  void anOffsetBeyondTheEndOfItsFileFails() throws Exception {
    snapshot.file(KEY, lines(10), 10).commit(KEY, new FileOffset(5_000, false));
    assertFails("has 10 items", "its offset says that 5000 are loaded");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "not json; '{' expected",
        "{}; there is no 'Item'",
        "[]; '{' expected",
        "{\"item\":{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"1\"}}}; there is no 'Item'",
        "{\"Item\":{}}; the partition key 'PK' is missing",
        "{\"Item\":{\"PK\":{\"S\":\"classified\"}}}; the sort key 'SK' is missing",
        "{\"Item\":{\"PK\":{\"L\":[]},\"SK\":{\"N\":\"1\"}}}; a key attribute is of type S, N or B; found L",
        "{\"Item\":{\"PK\":{\"S\":\"classified\"},\"SK\":{\"N\":\"1\"}}; '}' expected",
        "{\"Item\":{\"PK\":{\"S\":\"classified\"},\"SK\":{\"N\":\"1\"}}} x; nothing more expected",
        "{\"Item\":null}; '{' expected",
        "{\"Item\":{\"PK\":{\"S\":\"classified\"},\"SK\":{\"N\":\"1E+999999999\"}}}; no DynamoDB number",
      })
  void aLineThatIsNoItemIsNamedWithoutShowingIt(String line, String problem) throws Exception {
    String before = lines(498) + "\r\n";
    snapshot.file(KEY, before + line + "\n" + lines(500), 999);
    assertThatThrownBy(() -> snapshot.load(0)).hasMessageNotContaining("classified");
    SnapshotFixture first = new SnapshotFixture();
    first.file(KEY, line, 1);
    assertThatThrownBy(() -> first.load(0)).hasMessageContaining(", line 1, is not an item: ");
    assertFails(", line 500, is not an item: ", problem);
  }

  @Test
  void aLineThatIsTooLongIsNamed() throws Exception {
    snapshot.file(KEY, lines(2) + "x".repeat(17 * 1024 * 1024), 3);
    assertFails(", line 3, is not an item: a line longer than");
  }

  @Test
  void aFileThatMayNotBeReadFailsNamingTheAction() throws IOException {
    snapshot.file(KEY, lines(1));
    snapshot.s3().deny(KEY);
    assertThatThrownBy(() -> snapshot.load(0))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("s3:GetObject on s3://exports/" + KEY)
        .hasMessageContaining("AccessDenied");
  }
}
