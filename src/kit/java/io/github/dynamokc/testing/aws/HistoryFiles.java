package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The changes that {@link RecordedStorage} has written down, a file a table. */
final class HistoryFiles implements WriteHistory {
  private final Path directory;

  HistoryFiles(Path directory) {
    this.directory = directory;
  }

  /** What leaves an item as it was is no change, as a stream has none of it either. */
  @Override
  public List<ItemWrite> writes(String table, JsonNode keySchema) throws IOException {
    List<ItemWrite> writes = new ArrayList<>();
    Map<JsonNode, JsonNode> items = new HashMap<>();
    for (String line : lines(RecordedStorage.file(directory, table))) {
      JsonNode write = AwsJson.MAPPER.readTree(line);
      JsonNode after = write.get("item");
      JsonNode key = key(after == null ? write.path("key") : after, keySchema);
      JsonNode before = after == null ? items.remove(key) : items.put(key, after);
      if (!Objects.equals(before, after)) {
        writes.add(
            new ItemWrite(
                write.path("micros").longValue(),
                key.toString(),
                after == null ? null : after.toString(),
                null));
      }
    }
    return writes;
  }

  /** The last line may still be written. */
  private static List<String> lines(Path file) throws IOException {
    try {
      String text = Files.readString(file);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (NoSuchFileException e) {
      // Nothing was written to the table yet.
      return List.of();
    }
  }

  private static JsonNode key(JsonNode item, JsonNode keySchema) {
    ObjectNode key = AwsJson.object();
    for (JsonNode element : keySchema) {
      String name = element.path("AttributeName").asText();
      key.set(name, item.path(name));
    }
    return key;
  }
}
