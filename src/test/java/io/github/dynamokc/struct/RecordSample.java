package io.github.dynamokc.struct;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.testing.EndToEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the samples say of records, on a connector of the embedded AWS. */
final class RecordSample {
  private static final List<String> OF_RECORDS =
      List.of("key.", "value.", "struct.", "delete.", "transforms");

  private RecordSample() {}

  /**
   * A config to start.
   *
   * @param sample the file's name in {@code config/records}, without its ending
   */
  static Map<String, String> config(String sample, String table) {
    Path file = Path.of("config", "records", sample + ".json");
    Map<String, String> config = EndToEnd.config(1, table);
    try {
      new ObjectMapper()
          .readValue(file.toFile(), new TypeReference<Map<String, String>>() {})
          .forEach(
              (key, value) -> {
                if (OF_RECORDS.stream().anyMatch(key::startsWith)) {
                  config.put(key, value);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file.toAbsolutePath(), e);
    }
    return config;
  }
}
