package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.SnapshotTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.S3Fault;
import io.github.dynamokc.testing.aws.S3Front;
import io.github.dynamokc.testing.kafka.RestException;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A connector's offsets in Connect's REST API: what a user reads there, what is refused and what is
 * taken, and that the work is done again, as far as the offsets are taken away and no farther.
 */
class OffsetsOverRestIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final JsonMapper JSON = new JsonMapper();

  private final S3Front s3 = new S3Front(EndToEnd.aws().s3Endpoint());
  private final StepWriter steps = new StepWriter();

  @AfterEach
  void noMoreHooks() {
    EndToEnd.aws().front().clearHooks();
    s3.close();
  }

  @Test
  void offsetsAreReadableAndTheirDeletionCopiesTheTableAnew() {
    SnapshotTable table = SnapshotTable.create("offsets-reset");
    for (int item = 0; item < 20; item++) {
      put(table, "stays" + item, 1);
    }
    put(table, "goes", 1);
    Map<String, String> config = table.config(s3);
    config.put("snapshot.mode", "initial");
    TableModel model = new TableModel(table.name(), "pk");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitStreaming(table.name());
      put(table, "stays1", 2);
      EndToEnd.aws().tables().rollOver(table.name());
      put(table, "stays2", 2);
      model.awaitTopicEqualsTable(PATIENCE);
      connector.awaitStatusRecord("EXPORT_LOADED", table.name());
      connector.awaitOffsets("know two shards", offsets -> ofKind(offsets, "shard").size() == 2);
      connector.stop();
      assertReadable(table, connector.offsets());

      EndToEnd.worker().rest().resetOffsets(table.name());
      assertThat(connector.offsets()).isEmpty();
      EndToEnd.aws().tables().delete(table.name(), key("goes"));
      put(table, "comes", 1);
      config.put("topic.format", "again.${table}");
      connector.configure(config);
      connector.resume();

      List<TopicRecord> again = model.awaitTopicEqualsTable("again." + table.name(), PATIENCE);
      assertThat(table.exports()).as("within 8 hours the same snapshot.id is the same").isOne();
      assertThat(again).filteredOn(OffsetsOverRestIT::isExported).hasSize(21);

      connector.stop();
      EndToEnd.worker().rest().resetOffsets(table.name());
      config.put("topic.format", "anew.${table}");
      config.put("snapshot.id", "another");
      connector.configure(config);
      connector.resume();

      List<TopicRecord> anew = model.awaitTopicEqualsTable("anew." + table.name(), PATIENCE);
      assertThat(table.exports()).isEqualTo(2);
      assertThat(anew)
          .filteredOn(OffsetsOverRestIT::isExported)
          .extracting(TopicRecord::key)
          .hasSize(21)
          .contains(kafkaKey("comes"))
          .doesNotContain(kafkaKey("goes"));
    }
  }

  /** As documented: keys with names, one offset a partition, all in plain words and numbers. */
  private static void assertReadable(SnapshotTable table, Map<JsonNode, JsonNode> offsets) {
    assertThat(ofKind(offsets, "table"))
        .singleElement()
        .satisfies(
            offset -> {
              assertThat(fields(offset.getKey())).containsOnlyKeys("kind", "table");
              assertThat(fields(offset.getValue()))
                  .containsEntry("phase", "EXPORT_LOADED")
                  .containsEntry("tableArn", table.arn())
                  .containsKeys("tableId", "streamArn", "exportArn", "exportTime", "snapshotId");
            });
    assertThat(ofKind(offsets, "file"))
        .isNotEmpty()
        .allSatisfy(
            offset -> {
              assertThat(fields(offset.getKey()))
                  .containsOnlyKeys("kind", "table", "export", "file")
                  .hasEntrySatisfying("export", arn -> assertThat(arn).startsWith(table.arn()))
                  .hasEntrySatisfying("file", file -> assertThat(file).endsWith(".json.gz"));
              assertThat(fields(offset.getValue()))
                  .containsOnlyKeys("items", "done")
                  .containsEntry("done", "true");
            });
    assertThat(ofKind(offsets, "shard"))
        .allSatisfy(
            offset -> {
              assertThat(fields(offset.getKey()))
                  .containsOnlyKeys("kind", "table", "stream", "shard")
                  .hasEntrySatisfying("stream", arn -> assertThat(arn).startsWith(table.arn()))
                  .hasEntrySatisfying("shard", id -> assertThat(id).startsWith("shardId-"));
              assertThat(fields(offset.getValue())).containsKeys("sequence", "version");
            });
    assertThat(offsets.keySet())
        .allMatch(
            partition ->
                partition.path("kind").asText().equals("plan")
                    || partition.path("table").asText().equals(table.name()));
  }

  @Test
  @Tag("core")
  void aBadOffsetIsRefusedWithAReasonAndAGoodOneRewindsItsShard() {
    ScriptedTable table = ScriptedTable.create("offsets-by-hand", string("pk"));
    String first = steps.write(table.stream(), table.shard(), "a", 1);
    String last = steps.write(table.stream(), table.shard(), "a", 2);
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitOffset(
          "shard", table.shard(), offset -> offset.path("sequence").asText().equals(last));
      connector.stop();

      assertShardRefused(table, table.name(), "12x", "of digits only");
      assertShardRefused(table, "another", first, "is of the table 'another'");
      assertThat(connector.offset("shard", table.shard()).path("sequence").asText())
          .as("nothing was changed")
          .isEqualTo(last);
      ObjectNode nothing = shardOffset(table, "another", null);
      EndToEnd.worker().rest().alterOffsets(table.name(), only(nothing));
      EndToEnd.worker()
          .rest()
          .alterOffsets(table.name(), only(shardOffset(table, table.name(), first)));
      connector.resume();
      List<Integer> twice =
          Steps.byKey(connector.awaitRecords(table.name(), records -> records.size() == 5))
              .get("{\"pk\":\"a\"}");

      assertThat(twice).containsExactly(1, 2, 3, 2, 3);
    }
  }

  /** As the failure says it, with what it says. */
  @Test
  @Tag("core")
  void aChildlessShardIsSkippedAndItsLateChildIsRead() throws Exception {
    ScriptedTable table = ScriptedTable.create("offsets-skip", string("pk"));
    String other = table.stream().addShard();
    steps.write(table.stream(), table.shard(), "a", 2);
    steps.write(table.stream(), other, "b", 1);
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("stall.timeout.ms", "10000");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitRecords(table.name(), steps::endIsIn);
      table.stream().visibility().holdNewShards();
      String child = table.stream().rollOver(table.shard());
      String failure = connector.awaitFailure();
      assertThat(failure).contains("Shard " + table.shard()).contains("no child of it");
      JsonNode request = JSON.readTree(failure.substring(failure.indexOf("{\"offsets\"")));
      connector.stop();
      ObjectNode wrong = request.deepCopy();
      ((ObjectNode) wrong.path("offsets").path(0).path("offset")).remove("readUpTo");
      assertThatExceptionOfType(RestException.class)
          .isThrownBy(() -> EndToEnd.worker().rest().alterOffsets(table.name(), wrong))
          .withMessageContaining("has no 'readUpTo'");

      EndToEnd.worker().rest().alterOffsets(table.name(), request);
      steps.write(table.stream(), other, "b", 2);
      connector.resume();
      connector.awaitStatusRecord("DATA_LOSS", table.name());
      connector.awaitRecords(table.name(), steps::endIsIn);
      connector.awaitOffset("shard", table.shard(), offset -> offset.has("skippedAt"));
      connector.stop();
      connector.resume();
      connector.awaitStreaming(table.name());
      steps.write(table.stream(), child, "a", 2);
      table.stream().visibility().releaseNewShards();
      List<TopicRecord> records = connector.awaitRecords(table.name(), steps::endIsIn);

      assertThat(Steps.byKey(records)).as("each once and in order").isEqualTo(steps.written());
      assertThat(connector.statusRecords("DATA_LOSS"))
          .singleElement()
          .satisfies(
              loss -> {
                assertThat(loss.path("shard").asText()).isEqualTo(table.shard());
                assertThat(loss.path("reason").asText()).contains("was read to its end");
                assertThat(loss.path("to").asLong()).isGreaterThan(loss.path("from").asLong());
              });
    }
  }

  private static void assertShardRefused(
      ScriptedTable table, String named, String sequence, String reason) {
    assertThatExceptionOfType(RestException.class)
        .isThrownBy(
            () ->
                EndToEnd.worker()
                    .rest()
                    .alterOffsets(table.name(), only(shardOffset(table, named, sequence))))
        .withMessageContaining(reason);
  }

  private static ObjectNode only(ObjectNode pair) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putArray("offsets").add(pair);
    return body;
  }

  /** An offset for the table's shard; no sequence number takes it away. */
  private static ObjectNode shardOffset(
      ScriptedTable table, String named, @Nullable String sequence) {
    ObjectNode offset = JsonNodeFactory.instance.objectNode();
    offset
        .putObject("partition")
        .put("table", named)
        .put("kind", "shard")
        .put("stream", table.stream().arn())
        .put("shard", table.shard());
    if (sequence == null) {
      offset.putNull("offset");
    } else {
      offset.putObject("offset").put("sequence", sequence).put("version", 1);
    }
    return offset;
  }

  @Test
  @Tag("full")
  void onlyADataFileThatIsSetBackIsRedelivered() {
    SnapshotTable table = SnapshotTable.create("offsets-file", 10, 11, 12, 2_000);
    CountDownLatch released = new CountDownLatch(1);
    try (TestConnector connector =
        TestConnector.start(table.name(), heldAtTheLast(released, table))) {
      connector.awaitOffsets("load three files", offsets -> loaded(offsets).size() == 3);
      connector.stop();
      Map<Long, JsonNode> files = loaded(connector.offsets());

      assertRefused(table, files.get(10L), JSON.createObjectNode().put("items", "4"), "'items'");
      assertRefused(table, files.get(10L), JSON.createObjectNode().put("items", -1), "'items'");
      assertThat(loaded(connector.offsets())).as("nothing was changed").isEqualTo(files);
      ArrayNode pairs = JSON.createArrayNode();
      pair(pairs, files.get(10L), JSON.createObjectNode().put("items", 4).put("done", false));
      pair(pairs, files.get(11L), JsonNodeFactory.instance.nullNode());
      pair(pairs, JSON.createObjectNode().put("left", "over"), JsonNodeFactory.instance.nullNode());
      EndToEnd.worker()
          .rest()
          .alterOffsets(table.name(), JSON.createObjectNode().set("offsets", pairs));
      assertThat(loaded(connector.offsets())).containsOnlyKeys(12L);
      Set<TopicRecord> before = new HashSet<>(TestConnector.records(table.name()));
      s3.clearHooks();
      released.countDown();
      connector.resume();
      connector.awaitStatusRecord("EXPORT_LOADED", table.name());

      List<TopicRecord> after =
          TestConnector.records(table.name()).stream().filter(r -> !before.contains(r)).toList();
      assertThat(after)
          .extracting(TopicRecord::key)
          .filteredOn(SnapshotTable.keys(0, 33)::contains)
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(SnapshotTable.keys(4, 10), SnapshotTable.keys(10, 21))
                  .flatMap(Collection::stream)
                  .toList());
      assertThat(TestConnector.records(table.name()).stream().map(TopicRecord::key).distinct())
          .hasSize(2_033);
    }
  }

  /** The file that is not loaded keeps the snapshot going, and so the offsets of files in use. */
  private Map<String, String> heldAtTheLast(CountDownLatch released, SnapshotTable table) {
    Map<String, String> config = table.config(s3);
    config.put("export.file.concurrency", "4");
    s3.failAll(key -> key.contains("/data/"), new S3Fault.Hold(5_000, released));
    return config;
  }

  private static void assertRefused(
      SnapshotTable table, JsonNode partition, JsonNode offset, String reason) {
    ArrayNode pairs = JSON.createArrayNode();
    pair(pairs, partition, offset);
    assertThatExceptionOfType(RestException.class)
        .isThrownBy(
            () ->
                EndToEnd.worker()
                    .rest()
                    .alterOffsets(table.name(), JSON.createObjectNode().set("offsets", pairs)))
        .withMessageContaining(reason);
  }

  private static void pair(ArrayNode pairs, JsonNode partition, JsonNode offset) {
    ObjectNode pair = pairs.addObject();
    pair.set("partition", partition);
    pair.set("offset", offset);
  }

  /** The partitions of the data files that are done, by how many items they have. */
  private static Map<Long, JsonNode> loaded(Map<JsonNode, JsonNode> offsets) {
    return ofKind(offsets, "file").stream()
        .filter(offset -> offset.getValue().path("done").asBoolean())
        .collect(
            Collectors.toMap(
                offset -> offset.getValue().path("items").asLong(), Map.Entry::getKey));
  }

  private static List<Map.Entry<JsonNode, JsonNode>> ofKind(
      Map<JsonNode, JsonNode> offsets, String kind) {
    return offsets.entrySet().stream()
        .filter(offset -> offset.getKey().path("kind").asText().equals(kind))
        .toList();
  }

  private static Map<String, String> fields(JsonNode object) {
    Map<String, String> fields = new TreeMap<>();
    object.properties().forEach(field -> fields.put(field.getKey(), field.getValue().asText()));
    return fields;
  }

  private static boolean isExported(TopicRecord record) {
    return record.header("dynamodb_event_name") == null;
  }

  private static String kafkaKey(String pk) {
    return "{\"pk\":\"" + pk + "\"}";
  }

  private static Map<String, AttributeValue> key(String pk) {
    return Map.of("pk", AttributeValue.fromS(pk));
  }

  private static void put(SnapshotTable table, String pk, int n) {
    EndToEnd.aws()
        .tables()
        .put(
            table.name(),
            Map.of("pk", AttributeValue.fromS(pk), "n", AttributeValue.fromN(Integer.toString(n))));
  }
}
