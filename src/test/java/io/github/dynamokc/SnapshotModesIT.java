package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.LoggedRequest;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.kafka.RestException;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What each snapshot mode delivers and what it leaves alone, and which configs are refused. */
class SnapshotModesIT {

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  @Tag("full")
  void initialOnlyLoadsTheItemsAndReadsNothingOfTheStream() {
    String table = "modes-initial-only";
    create(table);
    put(table, "exported");
    Map<String, String> config = EndToEnd.config(2, table);
    config.put("snapshot.mode", "initial_only");
    try (TestConnector connector = TestConnector.start(table, config)) {
      connector.awaitStatusRecord("EXPORT_LOADED", table);
      put(table, "afterwards");
      connector.awaitWork(TableWork.Complete.class, table);
      connector.awaitLooksAt(table, 3);

      assertThat(TestConnector.records(table))
          .extracting(TopicRecord::key)
          .containsExactly("{\"pk\":\"exported\"}");
      assertThat(EndToEnd.aws().front().requests())
          .noneMatch(
              request ->
                  request.body().path("StreamArn").asText().contains(":table/" + table + "/"));
      assertThat(connector.status().runs(1)).as(connector.status().describe()).isTrue();
    }
  }

  @Test
  @Tag("full")
  void noDataFromLatestDeliversOnlyChangesAfterTheStart() {
    ScriptedTable used = ScriptedTable.create("modes-latest-used", string("pk"));
    ScriptedTable idle = ScriptedTable.create("modes-latest-idle", string("pk"));
    long longBefore = Instant.now().getEpochSecond() - 120;
    used.append(insert("closed").at(longBefore));
    String open = used.stream().rollOver(used.shard());
    used.stream().append(open, insert("open").at(longBefore));
    try (TestConnector connector =
        TestConnector.start("modes-latest", noData("LATEST", used.name(), idle.name()))) {
      connector.awaitStreaming(used.name(), idle.name());
      used.stream().append(open, insert("after"));
      idle.append(insert("first"));

      assertThat(connector.awaitRecords(used.name(), 1))
          .extracting(TopicRecord::key)
          .containsExactly("{\"pk\":\"after\"}");
      assertThat(connector.awaitRecords(idle.name(), 1))
          .extracting(TopicRecord::key)
          .containsExactly("{\"pk\":\"first\"}");
      used.stream().append(open, insert("later"));
      assertThat(connector.awaitRecords(used.name(), 2))
          .extracting(TopicRecord::key)
          .containsExactlyInAnyOrder("{\"pk\":\"after\"}", "{\"pk\":\"later\"}");
    }
  }

  private static ScriptedChange insert(String pk) {
    String item = "{\"pk\":{\"S\":\"" + pk + "\"}}";
    return ScriptedChange.insert(item, item);
  }

  @Test
  @Tag("full")
  void noDataFromTheTrimHorizonDeliversTheStreamWithoutAnExport() {
    String table = "modes-trim-horizon";
    create(table);
    put(table, "before");
    EndToEnd.aws().tables().rollOver(table);
    put(table, "before in the child");
    Map<String, String> config = noData("TRIM_HORIZON", table);
    config.remove("export.s3.bucket");
    try (TestConnector connector = TestConnector.start(table, config)) {
      connector.awaitStreaming(table);
      put(table, "after");

      assertThat(connector.awaitRecords(table, 3))
          .extracting(TopicRecord::key)
          .containsExactly(
              "{\"pk\":\"before\"}", "{\"pk\":\"before in the child\"}", "{\"pk\":\"after\"}");
      assertThat(EndToEnd.aws().front().requests())
          .filteredOn(request -> request.action().equals("ExportTableToPointInTime"))
          .extracting(LoggedRequest::body)
          .noneMatch(body -> body.path("TableArn").asText().endsWith("/" + table));
    }
  }

  private static Map<String, String> noData(String position, String... tables) {
    Map<String, String> config = EndToEnd.config(2, tables);
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", position);
    config.put("topic.creation.default.partitions", "1");
    return config;
  }

