package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.item.DynamoDbJson;
import io.github.dynamokc.item.ObviousTranscoder;
import io.github.dynamokc.item.ObviousTranscoder.Member;
import io.github.dynamokc.item.ObviousTranscoder.Members;
import io.github.dynamokc.json.JsonStrings;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.testing.RecordForms;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.connect.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The whole way from the bytes of a data file to records against the obvious one: all text at once,
 * split into lines, each parsed by Jackson. Both must give the same records, and refuse the same
 * lines.
 */
class DataFileItemsAgainstJacksonTest {
  private static final long EXPORT_TIME = 1_700_020_441_123L;
  private static final long VERSION = 1_700_020_141_123_000L;
  private static final SourcePartition.OfFile FILE =
      new SourcePartition.OfFile("orders", "arn:export", "data/1.json.gz");

  /** What a consumer can tell of a record; null for a line that is refused. */
  private record Seen(
      Object value, Object key, Map<String, Object> headers, Map<String, ?> partition, Object at) {}

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void recordsEqualThoseOfTheObviousWay(@ForAll("files") String text, @ForAll int cut)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<Seen> records = fast(gzip(bytes, cut));
    assertThat(records).isEqualTo(slow(text)).doesNotContainNull();
  }

  @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
  void theEndOfTheBufferMayBeAnywhere(
      @ForAll("files") String text, @ForAll @IntRange(max = 3_000) int before) throws IOException {
    String filling =
        "{\"Item\":{\"PK\":{\"S\":\"p\"},\"SK\":{\"S\":\"s\"},\"A\":{\"S\":\"%s\"}}}\n";
    String whole = filling.formatted("x".repeat(256 * 1024 - before)) + text;
    assertThat(fast(gzip(whole.getBytes(StandardCharsets.UTF_8), 1_000))).isEqualTo(slow(whole));
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void refusedLinesAreThoseOfTheObviousWay(
      @ForAll("files") String text,
      @ForAll @IntRange(max = 2) int damage,
      @ForAll int place,
      @ForAll @ByteRange(min = Byte.MIN_VALUE) byte wrong)
      throws IOException {
    byte[] bytes = damaged(text.getBytes(StandardCharsets.UTF_8), damage, place, wrong);
    String damaged = new String(bytes, StandardCharsets.UTF_8);
    assertThat(fast(gzip(bytes, place))).as(damaged).isEqualTo(slow(bytes));
  }

  @Provide
  Arbitrary<String> files() {
    Arbitrary<String> ends = Arbitraries.of("\n", "\n", "\r\n", "\n \n", "\r\n\t\r\n\n");
    Arbitrary<String> lines = Combinators.combine(lines(), ends).as((line, end) -> line + end);
    return lines.list().ofMinSize(1).ofMaxSize(4).map(all -> String.join("", all));
  }

  private static Arbitrary<String> lines() {
    Arbitrary<String> keys =
        Arbitraries.oneOf(
            JsonStrings.quoted().map(text -> "{\"S\":" + text + "}"),
            DynamoDbJson.numbers().map(number -> "{\"N\": \"" + number + "\"}"),
            Arbitraries.of("{\"B\":\"MDAwMA==\"}", "{\"B\":\"\\/\\/79\"}", "{ \"B\":\"\"}"));
    Arbitrary<String> partitionKeys =
        Combinators.combine(Arbitraries.of("\"PK\":", "\"P\\u004B\" :"), keys).as(String::concat);
    Arbitrary<String> before = Arbitraries.of("", "", "\"v\":[1,{\"a\":\"}\"}],");
    return Combinators.combine(before, partitionKeys, DynamoDbJson.items(2), keys)
        .as(
            (other, partition, attributes, sort) -> {
              String some = attributes.substring(1, attributes.length() - 1);
              return "{%s\"Item\":{%s,%s%s\"SK\":%s}}"
                  .formatted(other, partition, some, some.isEmpty() ? "" : ",", sort);
            });
  }

  private static List<@Nullable Seen> fast(byte[] gzip) throws IOException {
    DataFileItems items =
        new DataFileItems(
            DataFileText.whole(new ByteArrayInputStream(gzip)),
            RecordForms.table("orders", "topic", "PK", "SK")
                .ofFile(FILE, EXPORT_TIME, VERSION, DeliveryCallback.NO_OP),
            false);
    List<@Nullable Seen> records = new ArrayList<>();
    while (items.next()) {
      try {
        records.add(seen(items.record()));
      } catch (MalformedJsonException e) {
        records.add(null);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    return records;
  }

  private static Seen seen(TrackedRecord record) throws IOException {
    assertThat(record.topic()).isEqualTo("topic");
    assertThat(record.timestamp()).isEqualTo(EXPORT_TIME);
    Map<String, Object> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), header.value());
    }
    return new Seen(
        ObviousTranscoder.parse((String) record.value()),
        ObviousTranscoder.parse((String) record.key()),
        headers,
        record.sourcePartition(),
        record.sourceOffset());
  }

  private static List<@Nullable Seen> slow(String text) {
    return slow(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<@Nullable Seen> slow(byte[] text) {
    List<@Nullable Seen> records = new ArrayList<>();
    for (String line : new String(text, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      if (!line.replaceAll("[ \t\r]", "").isEmpty()) {
        records.add(slow(line.getBytes(StandardCharsets.ISO_8859_1), records.size() + 1));
      }
    }
    return records;
  }

  private static @Nullable Seen slow(byte[] line, long number) {
    try {
      Object item = ObviousTranscoder.member(ObviousTranscoder.parse(line), "Item");
      Members plain = ObviousTranscoder.plainItem(item);
      Member partition = ObviousTranscoder.key(item, "PK");
      Member sort = ObviousTranscoder.key(item, "SK");
      Map<String, Object> headers = new LinkedHashMap<>();
      headers.put("table_name", "orders");
      headers.put("partition_key", partition.value());
      headers.put("sort_key", sort.value());
      headers.put("primary_key", partition.value() + "|" + sort.value());
      headers.put("dynamodb_timestamp", EXPORT_TIME);
      headers.put("document_version", VERSION);
      headers.put("opensearch_action", "index");
      headers.put("dynamodb_event_name", null);
      headers.put("ttl_delete", false);
      return new Seen(
          plain,
          new Members(List.of(inKey("PK", partition), inKey("SK", sort))),
          headers,
          FILE.toConnect(),
          Map.of("items", number));
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static Member inKey(String name, Member key) {
    String text = (String) key.value();
    return new Member(name, key.name().equals("N") ? new ObviousTranscoder.Spelled(text) : text);
  }

  /** Two members, as a file may have any number of them. */
  private static byte[] gzip(byte[] text, int cut) throws IOException {
    int middle = Math.floorMod(cut, text.length + 1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part :
        List.of(Arrays.copyOf(text, middle), Arrays.copyOfRange(text, middle, text.length))) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
        gzip.write(part);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] damaged(byte[] bytes, int damage, int place, byte wrong) {
    int at = Math.floorMod(place, bytes.length);
    ByteArrayOutputStream damaged = new ByteArrayOutputStream();
    damaged.write(bytes, 0, at);
    if (damage > 0) {
      damaged.write(wrong);
    }
    if (damage < 2) {
      at++;
    }
    damaged.write(bytes, at, bytes.length - at);
    return damaged.toByteArray();
  }
}
