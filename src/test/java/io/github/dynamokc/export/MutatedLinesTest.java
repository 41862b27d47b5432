package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.item.Mutations;
import io.github.dynamokc.item.ObviousTranscoder;
import io.github.dynamokc.item.SampleItems;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.testing.ItemForm;
import io.github.dynamokc.testing.RecordForms;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Lines of data files that are damaged in all ways, in all forms of records, against a strict
 * decoder and Jackson: what they refuse is refused and reported with its line, and of what they
 * take the record tells exactly that. A file is its seed, which is printed when it fails.
 */
class MutatedLinesTest {
  private static final String SEED = "20261207";
  private static final int LINES = 250;
  private static final String KEY = "data/a.json.gz";
  private static final ObjectMapper TREES = new ObjectMapper();

  /** Of key attributes, the same in each line that is good. */
  private static final String[][] KEY_TYPES = {{"S", "N"}, {"B", "S"}, {"N", "B"}};

  /** A line with what it is to the obvious way, null if that refuses it. */
  private record Line(byte[] bytes, ItemForm.@Nullable Item item) {}

  @Property(tries = 30, seed = SEED, shrinking = ShrinkingMode.OFF)
  void damagedLinesAreRefusedOrRight(@ForAll long seed) throws Exception {
    verifyFile(seed);
  }

  @Property(tries = 4_000, seed = SEED, shrinking = ShrinkingMode.OFF)
  @Tag("full")
  void aMillionDamagedLinesAreRefusedOrRight(@ForAll long seed) throws Exception {
    verifyFile(seed);
  }

  private static void verifyFile(long seed) throws Exception {
    Random random = new Random(seed);
    String[] types = KEY_TYPES[random.nextInt(KEY_TYPES.length)];
    List<Line> lines = lines(random, types);
    byte[] file = gzip(lines);
    for (ItemForm form : ItemForm.values()) {
      verifyItems(form, file, lines, types);
    }
    ItemForm one = ItemForm.values()[random.nextInt(ItemForm.values().length)];
    verifyReports(one, file, lines, types);
  }

  /** Each line alone: a record that is right, or the one error that there is. */
  private static void verifyItems(ItemForm form, byte[] file, List<Line> lines, String[] types)
      throws Exception {
    DataFileItems items =
        new DataFileItems(
            DataFileText.whole(new ByteArrayInputStream(file)),
            RecordForms.table("orders", "orders", "PK", "SK", form.config())
                .ofFile(
                    new SourcePartition.OfFile("orders", "arn:export", KEY),
                    1_700_020_441_123L,
                    1L,
                    DeliveryCallback.NO_OP),
            false);
    for (Line line : lines) {
      assertThat(items.next()).isTrue();
      TrackedRecord record = recordOrNull(items);
      assertThat(record == null ? "refused" : "taken")
          .as(() -> form + ", " + new String(line.bytes(), StandardCharsets.ISO_8859_1))
          .isEqualTo(isTaken(form, line, types) ? "taken" : "refused");
      if (record != null) {
        form.verify(record, line.item());
      }
    }
    assertThat(items.next()).isFalse();
  }

  private static @Nullable TrackedRecord recordOrNull(DataFileItems items)
      throws InterruptedException {
    try {
      return items.record();
    } catch (MalformedJsonException e) {
      return null;
    }
  }

  /** The whole file, with errors tolerated: a record or a report for each line. */
  private static void verifyReports(ItemForm form, byte[] file, List<Line> lines, String[] types)
      throws Exception {
    SnapshotFixture snapshot = new SnapshotFixture().form(form.config());
    snapshot.toleratesErrors = true;
    snapshot.object(KEY, file, lines.size());
    List<SourceRecord> records = snapshot.load(0);
    assertThat(records).hasSize(lines.size() + 1);
    for (int i = 0; i < lines.size(); i++) {
      if (isTaken(form, lines.get(i), types)) {
        assertThat(records.get(i).topic()).isEqualTo("orders");
      } else {
        assertThat(records.get(i).topic()).isEqualTo("orders-status");
        assertThat(records.get(i).value().toString())
            .contains("ITEM_SKIPPED")
            .containsAnyOf(
                "\"line\":" + (i + 1) + ",", "\"line\":" + (i + 1) + "}", "line=" + (i + 1));
      }
    }
  }

  private static boolean isTaken(ItemForm form, Line line, String[] types) {
    ItemForm.Item item = line.item();
    return item != null
        && (!form.hasColumns()
            || (item.partition().name().equals(types[0]) && item.sort().name().equals(types[1])));
  }

  /** The first of them is good, so that columns know the types of the keys. */
  private static List<Line> lines(Random random, String[] types) {
    List<Line> lines = new ArrayList<>();
    while (lines.size() < LINES) {
      String good =
          "{\"v\":[1,{\"a\":null}],\"Item\":%s}"
              .formatted(SampleItems.item(random, types[0], types[1]));
      byte[] bytes =
          lines.isEmpty() ? good.getBytes(StandardCharsets.UTF_8) : Mutations.of(good, random);
      for (String part : new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1)) {
        if (!part.replaceAll("[ \t\r]", "").isEmpty()) {
          byte[] line = part.getBytes(StandardCharsets.ISO_8859_1);
          lines.add(new Line(line, item(line)));
        }
      }
    }
    assertThat(lines.get(0).item()).isNotNull();
    return lines;
  }

  private static ItemForm.@Nullable Item item(byte[] line) {
    try {
      Object item = ObviousTranscoder.member(ObviousTranscoder.parse(line), "Item");
      return ItemForm.Item.of(item, TREES.readTree(line).get("Item").toString());
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static byte[] gzip(List<Line> lines) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (Line line : lines) {
        gzip.write(line.bytes());
        gzip.write('\n');
      }
    }
    return bytes.toByteArray();
  }
}
