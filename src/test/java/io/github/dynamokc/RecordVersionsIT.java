package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.UserIdentity;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a change says beyond its item: document versions where times step back, over restarts and
 * rollovers; the image of a removal and who removed.
 */
class RecordVersionsIT {
  private static final String KEY = "{\"pk\":{\"S\":\"k\"}}";
  private static final String OLD = "{\"pk\":{\"S\":\"k\"},\"v\":{\"S\":\"old\"}}";
  private static final String NEW = "{\"pk\":{\"S\":\"k\"},\"v\":{\"S\":\"new\"}}";
  private static final ScriptedChange MODIFY = ScriptedChange.modify(KEY, OLD, NEW);

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void versionsGrowAlongAShardThoughTimesStepBack() {
    ScriptedTable table = ScriptedTable.create("versions-plain", string("pk"));
    table.append(MODIFY.at(1699336310));
    table.append(MODIFY.at(1699336310));
    table.append(MODIFY.at(1699336309));
    table.append(MODIFY.at(1699336311));
    try (TestConnector connector = TestConnector.start(table.name(), config(table.name()))) {
      List<TopicRecord> records = connector.awaitRecords(table.name(), 4);

      assertThat(versions(records))
          .containsExactly(
              1699336310000000L, 1699336310000001L, 1699336310000002L, 1699336311000000L);
      assertThat(records)
          .extracting(record -> record.longHeader("dynamodb_timestamp"))
          .containsExactly(1699336310000L, 1699336310000L, 1699336309000L, 1699336311000L);
    }
  }

  @Test
  void aStopBetweenTwoChangesDoesNotChangeTheirVersions() {
    ScriptedTable table = ScriptedTable.create("versions-restart", string("pk"));
    String first = table.append(MODIFY.at(1699336310));
    try (TestConnector connector = TestConnector.start(table.name(), config(table.name()))) {
      connector.awaitRecords(table.name(), 1);
      connector.awaitOffsets(
          "commit the first change",
          offsets ->
              offsets.values().stream()
                  .anyMatch(offset -> offset.path("sequence").asText().equals(first)));
      connector.stop();
      table.append(MODIFY.at(1699336310));
      table.append(MODIFY.at(1699336309));
      table.append(MODIFY.at(1699336311));
      connector.resume();

      assertThat(versions(connector.awaitRecords(table.name(), 4)))
          .containsExactly(
              1699336310000000L, 1699336310000001L, 1699336310000002L, 1699336311000000L);
    }
  }

  @Test
  void aChildContinuesItsParentsVersionsOverAStop() {
    ScriptedTable table = ScriptedTable.create("versions-rollover", string("pk"));
    table.append(MODIFY.at(1699336310));
    String child = table.stream().rollOver(table.shard());
    table.stream().append(child, MODIFY.at(1699336310));
    try (TestConnector connector = TestConnector.start(table.name(), config(table.name()))) {
      connector.awaitRecords(table.name(), 2);
      String grandchild = table.stream().rollOver(child);
      connector.awaitOffsets(
          "start the grandchild",
          offsets ->
              offsets.keySet().stream()
                  .anyMatch(partition -> partition.path("shard").asText().equals(grandchild)));
      connector.stop();
      table.stream().append(grandchild, MODIFY.at(1699336309));
      List<String> next = table.stream().split(grandchild);
      table.stream().append(next.get(1), MODIFY.at(1699336311));
      connector.resume();
      List<TopicRecord> records = connector.awaitRecords(table.name(), 4);

      assertThat(versions(records))
          .containsExactly(
              1699336310000000L, 1699336310000001L, 1699336310000002L, 1699336311000000L);
      assertThat(records)
          .extracting(record -> record.header("dynamodb_shard_id"))
          .containsExactly(table.shard(), child, grandchild, next.get(1));
    }
  }

  @Test
  void aRemovalCarriesTheConfiguredImageAndAChangeTheNewOne() {
    ScriptedTable table = ScriptedTable.create("images", string("pk"));
    table.append(ScriptedChange.insert(KEY, NEW));
    table.append(MODIFY);
    table.append(ScriptedChange.remove(KEY, OLD));
    table.append(ScriptedChange.remove(KEY, null));
    table.append(ScriptedChange.remove(KEY, null).withNewImage(NEW));
    Map<String, String> ofNewImages = config(table.name());
    ofNewImages.put("topic.format", "new.${table}");
    Map<String, String> ofOldImages = config(table.name());
    ofOldImages.put("topic.format", "old.${table}");
    ofOldImages.put("stream.view.on.remove", "OLD_IMAGE");
    String newValue = "{\"pk\":\"k\",\"v\":\"new\"}";
    String oldValue = "{\"pk\":\"k\",\"v\":\"old\"}";
    try (TestConnector newImages = TestConnector.start("images-new", ofNewImages);
        TestConnector oldImages = TestConnector.start("images-old", ofOldImages)) {
      List<TopicRecord> fromNew = newImages.awaitRecords("new.images", 5);
      List<TopicRecord> fromOld = oldImages.awaitRecords("old.images", 5);

      assertThat(fromNew)
          .extracting(TopicRecord::value)
          .containsExactly(newValue, newValue, "{}", "{}", newValue);
      assertThat(fromOld)
          .extracting(TopicRecord::value)
          .containsExactly(newValue, newValue, oldValue, "{}", newValue);
      assertThat(fromNew)
          .extracting(record -> record.header("opensearch_action"))
          .containsExactly("index", "index", "delete", "delete", "delete");
      assertThat(fromNew).extracting(TopicRecord::key).containsOnly("{\"pk\":\"k\"}");
    }
  }

  @Test
  void onlyARemovalByTimeToLiveIsMarked() {
    ScriptedTable table = ScriptedTable.create("removers", string("pk"));
    ScriptedChange removal = ScriptedChange.remove(KEY, OLD);
    table.append(removal.by(UserIdentity.timeToLive()));
    table.append(removal.by(new UserIdentity("lambda.amazonaws.com", "Service")));
    table.append(removal.by(new UserIdentity("dynamodb.amazonaws.com", "Root")));
    table.append(removal);
    table.append(ScriptedChange.insert(KEY, NEW).by(UserIdentity.timeToLive()));
    try (TestConnector connector = TestConnector.start(table.name(), config(table.name()))) {
      assertThat(connector.awaitRecords(table.name(), 5))
          .extracting(record -> record.header("ttl_delete"))
          .containsExactly("true", "false", "false", "false", "false");
    }
  }

  private static Map<String, String> config(String table) {
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("topic.creation.default.partitions", "1");
    return config;
  }

  private static List<Long> versions(List<TopicRecord> records) {
    return records.stream().map(record -> record.longHeader("document_version")).toList();
  }
}
