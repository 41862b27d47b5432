package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Spreads a table's items over the data files of an export as partitions would. */
final class TableContent {
  private static final int EVERY_NTH_FILE_IS_EMPTY = 4;

  private TableContent() {}

  /**
   * @param keySchema as DescribeTable gives it
   * @param files how many; each fourth one stays empty, as an export's files often do
   */
  static List<DataFile> spread(List<JsonNode> items, JsonNode keySchema, int files) {
    List<List<String>> lines = new ArrayList<>();
    List<List<String>> inUse = new ArrayList<>();
    for (int i = 1; i <= files; i++) {
      List<String> file = new ArrayList<>();
      lines.add(file);
      if (i % EVERY_NTH_FILE_IS_EMPTY != 0) {
        inUse.add(file);
      }
    }
    String partitionKey = keySchema.path(0).path("AttributeName").asText();
    for (JsonNode item : items) {
      int hash = item.path(partitionKey).toString().hashCode() * 0x9E3779B9;
      inUse.get((hash >>> 8) % inUse.size()).add("{\"Item\":" + item + "}");
    }
    return lines.stream().map(DataFile::of).toList();
  }
}
