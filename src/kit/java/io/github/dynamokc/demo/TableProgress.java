package io.github.dynamokc.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.kafka.KeyedView;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
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
  private long repairedChanges;
  private final List<String> steps = new ArrayList<>();
  private boolean repaired;

  TableProgress(DemoTable table) {
    this.table = table;
  }

  void status(JsonNode status) {
    switch (status.path("type").asText()) {
      case "TABLE_REGISTERED" -> phase = "REGISTER";
      case "EXPORT_SUBMITTED" -> {
        if (status.path("exportType").asText().equals("INCREMENTAL_EXPORT")) {
          step(status, "changes from %s to %s", time(status, "from"), time(status, "to"));
        } else {
          phase = "EXPORT";
        }
      }
      case "DATA_FILE_LOADED" -> {
        phase = inGap() ? phase : "LOAD";
        files++;
      }
      case "EXPORT_LOADED" -> phase = "STREAM";
      case "GAP_FOUND" -> {
        phase = "HELD";
        step(status, "changes after %s are gone from the stream", time(status, "from"));
      }
      case "REPAIR_PLANNED" -> {
        phase = "REPAIR";
        step(status, "the windows are chosen");
      }
      case "GAP_REPAIRED" -> {
        phase = "STREAM";
        repaired = true;
        step(
            status,
            "%,d changed items, %,d of them deleted",
            status.path("items").asLong(),
            status.path("deletions").asLong());
      }
      case "SHARD_STARTED" -> shards.add(status.path("shard").asText());
      case "SHARD_FINISHED" -> finishedShards.add(status.path("shard").asText());
      default -> {
        // A type of a later version, about something that the demo does not count.
      }
    }
  }

  private void step(JsonNode status, String format, Object... arguments) {
    steps.add(
        "%-10s %-16s  %s"
            .formatted(table.name(), status.path("type").asText(), format.formatted(arguments)));
  }

  private static Instant time(JsonNode status, String field) {
    return Instant.ofEpochMilli(status.path(field).asLong());
  }

  void record(TopicRecord record) {
    view.apply(record);
    String event = record.header("dynamodb_event_name");
    String shard = record.header("dynamodb_shard_id");
    if (event == null) {
      items++;
      samples.putIfAbsent("item of the export", record);
    } else if (shard == null) {
      repairedChanges++;
      if (event.equals("REMOVE")) {
        samples.putIfAbsent("deletion of an incremental export", record);
      }
    } else {
      changes++;
      shards.add(shard);
      samples.putIfAbsent(event, record);
    }
  }

  DemoTable table() {
    return table;
  }

  boolean streams() {
    return phase.equals("STREAM");
  }

  /** Whether its stream is held because changes are lost from it, or these are being loaded. */
  boolean inGap() {
    return phase.equals("HELD") || phase.equals("REPAIR");
  }

  /** Whether a gap was repaired. */
  boolean repaired() {
    return repaired;
  }

  /** What was told of a gap and its repair since the last time, a line for each step. */
  List<String> newSteps() {
    List<String> told = List.copyOf(steps);
    steps.clear();
    return told;
  }

  /** The topic applied by key. */
  KeyedView view() {
    return view;
  }

  long records() {
    return items + changes + repairedChanges;
  }

  /** The first record of each kind. */
  Map<String, TopicRecord> samples() {
    return samples;
  }

  String line() {
    String line =
        "%-10s %-9s files %3d   items %,6d   shards %d (%d done)   changes %,6d"
            .formatted(
                table.name(), phase, files, items, shards.size(), finishedShards.size(), changes);
    return repairedChanges == 0 ? line : line + "   repaired %,6d".formatted(repairedChanges);
  }
}
