package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Connect makes of the topics of the samples, by its rules: the first group whose {@code
 * include} is the whole name, with the default's settings where it has none.
 */
class SampleTopicsTest {
  private static final String PREFIX = "topic.creation.";

  static Stream<Path> samples() throws IOException {
    return SamplesTest.samples();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theStatusTopicIsNeverCompacted(Path sample) throws IOException {
    ConnectorConfig config = config(sample);

    assertThat(topic(sample, config.statusTopic()))
        .containsKeys("partitions", "replication.factor")
        .doesNotContainKey("cleanup.policy");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theTopicOfATableIsCompactedWhereItIsSaid(Path sample) throws IOException {
    boolean compacted = sample.getFileName().toString().contains("compacted");
    for (TableConfig table : config(sample).tables()) {
      String topic = table.records().topicFormat().topicLike(table.table());
      assertThat(topic(sample, topic))
          .containsKeys("partitions", "replication.factor")
          .satisfies(
              settings ->
                  assertThat(settings.get("cleanup.policy"))
                      .isEqualTo(compacted ? "compact" : null));
    }
  }

  private static ConnectorConfig config(Path sample) throws IOException {
    Map<String, String> props = new HashMap<>(props(sample));
    props.put("name", "orders-source");
    return ConnectorConfig.from(props);
  }

  private static Map<String, String> topic(Path sample, String topic) throws IOException {
    Map<String, String> props = props(sample);
    Map<String, String> settings = group(props, "default");
    String groups = props.getOrDefault(PREFIX + "groups", "");
    for (String group : groups.isEmpty() ? new String[0] : groups.split(",")) {
      Map<String, String> more = group(props, group);
      String include = more.remove("include");
      if (Pattern.matches(include, topic)) {
        settings.putAll(more);
        break;
      }
    }
    return settings;
  }

  private static Map<String, String> group(Map<String, String> props, String group) {
    String prefix = PREFIX + group + ".";
    Map<String, String> settings = new LinkedHashMap<>();
    props.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            settings.put(key.substring(prefix.length()), value);
          }
        });
    return settings;
  }

  private static Map<String, String> props(Path sample) throws IOException {
    return new ObjectMapper().readValue(sample.toFile(), new TypeReference<>() {});
  }
}
