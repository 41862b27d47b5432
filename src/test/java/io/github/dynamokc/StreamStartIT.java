package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_RECORDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.kafka.KeyedView;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where a stream begins to count: which changes of before the start or the export are left out. */
class StreamStartIT {

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  @Tag("full")
  void closedShardsOfBeforeTheStartCostOneReadALineage() {
    ScriptedTable table = ScriptedTable.create("start-latest", string("pk"));
    long hourAgo = Instant.now().getEpochSecond() - 3600;
    table.stream().paging().pageSize(2);
    List<String> closed = new ArrayList<>();
    String open = table.shard();
    for (int generation = 0; generation < 4; generation++) {
      for (int i = 0; i < 10; i++) {
        table.stream().append(open, put("old-" + generation + "-" + i).at(hourAgo));
      }
      closed.add(open);
      open = table.stream().rollOver(open);
    }
    Map<String, Integer> reads = countReads(table);
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("snapshot.mode", "no_data");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitStreaming(table.name());
      table.stream().append(open, put("new"));
      List<TopicRecord> records = connector.awaitRecords(table.name(), 1);

      assertThat(records).extracting(TopicRecord::key).containsExactly(key("new"));
      String last = closed.remove(closed.size() - 1);
      assertThat(reads).as("a proof").containsEntry(last, 1);
      assertThat(reads).as("what is above it").doesNotContainKeys(closed.toArray(String[]::new));
      assertThat(connector.offset("shard", last).isMissingNode()).as("no offset").isTrue();
    }
  }

  private static Map<String, Integer> countReads(ScriptedTable table) {
    Map<String, Integer> reads = new ConcurrentHashMap<>();
    table
        .streams()
        .onCall(
            call -> {
              if (call.operation() == GET_RECORDS) {
                reads.merge(call.shardId(), 1, Integer::sum);
              }
            });
    return reads;
  }

  @Test
  @Tag("full")
  void afterASnapshotOnlyChangesSinceTheOverlapCome() {
    ScriptedTable table = ScriptedTable.create("start-overlap", string("pk"));
    Instant exported = Instant.now().minusSeconds(900).truncatedTo(ChronoUnit.SECONDS);
    long second = exported.getEpochSecond();
    table.append(put("long-before").at(second - 600));
    table.append(put("just-before-the-overlap").at(second - 60));
    table.append(put("in-the-overlap").at(second - 59));
    table.append(put("after-the-export").at(second + 1));
    table.export(exported, item("exported"));
    Map<String, String> config = inOnePartition(table);
    config.put("stream.handover.overlap.ms", "60000");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      List<TopicRecord> records =
          connector.awaitRecords(table.name(), r -> keys(r).contains(key("after-the-export")));

      assertThat(keys(records))
          .containsExactly(key("exported"), key("in-the-overlap"), key("after-the-export"));
      assertThat(connector.status().runs(1)).as(connector.status().describe()).isTrue();
    }
  }

  @Test
  void anItemThatWasDeletedAfterTheExportBeganStaysDeleted() {
    ScriptedTable table = ScriptedTable.create("start-deleted", string("pk"));
    Instant exported = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
    long second = exported.getEpochSecond();
    table.append(put("deleted-just-before").at(second - 20));
    table.append(delete("deleted-just-before").at(second - 10));
    table.append(delete("deleted-after").at(second + 10));
    table.append(put("kept").at(second + 20));
    table.export(exported, item("deleted-just-before"), item("deleted-after"), item("kept"));
    try (TestConnector connector = TestConnector.start(table.name(), inOnePartition(table))) {
      List<TopicRecord> records = connector.awaitRecords(table.name(), 7);

      assertThat(KeyedView.of(records).records()).containsOnlyKeys(key("kept"));
      assertVersionsLetTheNewestWin(records);
    }
  }

  /** For sinks that compare versions: among the records of a key the last has the highest. */
  private static void assertVersionsLetTheNewestWin(List<TopicRecord> records) {
    Map<String, Long> versions = new ConcurrentHashMap<>();
    for (TopicRecord record : records) {
      long version = record.longHeader("document_version");
      Long before = versions.put(String.valueOf(record.key()), version);
      assertThat(before == null || before < version).as("%s after %s", record, before).isTrue();
    }
  }

  private static Map<String, String> inOnePartition(ScriptedTable table) {
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("topic.creation.default.partitions", "1");
    return config;
  }

  private static ScriptedChange put(String pk) {
    return ScriptedChange.insert(item(pk), item(pk));
  }

  private static ScriptedChange delete(String pk) {
    return ScriptedChange.remove(item(pk), item(pk));
  }

  private static String item(String pk) {
    return "{\"pk\":{\"S\":\"" + pk + "\"}}";
  }

  private static String key(String pk) {
    return "{\"pk\":\"" + pk + "\"}";
  }

  private static List<String> keys(List<TopicRecord> records) {
    return records.stream().map(TopicRecord::key).toList();
  }
}
