package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.MovableClock;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.DatedFront;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.aws.StreamView;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** Another snapshot of a table whose stream is followed: taken anew, and nothing read twice. */
class FurtherSnapshotIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final StepWriter steps = new StepWriter();

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
    EndToEnd.aws().front().releaseExports();
  }

  @Test
  void anotherIdTakesAnotherSnapshotAndTheStreamGoesOnWhereItStood() {
    String table = "further-id";
    EndToEnd.aws().tables().create(table, string("pk"));
    put(table, "stays", 1);
    put(table, "goes", 1);
    // DynamoDB Local gives whole minutes as the time of a change.
    Map<String, String> config = EndToEnd.config(1, table);
    try (TestConnector connector = TestConnector.start(table, config)) {
      connector.awaitStreaming(table);
      put(table, "stays", 2);
      TableModel model = new TableModel(table, "pk");
      model.awaitTopicEqualsTable(PATIENCE);
      connector.awaitStatusRecord("EXPORT_LOADED", table);
      connector.stop();
      EndToEnd.aws().tables().delete(table, Map.of("pk", AttributeValue.fromS("goes")));
      put(table, "comes", 1);
      config.put("snapshot.id", "second");
      config.put("stream.handover.overlap.ms", "1000");
      connector.configure(config);
      connector.resume();
      connector.awaitStatusRecord("STREAM_HELD", table);
      put(table, "comes while held", 1);
      connector.awaitStreaming(table);
      put(table, "stays", 3);
      List<TopicRecord> records = model.awaitTopicEqualsTable(PATIENCE);

      assertThat(ofKey(records, "goes"))
          .as("deleted before the second export, and after what was read")
          .extracting(record -> record.header("dynamodb_event_name"))
          .endsWith("REMOVE");
      assertThat(ofKey(records, "comes"))
          .extracting(record -> record.header("dynamodb_event_name"))
          .containsExactly(null, "INSERT");
      assertThat(records.stream().map(r -> r.header("dynamodb_event_id")).filter(id -> id != null))
          .as("no change twice")
          .doesNotHaveDuplicates();
      List<Long> versions =
          ofKey(records, "stays").stream()
              .filter(record -> record.header("dynamodb_event_name") == null)
              .map(record -> Long.valueOf(String.valueOf(record.header("document_version"))))
              .toList();
      assertThat(versions).hasSize(2).isSorted().doesNotHaveDuplicates();
      List<JsonNode> submitted = connector.statusRecords("EXPORT_SUBMITTED");
      assertThat(submitted)
          .extracting(status -> status.path("snapshotId").asText())
          .containsExactly("1", "second");
      long heldSince = connector.statusRecords("STREAM_HELD").get(0).path("heldSince").asLong();
      assertThat(submitted.get(1).path("exportTime").asLong())
          .as("not before the overlap has passed")
          .isGreaterThanOrEqualTo(heldSince + 1_000);
    }
  }

  @Test
  @Tag("full")
  void anIdThatWasUsedBeforeFailsTheTaskInsteadOfUndoingChanges() {
    String table = "further-id-again";
    EndToEnd.aws().tables().create(table, string("pk"));
    Map<String, String> config = config(table);
    try (TestConnector connector = TestConnector.start(table, config)) {
      connector.awaitStreaming(table);
      connector.awaitStatusRecord("EXPORT_LOADED", table);
      config.put("snapshot.id", "second");
      connector.configure(config);
      connector.awaitOffset("table", table, offset -> isLoaded(offset, "second"));
      config.put("snapshot.id", "1");
      connector.configure(config);

      assertThat(connector.awaitFailure())
          .contains("Table " + table + ": the export ", " is older than changes")
          .contains("The snapshot.id 1 was used before; set one that was not");
      config.put("snapshot.id", "third");
      connector.configure(config);
      connector.awaitOffset("table", table, offset -> isLoaded(offset, "third"));
    }
  }

  @Test
  @Tag("full")
  void aFurtherSnapshotCanBeGivenUpAndTheStreamGoesOn() {
    String table = "further-given-up";
    EndToEnd.aws().tables().create(table, string("pk"));
    // DynamoDB Local gives whole minutes as the time of a change.
    Map<String, String> config = EndToEnd.config(1, table);
    try (TestConnector connector = TestConnector.start(table, config)) {
      connector.awaitStreaming(table);
      put(table, "before", 1);
      connector.awaitRecords(table, 1);
      connector.awaitStatusRecord("EXPORT_LOADED", table);
      EndToEnd.aws().front().holdExports();
      config.put("snapshot.id", "second");
      config.put("stream.handover.overlap.ms", "1000");
      connector.configure(config);
      connector.awaitOffset(
          "table", table, offset -> offset.path("snapshotId").asText().equals("second"));
      put(table, "while held", 1);
      config.put("snapshot.mode", "no_data");
      connector.configure(config);

      List<TopicRecord> records =
          connector.awaitRecords(table, r -> !ofKey(r, "while held").isEmpty());
      assertThat(records).hasSize(2);
      assertThat(connector.offset("table", table).path("phase").asText()).isEqualTo("REGISTERED");
    }
  }

  @Test
  @Tag("full")
  void aLaterSnapshotMakesUpForALostPosition() {
    MovableClock clock = new MovableClock();
    ScriptedTable table = ScriptedTable.create("further-lost", clock, string("pk"));
    table.streams().retain(Duration.ofHours(24));
    String read = steps.write(table.stream(), table.shard(), "a", 3);
    Map<String, String> config = followed(table.name());
    try (DatedFront front = dated(config, clock);
        TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitOffset(
          "shard", table.shard(), offset -> offset.path("sequence").asText().equals(read));
      connector.stop();
      steps.write(table.stream(), table.shard(), "a", 2);
      clock.advance(Duration.ofHours(25));
      steps.write(table.stream(), table.shard(), "a", 2);
      table.export(clock.instant().plusSeconds(5), "{\"pk\":{\"S\":\"exported\"}}");
      config.put("snapshot.mode", "initial");
      connector.configure(config);
      connector.resume();
      List<TopicRecord> records = connector.awaitRecords(table.name(), steps::endIsIn);

      assertThat(ofKey(records, "exported")).hasSize(1);
      assertThat(Steps.byKey(ofKey(records, "a")))
          .isEqualTo(Map.of("{\"pk\":\"a\"}", List.of(1, 2, 3, 6, 7)));
      assertToldOnce(connector, "sequence number " + read);
    }
  }

  private static DatedFront dated(Map<String, String> config, Clock clock) {
    DatedFront front = new DatedFront(EndToEnd.aws(), clock);
    front.reachedBy(config);
    return front;
  }

  @Test
  @Tag("full")
  void aSnapshotMakesUpForTheGapBetweenTwoStreams() {
    ScriptedTable table = ScriptedTable.create("further-replaced", string("pk"));
    Map<String, String> config = followed(table.name());
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      steps.write(table.stream(), table.shard(), "a", 3);
      connector.awaitRecords(table.name(), steps::endIsIn);
      table.stream().disable();
      EndToEnd.aws().tables().disableStream(table.name());
      String arn =
          EndToEnd.aws().tables().enableStream(table.name(), StreamViewType.NEW_AND_OLD_IMAGES);
      ScriptedStream next = table.streams().create(arn, StreamView.NEW_AND_OLD_IMAGES, "pk");
      steps.write(next, next.addShard("shard-of-next", null), "a", 2);
      assertThat(connector.awaitState("FAILED").trace())
          .contains("another snapshot.id to take a new snapshot");
      table.export(Instant.now().plusSeconds(5), "{\"pk\":{\"S\":\"exported\"}}");
      config.put("snapshot.mode", "initial");
      connector.configure(config);
      connector.awaitState("RUNNING");
      List<TopicRecord> records = connector.awaitRecords(table.name(), steps::endIsIn);

      assertThat(ofKey(records, "exported")).hasSize(1);
      assertThat(Steps.byKey(ofKey(records, "a"))).isEqualTo(steps.written());
      assertToldOnce(connector, arn);
    }
  }

  private static void assertToldOnce(TestConnector connector, String where) {
    assertThat(connector.statusRecords("DATA_LOSS"))
        .singleElement()
        .satisfies(
            loss ->
                assertThat(loss.path("reason").asText())
                    .contains(where)
                    .contains("The snapshot that was taken since has the items as they were then"));
  }

  private static boolean isLoaded(JsonNode offset, String snapshot) {
    return offset.path("phase").asText().equals("EXPORT_LOADED")
        && offset.path("snapshotId").asText().equals(snapshot);
  }

  private static List<TopicRecord> ofKey(List<TopicRecord> records, String pk) {
    return records.stream()
        .filter(record -> ("{\"pk\":\"" + pk + "\"}").equals(record.key()))
        .toList();
  }

  private static void put(String table, String pk, int n) {
    EndToEnd.aws()
        .tables()
        .put(
            table,
            Map.of("pk", AttributeValue.fromS(pk), "n", AttributeValue.fromN(Integer.toString(n))));
  }

  private static Map<String, String> config(String table) {
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("stream.handover.overlap.ms", "1000");
    return config;
  }

  private static Map<String, String> followed(String table) {
    Map<String, String> config = config(table);
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    // A stream has ended when its last shards show no child for ten of these.
    config.put("shard.discovery.interval.ms", "200");
    return config;
  }
}
