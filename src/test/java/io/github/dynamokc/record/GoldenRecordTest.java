package io.github.dynamokc.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.KeyFormat;
import io.github.dynamokc.config.RemoveView;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.JsonCursor;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.event.Slice;
import io.github.dynamokc.event.UserIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.header.Header;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole records, byte for byte, against files: {@code golden/<name>.json} is an exported item or a
 * change as the stream tells it, {@code golden/<name>.record} what a consumer gets. A change of the
 * output is a change for every consumer, and shows as a difference of these files.
 */
class GoldenRecordTest {
  @ParameterizedTest
  @CsvSource({
    "item-of-every-type, JSON, NEW_IMAGE",
    "item-with-odd-strings, JSON, NEW_IMAGE",
    "item-with-number-keys, PRIMARY_KEY, NEW_IMAGE",
    "change-insert, JSON, NEW_IMAGE",
    "change-modify, PRIMARY_KEY, OLD_IMAGE",
    "change-remove, JSON, NEW_IMAGE",
    "change-remove-old-image, JSON, OLD_IMAGE",
  })
  void theRecordIsTheGoldenOne(String name, KeyFormat format, RemoveView view) throws IOException {
    TableRecords table = TestRecords.table("SK", format, view);
    String input = read(name + ".json");
    TrackedRecord record =
        name.startsWith("item-")
            ? TestRecords.item(table, input)
            : TestRecords.change(table, change(input));
    assertThat(shown(record)).isEqualTo(read(name + ".record"));
  }

  private static String shown(TrackedRecord record) {
    StringBuilder shown = new StringBuilder();
    line(shown, "topic", record.topic());
    line(shown, "timestamp", record.timestamp());
    line(shown, "key", record.key());
    line(shown, "value", record.value());
    Map<String, String> headers = new TreeMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), header.schema().type() + " " + header.value());
    }
    headers.forEach((name, value) -> line(shown, "header " + name, value));
    line(shown, "partition", new TreeMap<String, Object>(record.sourcePartition()));
    line(shown, "offset", new TreeMap<String, Object>(record.sourceOffset()));
    return shown.toString();
  }

  private static void line(StringBuilder shown, String name, Object value) {
    shown.append(name).append(": ").append(value).append('\n');
  }

  /** A record of GetRecords, its images left as the bytes they are. */
  private static ItemChange change(String json) {
    Map<String, Slice> members = members(Slice.of(json));
    Map<String, Slice> dynamodb = members(members.get("dynamodb"));
    Slice user = members.get("userIdentity");
    return new ItemChange(
        text(members.get("eventID")),
        Operation.valueOf(text(members.get("eventName"))),
        text(dynamodb.get("SequenceNumber")),
        Long.parseLong(dynamodb.get("ApproximateCreationDateTime").text()) * 1000,
        dynamodb.get("Keys"),
        dynamodb.get("NewImage"),
        dynamodb.get("OldImage"),
        user == null
            ? null
            : new UserIdentity(
                text(members(user).get("PrincipalId")), text(members(user).get("Type"))));
  }

  private static Map<String, Slice> members(Slice object) {
    Map<String, Slice> members = new HashMap<>();
    JsonCursor cursor = new JsonCursor().reset(object);
    cursor.expect('{');
    do {
      String name = cursor.readText();
      cursor.expect(':');
      cursor.skipValue();
      members.put(name, new Slice(cursor.array(), cursor.tokenFrom(), cursor.tokenTo()));
    } while (cursor.consume(','));
    cursor.expect('}');
    cursor.expectEnd();
    return members;
  }

  private static String text(Slice string) {
    return new JsonCursor().reset(string).readText();
  }

  private static String read(String name) throws IOException {
    try (InputStream in = GoldenRecordTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
