package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.binary;
import static io.github.dynamokc.testing.aws.KeyAttribute.number;
import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;

/**
 * Topic, key, timestamp and the complete set of headers of changes, held against what the SDK reads
 * from the same stream.
 */
class RecordsIT {
  private static final JsonMapper JSON = new JsonMapper();

  /** A table, the key of its one item, and the texts that its key must have. */
  private record Case(
      String table,
      Map<String, AttributeValue> key,
      String jsonKey,
      String partition,
      @Nullable String sort) {

    String primaryKey() {
      return sort == null ? partition : partition + "|" + sort;
    }
  }

  @Test
  void aChangeHasExactlyTheHeadersOfItsStreamRecord() {
    List<Case> cases = createChangedTables();
    String[] tables = cases.stream().map(Case::table).toArray(String[]::new);
    Map<String, String> ofNewImages = fromTrimHorizon(tables);
    ofNewImages.put("topic.format", "new.${table}");
    Map<String, String> ofOldImages = fromTrimHorizon(tables);
    ofOldImages.put("topic.format", "old.${table}");
    ofOldImages.put("stream.view.on.remove", "OLD_IMAGE");
    ofOldImages.put("key.format", "primary_key");
    try (TestConnector newImages = TestConnector.start("headers-new", ofNewImages);
        TestConnector oldImages = TestConnector.start("headers-old", ofOldImages)) {
      for (Case changed : cases) {
        List<Map<String, String>> expected = expectedHeaders(changed);
        List<TopicRecord> fromNew = newImages.awaitRecords("new." + changed.table(), 3);
        List<TopicRecord> fromOld = oldImages.awaitRecords("old." + changed.table(), 3);

        assertThat(fromNew).extracting(TopicRecord::headers).isEqualTo(expected);
        assertThat(fromOld).extracting(TopicRecord::headers).isEqualTo(expected);
        assertThat(fromNew).extracting(TopicRecord::key).containsOnly(changed.jsonKey());
        assertThat(fromOld).extracting(TopicRecord::key).containsOnly(changed.primaryKey());
        assertThat(fromNew)
            .extracting(record -> Long.toString(record.timestamp()))
            .isEqualTo(expected.stream().map(h -> h.get("dynamodb_timestamp")).toList());
        assertThat(numbers(fromNew)).containsExactly("1", "2", "");
        assertThat(fromNew.get(2).value()).isEqualTo("{}");
        assertThat(numbers(fromOld)).containsExactly("1", "2", "2");
      }
    }
  }

  private static List<Case> createChangedTables() {
    AttributeValue bytes = AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, -1}));
    List<Case> cases =
        List.of(
            new Case(
                "headers-text-binary",
                Map.of("pk", AttributeValue.fromS("\"é|😀"), "sk", bytes),
                "{\"pk\":\"\\\"é|😀\",\"sk\":\"AP8=\"}",
                "\"é|😀",
                "AP8="),
            new Case(
                "headers-number",
                Map.of("pk", AttributeValue.fromN("-12.50")),
                "{\"pk\":-12.5}",
                "-12.5",
                null),
            new Case(
                "headers-binary-number",
                Map.of("pk", bytes, "sk", AttributeValue.fromN("1E+3")),
                "{\"pk\":\"AP8=\",\"sk\":1000}",
                "AP8=",
                "1000"));
    EndToEnd.aws().tables().create("headers-text-binary", string("pk"), binary("sk"));
    EndToEnd.aws().tables().create("headers-number", number("pk"));
    EndToEnd.aws().tables().create("headers-binary-number", binary("pk"), number("sk"));
    for (Case changed : cases) {
      for (int n = 1; n <= 2; n++) {
        Map<String, AttributeValue> item = new HashMap<>(changed.key());
        item.put("n", AttributeValue.fromN(Integer.toString(n)));
        EndToEnd.aws().tables().put(changed.table(), item);
      }
      EndToEnd.aws().tables().delete(changed.table(), changed.key());
    }
    return cases;
  }

  private static Map<String, String> fromTrimHorizon(String... tables) {
    Map<String, String> config = EndToEnd.config(1, tables);
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("topic.creation.default.partitions", "1");
    return config;
  }

  /** From the stream as the SDK reads it; the version grows along the lineage. */
  private static List<Map<String, String>> expectedHeaders(Case changed) {
    List<Map<String, String>> expected = new ArrayList<>();
    String stream = EndToEnd.aws().tables().describe(changed.table()).latestStreamArn();
    long version = 0;
    for (Shard shard :
        EndToEnd.aws()
            .streams()
            .describeStream(r -> r.streamArn(stream))
            .streamDescription()
            .shards()) {
      for (Record record : records(stream, shard.shardId())) {
        Instant created = record.dynamodb().approximateCreationDateTime();
        version = Math.max(created.getEpochSecond() * 1_000_000, version + 1);
        Map<String, String> headers =
            map(
                "table_name", changed.table(),
                "partition_key", changed.partition(),
                "primary_key", changed.primaryKey(),
                "dynamodb_timestamp", Long.toString(created.toEpochMilli()),
                "document_version", Long.toString(version),
                "opensearch_action",
                    record.eventNameAsString().equals("REMOVE") ? "delete" : "index",
                "dynamodb_event_name", record.eventNameAsString(),
                "ttl_delete", "false",
                "dynamodb_event_id", record.eventID(),
                "dynamodb_sequence_number", record.dynamodb().sequenceNumber(),
                "dynamodb_shard_id", shard.shardId());
        if (changed.sort() != null) {
          headers.put("sort_key", changed.sort());
        }
        expected.add(headers);
      }
    }
    assertThat(expected)
        .extracting(headers -> headers.get("dynamodb_event_name"))
        .containsExactly("INSERT", "MODIFY", "REMOVE");
    return expected;
  }

  private static List<Record> records(String stream, String shard) {
    String iterator =
        EndToEnd.aws()
            .streams()
            .getShardIterator(
                r ->
                    r.streamArn(stream)
                        .shardId(shard)
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
            .shardIterator();
    return EndToEnd.aws().streams().getRecords(r -> r.shardIterator(iterator)).records();
  }

  private static List<String> numbers(List<TopicRecord> records) {
    return records.stream().map(RecordsIT::n).toList();
  }

  private static String n(TopicRecord record) {
    try {
      return JSON.readTree(record.value()).path("n").asText();
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + record, e);
    }
  }

  private static Map<String, String> map(@Nullable String... namesAndValues) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }
}
