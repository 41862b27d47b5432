package io.github.dynamokc.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.NetChange;
import io.github.dynamokc.event.NetChangeReader;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.event.UserIdentity;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import io.github.dynamokc.testing.Plain;
import io.github.dynamokc.testing.RecordForms;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.connect.header.Header;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole records, byte for byte, against files: {@code golden/<name>.json} is an exported item, a
 * change as the stream tells it, or a line of an incremental export, {@code golden/<name>.record}
 * what a consumer gets. A change of the output is a change for every consumer, and shows as a
 * difference of these files.
 */
class GoldenRecordTest {
  @ParameterizedTest
  @CsvSource({
    "item-of-every-type, item-of-every-type, ",
    "item-of-every-type, item-as-dynamodb-json, value.format=dynamodb_json",
    "item-of-every-type, item-in-envelope, value.layout=envelope",
    "item-of-every-type, item-as-columns, value.format=struct key.format=struct",
    "item-of-every-type, item-as-attributes, value.format=struct struct.schema=attributes",
    "item-with-odd-strings, item-with-odd-strings, ",
    "item-with-odd-strings, item-with-odd-strings-in-envelope, value.layout=envelope value.format=dynamodb_json",
    "item-with-number-keys, item-with-number-keys, key.format=primary_key",
    "item-with-number-keys, item-with-number-keys-as-struct, key.format=struct headers.prefix=ddb.",
    "change-insert, change-insert, ",
    "change-insert, change-insert-in-envelope, value.layout=envelope",
    "change-modify, change-modify, key.format=primary_key stream.view.on.remove=OLD_IMAGE",
    "change-modify, change-modify-in-envelope, value.layout=envelope",
    "change-modify, change-modify-in-struct-envelope, value.layout=envelope value.format=struct key.format=struct",
    "change-remove, change-remove, ",
    "change-remove, change-remove-as-struct, value.format=struct",
    "change-remove, change-remove-in-envelope, value.layout=envelope delete.mode=document_and_tombstone",
    "change-remove, change-remove-as-tombstone, delete.mode=tombstone",
    "change-remove-old-image, change-remove-old-image, stream.view.on.remove=OLD_IMAGE",
    "change-remove-old-image, change-remove-old-image-in-envelope, value.layout=envelope",
    "line-insert, line-insert, ",
    "line-modify, line-modify-in-envelope, value.layout=envelope",
    "line-modify, line-modify-in-struct-envelope, value.layout=envelope value.format=struct key.format=struct",
    "line-remove, line-remove, stream.view.on.remove=OLD_IMAGE",
    "line-remove, line-remove-in-envelope, value.layout=envelope delete.mode=document_and_tombstone",
  })
  void theRecordIsTheGoldenOne(String input, String golden, String keys) throws IOException {
    TableRecords table =
        RecordForms.table(
            "orders",
            "orders-topic",
            "PK",
            "SK",
            keys == null ? new String[0] : keys.split("[= ]", -1));
    String json = read(input + ".json");
    List<TrackedRecord> records =
        input.startsWith("item-")
            ? List.of(TestRecords.item(table, json))
            : input.startsWith("line-")
                ? TestRecords.netChanges(table, line(json))
                : TestRecords.changes(table, change(json));
    String shown =
        records.stream().map(GoldenRecordTest::shown).collect(Collectors.joining("---\n"));
    if (Boolean.getBoolean("rewriteGolden")) {
      Files.writeString(Path.of("src/test/resources/golden", golden + ".record"), shown);
    }
    assertThat(shown).isEqualTo(read(golden + ".record"));
  }

  private static String shown(TrackedRecord record) {
    StringBuilder shown = new StringBuilder();
    line(shown, "topic", record.topic());
    line(shown, "timestamp", record.timestamp());
    line(shown, "key", Plain.of(record.key()));
    line(shown, "value", Plain.of(record.value()));
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

  /** A line of an incremental export. */
  private static NetChange line(String json) {
    return new NetChangeReader().read(new JsonCursor().reset(Slice.of(json)));
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
