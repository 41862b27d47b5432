package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples of how records can be written, each a config to PUT. */
class RecordSamplesTest {
  private static final Path DIRECTORY = Path.of("config", "records");

  /** Keys of Connect, of its converters and transforms. */
  private static final List<String> OTHERS =
      List.of("connector.class", "tasks.max", "key.converter", "value.converter", "transforms");

  private static final Set<String> TOPIC_CREATION =
      Set.of(
          "topic.creation.default.partitions",
          "topic.creation.default.replication.factor",
          "topic.creation.default.cleanup.policy");

  static Stream<Path> samples() throws IOException {
    return Files.list(DIRECTORY).sorted();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void a_sample_is_a_good_configuration_of_keys_that_there_are(Path sample) throws IOException {
    Map<String, String> props =
        new ObjectMapper()
            .readValue(sample.toFile(), new TypeReference<LinkedHashMap<String, String>>() {});
    assertThat(ConnectorConfig.problems(props)).isEmpty();
    assertThat(props.keySet())
        .allMatch(
            key ->
                ConnectorConfig.definition().names().contains(key)
                    || TOPIC_CREATION.contains(key)
                    || OTHERS.stream().anyMatch(key::startsWith));
    assertThat(props)
        .containsKeys("key.converter", "value.converter", "key.format", "value.format");
  }
}
