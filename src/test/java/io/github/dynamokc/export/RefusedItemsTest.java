package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.testing.ItemForm;
import io.github.dynamokc.testing.RefusedItem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What DynamoDB cannot have written is refused in every form, with its file and line. */
class RefusedItemsTest {
  private static final String KEY = "data/a.json.gz";

  @ParameterizedTest
  @MethodSource("io.github.dynamokc.testing.RefusedItem#inEachForm")
  void aTaskFailsNamingFileAndLine(ItemForm form, RefusedItem item) throws Exception {
    SnapshotFixture snapshot = snapshot(form, line("1", item.attributes()));

    assertThatThrownBy(() -> snapshot.load(0))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("s3://exports/" + KEY + " of table orders, line 2, is not an item: ")
        .hasMessageContaining(item.message())
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @MethodSource("io.github.dynamokc.testing.RefusedItem#inEachForm")
  void aSkippedLineIsReportedAndTheNextIsLoaded(ItemForm form, RefusedItem item) throws Exception {
    SnapshotFixture snapshot = snapshot(form, line("1", item.attributes()));
    snapshot.toleratesErrors = true;

    List<SourceRecord> records = snapshot.load(0);

    assertThat(records)
        .extracting(SourceRecord::topic)
        .containsExactly("orders", "orders-status", "orders", "orders-status");
    assertThat(records.get(1).value().toString())
        .contains("ITEM_SKIPPED", "line 2, is not an item", item.message())
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @EnumSource(ItemForm.class)
  void twoKeysThatAreNoTextAreNotOne(ItemForm form) throws Exception {
    for (String key : List.of("\uF7FF", "\uF7FE")) {
      SnapshotFixture snapshot = snapshot(form, line(key, "\"a\":{\"S\":\"x\"}"));

      assertThatThrownBy(() -> snapshot.load(0))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("line 2, is not an item: a string that is not UTF-8");
    }
  }

  private static String line(String key, String attributes) {
    return "{\"Item\":{\"PK\":{\"S\":\"%s\"},\"SK\":{\"N\":\"1\"},%s}}".formatted(key, attributes);
  }

  /** A good line, the one to be refused, and a good one. */
  private static SnapshotFixture snapshot(ItemForm form, String line) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (String each : List.of(SnapshotFixture.line(0), line, SnapshotFixture.line(2))) {
        gzip.write(RefusedItem.bytes(each + "\n"));
      }
    }
    return new SnapshotFixture().form(form.config()).object(KEY, bytes.toByteArray(), 3);
  }
}
