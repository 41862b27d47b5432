package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Spreads the lines of an export over its data files as partitions would. */
final class TableContent {
  private static final int EVERY_NTH_FILE_IS_EMPTY = 4;

  private TableContent() {}

  /** A line about an item with this value of the partition key. */
  record Line(JsonNode partition, String text) {}

  /**
   * The lines of a full export.
   *
   * @param keySchema as DescribeTable gives it
   */
  static List<Line> ofItems(List<JsonNode> items, JsonNode keySchema) {
    String partitionKey = keySchema.path(0).path("AttributeName").asText();
    return items.stream()
        .map(item -> new Line(item.path(partitionKey), "{\"Item\":" + item + "}"))
        .toList();
  }

  /**
   * @param files how many; each fourth one stays empty, as an export's files often do
   */
  static List<DataFile> spread(List<Line> lines, int files) {
    List<List<String>> texts = new ArrayList<>();
    List<List<String>> inUse = new ArrayList<>();
    for (int i = 1; i <= files; i++) {
      List<String> file = new ArrayList<>();
      texts.add(file);
      if (i % EVERY_NTH_FILE_IS_EMPTY != 0) {
        inUse.add(file);
      }
    }
    for (Line line : lines) {
      int hash = line.partition().toString().hashCode() * 0x9E3779B9;
      inUse.get((hash >>> 8) % inUse.size()).add(line.text());
    }
    return texts.stream().map(DataFile::of).toList();
  }
}
