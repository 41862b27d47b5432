package io.github.dynamokc.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.NetChange;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.item.SampleItems;
import io.github.dynamokc.json.Slice;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.testing.Plain;
import io.github.dynamokc.testing.RecordForms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The records of a net change are those of a change of a shard with the same images, but for what a
 * line of an incremental export does not tell.
 */
class NetChangeRecordConverterTest {
  private static final ObjectMapper TREES = new ObjectMapper();
  private static final String KEYS = "{\"PK\":{\"S\":\"pk\"},\"SK\":{\"S\":\"sk\"}}";
  private static final long NUMBER = 7;

  /** What a change of a shard has, and one of a line has not. */
  private static final Set<String> OF_SHARD =
      Set.of("dynamodb_event_id", "dynamodb_sequence_number", "dynamodb_shard_id");

  private static List<TrackedRecord> records(TableRecords table, NetChange change) {
    return TestRecords.netChanges(table, change);
  }

  private static TableRecords table(String... keys) {
    return RecordForms.table("orders", "orders-topic", "PK", "SK", keys);
  }

  private static NetChange net(ItemChange change) {
    return new NetChange(
        change.operation(),
        change.createdAtMs(),
        change.keys(),
        change.newImage(),
        change.oldImage());
  }

  private static NetChange net(
      Operation operation, @Nullable String newImage, @Nullable String oldImage) {
    return net(TestRecords.change(operation, KEYS, newImage, oldImage, null));
  }

  @Test
  void aChangeHasExactlyTheseHeaders() {
    TrackedRecord record = records(table(), net(Operation.INSERT, KEYS, null)).get(0);
    assertThat(record.headers())
        .extracting(Header::key, Header::schema, Header::value)
        .containsExactly(
            tuple("table_name", Schema.STRING_SCHEMA, "orders"),
            tuple("partition_key", Schema.STRING_SCHEMA, "pk"),
            tuple("sort_key", Schema.STRING_SCHEMA, "sk"),
            tuple("primary_key", Schema.STRING_SCHEMA, "pk|sk"),
            tuple("dynamodb_timestamp", Schema.INT64_SCHEMA, TestRecords.CREATED_AT),
            tuple("document_version", Schema.INT64_SCHEMA, TestRecords.VERSION),
            tuple("opensearch_action", Schema.STRING_SCHEMA, "index"),
            tuple("dynamodb_event_name", Schema.STRING_SCHEMA, "INSERT"),
            tuple("ttl_delete", Schema.BOOLEAN_SCHEMA, false));
    assertThat(record.headers().size()).isEqualTo(9);
    assertThat(record.headers().duplicate()).isEqualTo(record.headers());
    assertThat(record.timestamp()).isEqualTo(TestRecords.CREATED_AT);
    assertThat(record.topic()).isEqualTo("orders-topic");
    assertThat(record.delivery()).isSameAs(TestRecords.UNHEARD);
  }

  @ParameterizedTest
  @CsvSource({
    "INSERT, document_and_tombstone, 1",
    "MODIFY, document_and_tombstone, 1",
    "REMOVE, document, 1",
    "REMOVE, tombstone, 1",
    "REMOVE, document_and_tombstone, 2",
  })
  void onlyTheLastRecordHasTheOffsetOfItsLine(Operation operation, String mode, int count) {
    List<TrackedRecord> records = records(table("delete.mode", mode), net(operation, KEYS, KEYS));
    assertThat(records).hasSize(count);
    for (int i = 0; i < count; i++) {
      long items = i == count - 1 ? NUMBER : NUMBER - 1;
      assertThat(records.get(i).sourcePartition()).isEqualTo(TestRecords.FILE.toConnect());
      assertThat(records.get(i).sourceOffset()).isEqualTo(new FileOffset(items, false).toConnect());
    }
    boolean tombstone = operation == Operation.REMOVE && !mode.equals("document");
    assertThat(records.get(count - 1).value() == null).isEqualTo(tombstone);
  }

  @ParameterizedTest
  @CsvSource({"INSERT, c", "MODIFY, u", "REMOVE, d"})
  void anEnvelopeSaysWhatItWasBeforeTheWindow(Operation operation, String op) {
    String before = operation == Operation.INSERT ? null : KEYS;
    String after = operation == Operation.REMOVE ? null : KEYS;
    List<TrackedRecord> records =
        records(table("value.layout", "envelope"), net(operation, after, before));
    assertThat(TestRecords.value(records.get(0)))
        .contains("\"op\":\"" + op + "\"", "\"snapshot\":\"incremental\",\"table\":\"orders\"")
        .contains("\"event_id\":null,\"sequence\":null,\"shard\":null,\"user_identity\":null")
        .contains("\"before\":" + (before == null ? "null" : "{\"PK\":\"pk\""))
        .contains("\"after\":" + (after == null ? "null" : "{\"PK\":\"pk\""));
  }

