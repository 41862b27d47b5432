package io.github.dynamokc.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The converters, and what is set for the producer, in the sample that users begin with. */
final class SampleSettings {
  private SampleSettings() {}

  static Map<String, String> read() {
    File sample = new File(System.getProperty("bench.sample"));
    Map<String, String> settings = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, JsonNode> setting :
          new ObjectMapper().readTree(sample).required("config").properties()) {
        String key = setting.getKey();
        if (key.endsWith(".converter") || key.startsWith("producer.override.")) {
          settings.put(key, setting.getValue().textValue());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + sample, e);
    }
    return settings;
  }
}
