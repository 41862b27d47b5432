package io.github.dynamokc.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sample that ships with the connector, as the demo posts it.
 *
 * @param body the sample, made to fit this machine
 * @param changed what had to be set for that
 */
record SampleConfig(JsonNode body, Map<String, String> changed) {
  static final Path FILE = Path.of("config", "dynamodb-source.json");

  /**
   * The sample with the endpoints and credentials of the embedded AWS.
   *
   * @param repair whether gaps of the streams are to be repaired
   */
  static SampleConfig forEmbedded(EmbeddedAws aws, boolean repair) {
    Map<String, String> changed = new TreeMap<>();
    aws.reachedBy(changed);
    changed.put("export.poll.interval.ms", "1000");
    changed.put("tables.restart.interval.ms", "2000");
    if (repair) {
      changed.put("stream.on.data.loss", "repair");
      changed.put("stream.progress.interval.ms", "1000");
    }
    try {
      JsonNode body = new ObjectMapper().readTree(FILE.toFile());
      ObjectNode config = (ObjectNode) body.path("config");
      changed.forEach(config::put);
      return new SampleConfig(body, changed);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + FILE.toAbsolutePath(), e);
    }
  }

  String connector() {
    return body.path("name").asText();
  }

  List<String> tables() {
    return List.of(body.at("/config/tables").asText().split(",", -1));
  }

  String bucket() {
    return body.path("config").path("export.s3.bucket").asText();
  }

  int maxTasks() {
    return body.path("config").path("tasks.max").asInt();
  }
}