  @ParameterizedTest
  @CsvSource({
    "c, INSERT, true",
    "c, MODIFY, false",
    "u, MODIFY, true",
    "u, REMOVE, false",
    "d, REMOVE, true",
    "ttl, REMOVE, false",
    "r, INSERT, false",
  })
  void operationsAreSkippedButForTimeToLive(String skipped, Operation operation, boolean expected) {
    TableRecords table = table("skipped.operations", skipped);
    assertThat(table.skips(net(operation, KEYS, KEYS))).isEqualTo(expected);
  }

  /** Each combination of forms, layouts, views and modes, with images of a seed. */
  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void recordsAreThoseOfTheSameChangeOfAShard(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    String[] config = config(random);
    // One table each, so that neither knows columns of the other's.
    TableRecords one = table(config);
    TableRecords other = table(config);
    for (int i = 0; i < 20; i++) {
      ItemChange change = change(random);
      assertSame(records(one, net(change)), TestRecords.changes(other, change), config);
    }
  }

  private static void assertSame(
      List<TrackedRecord> net, List<TrackedRecord> streamed, String... config) {
    assertThat(net).as(String.join(" ", config)).hasSameSizeAs(streamed);
    for (int i = 0; i < net.size(); i++) {
      TrackedRecord record = net.get(i);
      TrackedRecord like = streamed.get(i);
      assertThat(record.topic()).isEqualTo(like.topic());
      assertThat(record.timestamp()).isEqualTo(like.timestamp());
      assertThat(record.keySchema()).isEqualTo(like.keySchema());
      assertThat(record.key()).isEqualTo(like.key());
      assertThat(record.valueSchema()).isEqualTo(like.valueSchema());
      assertThat(withoutSource(record)).isEqualTo(withoutSource(like));
      Map<String, Object> headers = headers(like);
      headers.keySet().removeAll(OF_SHARD);
      assertThat(headers(record)).isEqualTo(headers);
    }
  }

  /** What an envelope has as source names the shard, or the snapshot. */
  private static String withoutSource(TrackedRecord record) {
    return String.valueOf(Plain.of(record.value()))
        .replaceFirst("\"snapshot\":\"[a-z]*\"", "")
        .replaceFirst("snapshot=[a-z]*", "")
        .replaceFirst("\"event_id\":[^,]*,\"sequence\":[^,]*,\"shard\":[^,]*,", "")
        .replaceFirst(", event_id=[^,}]*", "")
        .replaceFirst(", sequence=[^,}]*", "")
        .replaceFirst(", shard=[^,}]*", "");
  }

  private static Map<String, Object> headers(TrackedRecord record) {
    Map<String, Object> headers = new TreeMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), header.schema().type() + " " + header.value());
    }
    return headers;
  }

  private static String[] config(Random random) {
    List<String> config = new ArrayList<>();
    Stream.of(
            new String[] {"value.format", "json", "dynamodb_json", "struct"},
            new String[] {"struct.schema", "columns", "attributes"},
            new String[] {"struct.number.mode", "string"},
            new String[] {"value.layout", "document", "envelope"},
            new String[] {"key.format", "json", "primary_key", "struct"},
            new String[] {"stream.view.on.remove", "NEW_IMAGE", "OLD_IMAGE"},
            new String[] {"delete.mode", "document", "tombstone", "document_and_tombstone"})
        .forEach(
            key -> {
              config.add(key[0]);
              config.add(key[1 + random.nextInt(key.length - 1)]);
            });
    return config.toArray(String[]::new);
  }

  private static ItemChange change(Random random) throws IOException {
    Operation operation = Operation.values()[random.nextInt(3)];
    String image = SampleItems.item(random, "S", "N");
    ObjectNode tree = (ObjectNode) TREES.readTree(image);
    String keys =
        TREES
            .createObjectNode()
            .<ObjectNode>set("PK", tree.get("PK"))
            .set("SK", tree.get("SK"))
            .toString();
    String before = tree.put("was", true).set("was", TREES.readTree("{\"S\":\"x\"}")).toString();
    return new ItemChange(
        "event-1",
        operation,
        "100000000000000000001",
        1_699_336_310_000L + random.nextInt(1_000_000),
        Slice.of(keys),
        operation == Operation.REMOVE ? null : Slice.of(image),
        operation == Operation.INSERT ? null : Slice.of(before),
        null);
  }
}
