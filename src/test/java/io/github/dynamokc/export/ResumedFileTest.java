package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.testing.FakeS3;
import io.github.dynamokc.testing.HeardLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * Wherever a load is stopped and whatever its offset has become meanwhile, the next one emits each
 * item behind the committed ones once and in order; and it reads no more of the file than it must.
 */
class ResumedFileTest {
  private static final String KEY = "data/a.json.gz";
  private static final int BLOCK = 1000;
  private static final int POSITION_EVERY = 2000;
  private static final int ITEMS = 600;

  private final Random random = new Random(1);
  private SnapshotFixture snapshot = new SnapshotFixture();
  private byte[] file = {};

  @BeforeEach
  void makeFile() throws IOException {
    file = file(random, ITEMS, false);
    snapshot = snapshot(file, ITEMS);
  }

  private static SnapshotFixture snapshot(byte[] file, int items) {
    SnapshotFixture snapshot = new SnapshotFixture().object(KEY, file, items);
    snapshot.positionEvery = POSITION_EVERY;
    return snapshot;
  }

  /** Of one to three members, with blocks of about 1 KB, with lines of many lengths. */
  private static byte[] file(Random random, int items, boolean window) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int members = 1 + random.nextInt(3);
    int item = 0;
    for (int member = 1; member <= members; member++) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(bytes, 512, true)) {
        StringBuilder text = new StringBuilder();
        for (int end = items * member / members; item < end; item++) {
          text.append(window ? change(item, noise(random)) : line(item, noise(random)));
          text.append(random.nextInt(20) == 0 ? "\r\n\n" : "\n");
          if (text.length() > BLOCK) {
            int some = random.nextInt(text.length());
            gzip.write(text.substring(0, some).getBytes(StandardCharsets.UTF_8));
            gzip.flush();
            text.delete(0, some);
          }
        }
        gzip.write(text.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static String noise(Random random) {
    int length = random.nextInt(100) == 0 ? random.nextInt(3000) : random.nextInt(60);
    StringBuilder noise = new StringBuilder();
    random.ints(length, 'a', 'z').forEach(letter -> noise.append((char) letter));
    return noise.toString();
  }

  private static String line(int number, String noise) {
    return "{\"Item\":{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"%d\"},\"n\":{\"S\":\"%s\"}}}"
        .formatted(number, noise);
  }

  /** Each third one is a deletion. */
  private static String change(int number, String noise) {
    String image = number % 3 == 2 ? "\"OldImage\"" : "\"NewImage\"";
    return "{\"Metadata\":{\"WriteTimestampMicros\":1700000000123456},\"Keys\":%s,%s:{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"%d\"},\"n\":{\"S\":\"%s\"}}}"
        .formatted(SnapshotFixture.item(number), image, number, noise);
  }

  /** Each item behind those that are committed, and the record at the end. */
  private static void assertComplete(List<SourceRecord> records, long committed, int items) {
    List<Long> places = new ArrayList<>();
    for (SourceRecord record : records.subList(0, records.size() - 1)) {
      assertThat(record.key()).isEqualTo("{\"PK\":\"p\",\"SK\":" + (places(record) - 1) + "}");
      assertThat(record.topic()).isEqualTo("orders");
      places.add(places(record));
    }
    List<Long> expected = new ArrayList<>();
    for (long place = committed + 1; place <= items; place++) {
      expected.add(place);
    }
    assertThat(places).isEqualTo(expected);
    SourceRecord done = records.get(records.size() - 1);
    assertThat((String) done.value()).contains("\"type\":\"DATA_FILE_LOADED\"");
    assertThat(done.sourceOffset().get("items")).isEqualTo((long) items);
    assertThat(done.sourceOffset().containsKey(FileOffset.POSITION)).isFalse();
  }

  private static long places(SourceRecord record) {
    return (long) record.sourceOffset().get("items");
  }

  private GetObjectRequest lastRequest() {
    List<GetObjectRequest> requests = snapshot.s3().requests();
    return requests.get(requests.size() - 1);
  }

  private static FilePosition position(Map<String, ?> offset) {
    return Objects.requireNonNull(
        FilePosition.parsed((String) offset.get(FileOffset.POSITION)), "no position");
  }

  /** An offset as Connect gives it back, at some place of the file. */
  private Map<String, Object> offsetAt(int items) throws InterruptedException {
    return new HashMap<>(snapshot.load(0).get(items - 1).sourceOffset());
  }

  /**
   * Loads are stopped one after the other, each with any part of what it emitted committed. An
   * operator or another version may have changed the offset, or the object is written again.
   */
  @Property(tries = 150)
  void eachLoadGoesOnBehindTheCommittedItems(@ForAll long seed) throws Exception {
    Random dice = new Random(seed);
    int items = 1 + dice.nextInt(ITEMS);
    byte[] bytes = file(dice, items, false);
    SnapshotFixture loads = snapshot(bytes, items);
    loads.positionEvery = 1 + dice.nextInt(5000);
    long committed = 0;
    while (committed < items) {
      List<SourceRecord> records = loads.load(0);
      assertComplete(records, committed, items);
      Map<String, Object> offset = new HashMap<>();
      int acknowledged = dice.nextInt(records.size());
      if (acknowledged == 0) {
        continue;
      }
      offset.putAll(records.get(acknowledged - 1).sourceOffset());
      switch (dice.nextInt(8)) {
        case 0 -> offset.put("items", (long) dice.nextInt(acknowledged));
        case 1 -> offset.remove(FileOffset.POSITION);
        case 2 -> offset.computeIfPresent(FileOffset.POSITION, (key, value) -> value + "x");
        case 3 -> loads.s3().replace(KEY, bytes);
        default -> {
          // As it was.
        }
      }
      committed = (long) offset.get("items");
      loads.commit(KEY, offset);
    }
  }

  @Property(tries = 50)
  void aWindowsFileGoesOnWithItsDeletions(@ForAll long seed) throws Exception {
    Random dice = new Random(seed);
    int items = 1 + dice.nextInt(ITEMS);
    SnapshotFixture loads =
        snapshot(file(dice, items, true), items)
            .ofWindow(7)
            .form("delete.mode", "document_and_tombstone");
    List<SourceRecord> whole = loads.load(0);
    int acknowledged = 1 + dice.nextInt(whole.size() - 1);
    Map<String, ?> offset = whole.get(acknowledged - 1).sourceOffset();
    List<SourceRecord> rest = loads.commit(KEY, offset).load(0);
    List<String> again = told(rest);
    List<String> all = told(whole);
    assertThat(again)
        .isIn(
            all.subList(acknowledged, all.size()),
            // The document of a deletion comes again if its tombstone was not acknowledged.
            all.subList(acknowledged - 1, all.size()));
    assertThat(rest.get(rest.size() - 1).sourceOffset())
        .isEqualTo(new FileOffset(items, true, items / 3).toConnect());
  }

  private static List<String> told(List<SourceRecord> records) {
    return records.subList(0, records.size() - 1).stream()
        .map(r -> r.key() + " " + r.value() + " " + r.sourceOffset().get("deletions"))
        .toList();
  }

  @Test
  void theRestOfTheFileIsAskedForIfItIsTheSame() throws Exception {
    Map<String, Object> offset = offsetAt(ITEMS / 2);
    FilePosition position = position(offset);
    long start = position.checkpoint().compressed();
    assertThat(position.items()).isBetween(1L, ITEMS / 2L);
    assertThat(start).isGreaterThan(POSITION_EVERY);
    long before = snapshot.metrics.value(Counter.BYTES_RECEIVED);
    assertThat(before).isEqualTo(file.length);

    assertComplete(snapshot.commit(KEY, offset).load(0), ITEMS / 2, ITEMS);

    assertThat(lastRequest().range()).isEqualTo("bytes=" + start + "-");
    assertThat(lastRequest().ifMatch()).isEqualTo(FakeS3.E_TAG);
    assertThat(snapshot.metrics.value(Counter.BYTES_RECEIVED) - before)
        .isEqualTo(file.length - start);
  }

  @Test
  void positionsComeAsOftenAsIsAskedFor() throws Exception {
    long last = 0;
    int positions = 0;
    for (SourceRecord record : snapshot.load(0).subList(0, ITEMS)) {
      String text = (String) record.sourceOffset().get(FileOffset.POSITION);
      long place = text == null ? 0 : position(record.sourceOffset()).checkpoint().compressed();
      if (place != last) {
        assertThat(place - last).isBetween((long) POSITION_EVERY, POSITION_EVERY + 3L * BLOCK);
        assertThat(position(record.sourceOffset()).items()).isEqualTo(places(record) - 1);
        positions++;
        last = place;
      }
    }
    assertThat(positions).isGreaterThan(3);
    assertThat(file.length - last).isLessThan(POSITION_EVERY + 3L * BLOCK);
  }

  @Test
  void aSmallFileHasNoPositions() throws Exception {
    snapshot.positionEvery = SnapshotLoad.POSITION_EVERY;
    assertThat(snapshot.load(0))
        .noneMatch(record -> record.sourceOffset().containsKey(FileOffset.POSITION));
  }

  @Test
  void aFileThatWasEmittedWholeIsStillVerified() throws Exception {
    assertComplete(snapshot.commit(KEY, offsetAt(ITEMS)).load(0), ITEMS, ITEMS);
    assertThat(lastRequest().range()).isNotNull();
  }

  /** The sum goes on from the part that another load has read. */
  @Test
  void aFileOfAnotherSumFailsAlsoIfItIsResumed() throws Exception {
    Map<String, Object> offset = offsetAt(ITEMS / 2);
    SnapshotFixture other =
        new SnapshotFixture().object(KEY, file, ITEMS, "AAAAAAAAAAAAAAAAAAAAAA==");
    assertThatThrownBy(() -> other.commit(KEY, offset).load(0))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("has MD5 " + SnapshotFixture.md5(file));
    assertThat(other.s3().requests().get(2).range()).isNotNull();
    assertThat(other.s3().requests()).hasSize(3);
  }

  @Test
  void aBrokenLineIsNamedByItsPlaceInTheWholeFile() throws Exception {
    byte[] broken =
        SnapshotFixture.gzip(
            line(0, noise(random)) + "\n\n" + line(1, "x".repeat(300)) + "\n" + "no item\n");
    SnapshotFixture whole = snapshot(broken, 3);
    whole.positionEvery = 1;
    assertThatThrownBy(() -> whole.load(0)).hasMessageContaining(", line 4, is not an item");
  }

  private void assertReadsFromItsStart(long committed, String log) throws Exception {
    try (HeardLog heard = new HeardLog()) {
      assertComplete(snapshot.load(0), committed, ITEMS);
      assertThat(heard.lines("Reading it from its start")).isEqualTo(1);
      assertThat(heard.lines(log)).isEqualTo(1);
    }
    assertThat(lastRequest().range()).isNull();
  }

  @Test
  void aPositionBehindTheCommittedItemsIsNotTaken() throws Exception {
    Map<String, Object> offset = offsetAt(ITEMS / 2);
    offset.put("items", position(offset).items() - 1);
    snapshot.commit(KEY, offset);
    assertReadsFromItsStart((long) offset.get("items"), "the position in its offset");
  }

  @Test
  void aPositionThatIsNoneIsNotTaken() throws Exception {
    snapshot.commit(KEY, new FileOffset(5, false, 0, "no position"));
    assertReadsFromItsStart(5, "the position in its offset");
  }

  @Test
  void aPositionInAnotherObjectIsNotTaken() throws Exception {
    snapshot.commit(KEY, offsetAt(ITEMS / 2)).s3().replace(KEY, file);
    assertReadsFromItsStart(ITEMS / 2, "is not the object any more");
  }

  @Test
  void aPositionBehindTheEndOfTheObjectIsNotTaken() throws Exception {
    Map<String, Object> offset = offsetAt(ITEMS / 2);
    SnapshotFixture shorter = snapshot(SnapshotFixture.gzip(line(0, "")), 1);
    offset.put("items", 1L);
    FilePosition position = position(offset);
    FilePosition moved =
        new FilePosition(
            position.eTag(), position.checkpoint(), position.skipped(), position.md5(), 1, 1);
    offset.put(FileOffset.POSITION, moved.text());
    assertComplete(shorter.commit(KEY, offset).load(0), 1, 1);
  }

  /** A proxy between may give the whole object. */
  @Test
  void aServerThatGivesNoPartsIsReadFromTheStart() throws Exception {
    snapshot.commit(KEY, offsetAt(ITEMS / 2));
    snapshot.s3().answers(response -> response.contentRange(null));
    assertReadsFromItsStart(ITEMS / 2, "cannot be read from byte");
  }

  /** As only a fault could make it: what is emitted by then is not emitted again. */
  @Test
  void aPositionFromWhichNothingIsToBeHadIsNotTaken() throws Exception {
    Map<String, Object> offset = offsetAt(ITEMS / 2);
    FilePosition position = position(offset);
    position.checkpoint().window()[position.checkpoint().window().length - 1] ^= 1;
    offset.put(FileOffset.POSITION, position.text());
    snapshot.commit(KEY, offset);
    List<SourceRecord> records = new ArrayList<>();
    try (HeardLog heard = new HeardLog()) {
      records.addAll(snapshot.load(0));
      assertThat(heard.lines("cannot be decompressed from byte")).isEqualTo(1);
    }
    assertThat(records).hasSize(ITEMS - ITEMS / 2 + 1);
    assertThat(lastRequest().range()).isNull();
  }

  @Test
  void aBreakBehindThePositionIsResumedThere() throws Exception {
    snapshot.commit(KEY, offsetAt(ITEMS / 2));
    snapshot
        .s3()
        .bodyOnce(manifest -> manifest)
        .bodyOnce(FakeS3.throwsAfter(100))
        .bodyOnce(FakeS3.endsAfter(1000));
    assertComplete(snapshot.load(0), ITEMS / 2, ITEMS);
    assertThat(lastRequest().range()).isNotNull();
    assertThat(snapshot.s3().requests()).hasSize(3 + 2 + 3);
  }
}
