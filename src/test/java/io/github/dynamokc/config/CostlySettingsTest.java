package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostlySettingsTest {
  private static final String STRING = "org.apache.kafka.connect.storage.StringConverter";
  private final Map<String, String> sample = sample();

  /** The sample that users begin with. */
  private static Map<String, String> sample() {
    Map<String, String> sample = new LinkedHashMap<>();
    try {
      ObjectNode config =
          (ObjectNode)
              new ObjectMapper()
                  .readTree(Path.of("config", "dynamodb-source.json").toFile())
                  .required("config");
      config.properties().forEach(each -> sample.put(each.getKey(), each.getValue().textValue()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sample.put("name", "orders");
    return sample;
  }

  private List<String> keys() {
    return ConnectorConfig.from(sample).costs(sample).stream().map(ConfigProblem::key).toList();
  }

  @Test
  void theSampleCostsNoMoreThanItHasTo() {
    assertThat(keys()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "key.converter, " + STRING,
    "value.converter, " + STRING,
    "value.converter, StringConverter",
    "producer.override.batch.size, 16384",
    "producer.override.compression.type, zstd",
    "producer.override.compression.type, gzip",
    "producer.override.batch.size, ",
  })
  void eachCostlySettingIsNamed(String key, @Nullable String value) {
    if (value == null) {
      sample.remove(key);
    } else {
      sample.put(key, value);
    }
    assertThat(keys()).containsExactly(key);
  }

  @Test
  void aConverterThatTheWorkerSetsIsNotSeen() {
    sample.remove("key.converter");
    sample.remove("value.converter");
    assertThat(keys()).isEmpty();
  }

  @Test
  void structsNeedTheirConverter() {
    sample.put("key.format", "primary_key");
    sample.put("value.format", "struct");
    sample.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    assertThat(keys()).isEmpty();
  }
}
