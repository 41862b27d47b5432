package io.github.dynamokc.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.kafka.KeyedView;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** How far a table has come, as its topic and the connector's status topic tell. */
final class TableProgress {
  private final DemoTable table;
  private final KeyedView view = new KeyedView();
  private final Map<String, TopicRecord> samples = new LinkedHashMap<>();
  private String phase = "-";
  private int files;
  private final Set<String> shards = new HashSet<>();
  private final Set<String> finishedShards = new HashSet<>();
  private long items;
  private long changes;

  TableProgress(DemoTable table) {
    this.table = table;
  }

  void status(JsonNode status) {
    switch (status.path("type").asText()) {
      case "TABLE_REGISTERED" -> phase = "REGISTER";
      case "EXPORT_SUBMITTED" -> phase = "EXPORT";
      case "DATA_FILE_LOADED" -> {
        phase = "LOAD";
        files++;
      }
      case "EXPORT_LOADED" -> phase = "STREAM";
      case "SHARD_STARTED" -> shards.add(status.path("shard").asText());
      case "SHARD_FINISHED" -> finishedShards.add(status.path("shard").asText());
      default -> {
        // A type of a later version, about something that the demo does not count.
      }
    }
  }

  void record(TopicRecord record) {
    view.apply(record);
    String event = record.header("dynamodb_event_name");
    if (event == null) {
      items++;
    } else {
      changes++;
      shards.add(String.valueOf(record.header("dynamodb_shard_id")));
    }
    samples.putIfAbsent(event == null ? "item of the export" : event, record);
  }

  DemoTable table() {
    return table;
  }

  boolean streams() {
    return phase.equals("STREAM");
  }

  /** The topic applied by key. */
  KeyedView view() {
    return view;
  }

  long records() {
    return items + changes;
  }

  /** The first record of each kind. */
  Map<String, TopicRecord> samples() {
    return samples;
  }

  String line() {
    return "%-10s %-9s files %3d   items %,6d   shards %d (%d done)   changes %,6d"
        .formatted(
            table.name(), phase, files, items, shards.size(), finishedShards.size(), changes);
  }
}
