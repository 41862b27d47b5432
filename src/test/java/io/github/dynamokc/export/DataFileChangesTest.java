package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.item.Mutations;
import io.github.dynamokc.item.ObviousTranscoder;
import io.github.dynamokc.item.SampleItems;
import io.github.dynamokc.testing.ItemForm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
 * Whole data files of incremental exports, in all forms of records, against a strict decoder and
 * Jackson: each line gives its own item, looked at when all lines were read, and what the decoder
 * refuses is reported with its line. A file is its seed, which is printed when it fails.
 */
class DataFileChangesTest {
  private static final String SEED = "20261209";
  private static final String KEY = "data/a.json.gz";
  private static final ObjectMapper TREES = new ObjectMapper();
  private static final String[] TIMES = {"%d", "\"%d\"", "{\"N\":\"%d\"}", "{ \"N\" : \"%d\" }"};

  /** A line with the image in it that is the value, null if the obvious way refuses that. */
  private record Line(byte[] bytes, long writtenAtMs, ItemForm.@Nullable Item item) {}

  /** More than a buffer of lines, in which the images of one lie where those of another were. */
  @Property(tries = 3, seed = SEED, shrinking = ShrinkingMode.OFF)
  void eachLineOfALongFileGivesItsOwnItem(@ForAll long seed) throws Exception {
    verifyFile(seed, 1_000, false);
  }

  @Property(tries = 20, seed = SEED, shrinking = ShrinkingMode.OFF)
  void damagedImagesAreRefusedOrRight(@ForAll long seed) throws Exception {
    verifyFile(seed, 100, true);
  }

  @Property(tries = 1_000, seed = SEED, shrinking = ShrinkingMode.OFF)
  @Tag("full")
  void manyDamagedImagesAreRefusedOrRight(@ForAll long seed) throws Exception {
    verifyFile(seed, 100, true);
  }

  private static void verifyFile(long seed, int count, boolean damaged) throws Exception {
    Random random = new Random(seed);
    List<Line> lines = new ArrayList<>();
    while (lines.size() < count) {
      // The first is good, so that columns know the types of the keys.
      Line line = line(random, damaged && !lines.isEmpty());
      if (line != null) {
        lines.add(line);
      }
    }
    byte[] file = gzip(lines);
    for (ItemForm form : ItemForm.values()) {
      SnapshotFixture window = new SnapshotFixture().ofWindow(7).form(form.config());
      window.toleratesErrors = true;
      List<SourceRecord> records = window.object(KEY, file, count).load(0);
      assertThat(records).hasSize(count + 1);
      for (int i = 0; i < count; i++) {
        verify(form, records.get(i), lines.get(i), 2 * i + 1);
      }
    }
  }

  private static void verify(ItemForm form, SourceRecord record, Line line, int number)
      throws IOException {
    String shown = form + ", " + new String(line.bytes(), StandardCharsets.ISO_8859_1);
    ItemForm.Item item = line.item();
    if (item == null || !keysAreGood(form, item)) {
      assertThat(record.topic()).as(shown).isEqualTo("orders-status");
      assertThat(record.value().toString())
          .contains("ITEM_SKIPPED", "line " + number + ", is not a change");
    } else {
      assertThat(record.topic()).as(shown).isEqualTo("orders");
      assertThat(record.timestamp()).isEqualTo(line.writtenAtMs());
      form.verifyValue(record, item);
    }
  }

  /** Columns need both; text may lack them, as a record has its key from elsewhere. */
  private static boolean keysAreGood(ItemForm form, ItemForm.Item item) {
    String partition = typeOf(item, "PK");
    String sort = typeOf(item, "SK");
    List<String> ofKeys = List.of("", "S", "N", "B");
    return switch (form) {
      case JSON, DYNAMODB_JSON, ENVELOPE -> ofKeys.contains(partition) && ofKeys.contains(sort);
      case ATTRIBUTES -> true;
      case COLUMNS, ENVELOPE_OF_COLUMNS -> partition.equals("S") && sort.equals("N");
    };
  }

  private static String typeOf(ItemForm.Item item, String attribute) {
    return item.typed().members().stream()
        .filter(member -> member.name().equals(attribute))
        .map(member -> ((ObviousTranscoder.Members) member.value()).members().get(0).name())
        .findFirst()
        .orElse("");
  }

  /** An inserted or changed item; null if the damage has made two lines of it. */
  private static @Nullable Line line(Random random, boolean damaged) throws IOException {
    String good = SampleItems.item(random, "S", "N");
    byte[] image = damaged ? Mutations.of(good, random) : good.getBytes(StandardCharsets.UTF_8);
    long micros = 1_600_000_000_000_000L + random.nextInt();
    List<byte[]> members =
        new ArrayList<>(
            Arrays.asList(
                bytes("\"Metadata\":{\"WriteTimestampMicros\":" + time(random, micros) + "}"),
                bytes("\"Keys\":" + keysOf(good)),
                bytes("\"other\":[{\"NewImage\":{}}]"),
                joined(bytes("\"NewImage\":"), image)));
    if (random.nextBoolean()) {
      members.add(bytes("\"OldImage\":" + good));
    }
    Collections.shuffle(members, random);
    byte[] line = bytes("{");
    for (int i = 0; i < members.size(); i++) {
      line = joined(line, bytes(i == 0 ? "" : ", "), members.get(i));
    }
    line = joined(line, bytes("}"));
    for (byte b : image) {
      if (b == '\n') {
        return null;
      }
    }
    return new Line(line, Math.floorDiv(micros, 1000L), item(line));
  }

  private static String time(Random random, long micros) {
    return TIMES[random.nextInt(TIMES.length)].formatted(micros);
  }

  private static ItemForm.@Nullable Item item(byte[] line) {
    try {
      Object image = ObviousTranscoder.member(ObviousTranscoder.parse(line), "NewImage");
      return ItemForm.Item.ofImage(image, TREES.readTree(line).get("NewImage").toString());
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static String keysOf(String item) throws IOException {
    JsonNode tree = TREES.readTree(item);
    return TREES
        .createObjectNode()
        .<ObjectNode>set("PK", tree.get("PK"))
        .set("SK", tree.get("SK"))
        .toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    return all.toByteArray();
  }

  /** A blank line behind each. */
  private static byte[] gzip(List<Line> lines) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (Line line : lines) {
        gzip.write(line.bytes());
        gzip.write(bytes("\r\n \n"));
      }
    }
    return bytes.toByteArray();
  }
}