  @Test
  void tablesOfOneConnectorMayHaveModesAndTopicsOfTheirOwn() {
    String[] tables = {"modes.one", "modes.one.more", "modes-three"};
    for (String table : tables) {
      create(table);
      put(table, "before");
    }
    Map<String, String> config = EndToEnd.config(2, tables);
    config.put("topic.format", "all.${table}");
    config.put("table.modes.one.more.snapshot.mode", "no_data");
    config.put("table.modes.one.more.stream.start.slack.ms", "0");
    config.put("table.modes.one.more.stream.start.position", "TRIM_HORIZON");
    config.put("table.modes.one.more.topic.format", "changes.of.${table}");
    config.put("table.modes-three.snapshot.mode", "initial_only");
    config.put("table.modes-three.topic.format", "items-of-three");
    try (TestConnector connector = TestConnector.start("modes-several", config)) {
      connector.awaitStreaming("modes.one", "modes.one.more");
      connector.awaitStatusRecord("EXPORT_LOADED", "modes-three");
      for (String table : tables) {
        put(table, "after");
      }
      List<TopicRecord> one = connector.awaitRecords("all.modes.one", r -> has(r, "after"));
      List<TopicRecord> more =
          connector.awaitRecords("changes.of.modes.one.more", r -> has(r, "after"));

      assertThat(one).extracting(TopicRecord::key).contains("{\"pk\":\"before\"}");
      assertThat(one).anyMatch(record -> record.header("dynamodb_event_name") == null);
      assertThat(more).hasSize(2).allMatch(r -> "INSERT".equals(r.header("dynamodb_event_name")));
      assertThat(TestConnector.records("items-of-three"))
          .extracting(TopicRecord::key)
          .containsExactly("{\"pk\":\"before\"}");
      assertThat(TestConnector.records("all.modes.one.more")).isEmpty();
      assertThat(TestConnector.records("all.modes-three")).isEmpty();
    }
  }

  private static boolean has(List<TopicRecord> records, String pk) {
    return records.stream().anyMatch(record -> ("{\"pk\":\"" + pk + "\"}").equals(record.key()));
  }

  @Test
  void aConfigErrorIsRefusedNamingItsKey() {
    Map<String, String> config = EndToEnd.config(1, "modes-refused");
    config.put("snapshot.mode", "sometimes");
    config.put("stream.poll.interval.ms", "5000");
    config.put("stream.poll.idle.max.ms", "10");
    config.put("table.modes-other.topic.format", "x");
    config.remove("aws.region");
    ObjectNode body = new JsonMapper().createObjectNode().put("name", "modes-refused");
    body.set("config", new JsonMapper().valueToTree(config));

    assertThatExceptionOfType(RestException.class)
        .isThrownBy(() -> EndToEnd.worker().rest().post(body))
        .satisfies(
            refusal -> {
              assertThat(refusal.status()).isEqualTo(400);
              assertThat(refusal)
                  .hasMessageContaining("snapshot.mode")
                  .hasMessageContaining("sometimes")
                  .hasMessageContaining("table.modes-other.topic.format");
            });
    assertThatExceptionOfType(RestException.class)
        .isThrownBy(() -> EndToEnd.worker().rest().status("modes-refused"))
        .satisfies(absent -> assertThat(absent.status()).isEqualTo(404));
  }

  @Test
  @Tag("full")
  void aTableRecreatedWhileTheConnectorIsStoppedFailsIt() {
    String table = "modes-recreated";
    create(table);
    put(table, "of the first table");
    try (TestConnector connector = TestConnector.start(table, EndToEnd.config(1, table))) {
      connector.awaitStreaming(table);
      connector.awaitRecords(table, 2);
      connector.stop();
      EndToEnd.aws().tables().drop(table);
      create(table);
      put(table, "of the second table");
      connector.resume();

      assertThat(connector.awaitState("FAILED").trace())
          .contains("Table " + table + " was deleted and created again", "Reset");
      assertThat(TestConnector.records(table))
          .as("the item from the export and, in the overlap, from the stream")
          .extracting(TopicRecord::key)
          .containsExactly("{\"pk\":\"of the first table\"}", "{\"pk\":\"of the first table\"}");
    }
  }

  private static void create(String table) {
    EndToEnd.aws().tables().create(table, string("pk"));
  }

  private static void put(String table, String pk) {
    EndToEnd.aws().tables().put(table, Map.of("pk", AttributeValue.fromS(pk)));
  }
}
