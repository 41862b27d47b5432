package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples of connectors and of their records, each a config to PUT. */
class SamplesTest {
  private static final List<Path> DIRECTORIES =
      List.of(Path.of("config", "records"), Path.of("config", "connectors"));

  /** Keys of Connect, of its converters and transforms. */
  private static final List<String> OTHERS =
      List.of(
          "connector.class",
          "tasks.max",
          "key.converter",
          "value.converter",
          "header.converter",
          "transforms",
          "exactly.once.support",
          "transaction.boundary",
          "table.");

  private static final Set<String> OF_KAFKA =
      Set.of(
          "producer.override.compression.type",
          "producer.override.batch.size",
          "producer.override.max.block.ms",
          "topic.creation.default.partitions",
          "topic.creation.default.replication.factor",
          "topic.creation.groups",
          "topic.creation.tables.include",
          "topic.creation.tables.cleanup.policy");

  static Stream<Path> samples() throws IOException {
    List<Path> samples = new ArrayList<>();
    for (Path directory : DIRECTORIES) {
      try (Stream<Path> files = Files.list(directory)) {
        files.sorted().forEach(samples::add);
      }
    }
    return samples.stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aSampleIsAValidConfigurationOfKnownKeys(Path sample) throws IOException {
    Map<String, String> props =
        new ObjectMapper()
            .readValue(sample.toFile(), new TypeReference<LinkedHashMap<String, String>>() {});
    assertThat(ConnectorConfig.problems(props)).isEmpty();
    assertThat(props.keySet())
        .allMatch(
            key ->
                ConnectorConfig.definition().names().contains(key)
                    || OF_KAFKA.contains(key)
                    || OTHERS.stream().anyMatch(key::startsWith));
    assertThat(props).containsKeys("key.converter", "value.converter");
  }
}
