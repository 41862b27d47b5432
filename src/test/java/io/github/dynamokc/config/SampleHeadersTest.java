package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a sink reads of our headers, through the converter that each sample sets. */
class SampleHeadersTest {
  /** Keys that look like something else than text. */
  private static final List<String> TEXTS =
      List.of(
          "007",
          "1.10",
          "null",
          "true",
          "[1,2]",
          "{\"a\":1}",
          "12345678901234567.123",
          "12345678901234567.124",
          "1E5",
          "\"quoted\"",
          "2026-01-01",
          "",
          " a ",
          "a|b",
          "é 😀");

  private static final Map<String, String> KEEPING_TYPES =
      Map.of("converter.type", "header", "schemas.enable", "false");

  static Stream<Path> samples() throws IOException {
    List<Path> samples = new ArrayList<>();
    for (Path directory :
        List.of(
            Path.of("config"),
            Path.of("config", "connectors"),
            Path.of("config", "records"),
            Path.of("docker"))) {
      try (Stream<Path> files = Files.list(directory)) {
        files
            .filter(file -> file.toString().matches(".*\\.(json|properties)"))
            .sorted()
            .forEach(samples::add);
      }
    }
    return samples.stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aSinkReadsTheTextsThatWereWritten(Path sample) throws Exception {
    HeaderConverter converter =
        Class.forName(settings(sample).getOrDefault("header.converter", "none"))
            .asSubclass(HeaderConverter.class)
            .getConstructor()
            .newInstance();
    converter.configure(Map.of("converter.type", "header"));

    for (String text : TEXTS) {
      assertThat(throughKafka(converter, Schema.STRING_SCHEMA, text)).isEqualTo(text);
    }
    assertThat(throughKafka(converter, Schema.OPTIONAL_STRING_SCHEMA, null)).isNull();
    assertThat(throughKafka(converter, Schema.INT64_SCHEMA, 1_699_336_310_000_007L).toString())
        .isEqualTo("1699336310000007");
    assertThat(throughKafka(converter, Schema.BOOLEAN_SCHEMA, true).toString()).isEqualTo("true");
  }

  /** The README recommends it for sinks that want types. */
  @Test
  void theJsonConverterKeepsTextsAndTypes() {
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(KEEPING_TYPES);
      for (String text : TEXTS) {
        assertThat(throughKafka(converter, Schema.STRING_SCHEMA, text)).isEqualTo(text);
      }
      assertThat(throughKafka(converter, Schema.INT64_SCHEMA, Long.MAX_VALUE))
          .isEqualTo(Long.MAX_VALUE);
      assertThat(throughKafka(converter, Schema.BOOLEAN_SCHEMA, false)).isEqualTo(false);
    }
  }

  /** Why no sample leaves it at Connect's default. */
  @Test
  void theDefaultConverterMakesOneIdOfTwo() throws IOException {
    try (SimpleHeaderConverter converter = new SimpleHeaderConverter()) {
      assertThat(throughKafka(converter, Schema.STRING_SCHEMA, "007"))
          .isEqualTo(throughKafka(converter, Schema.STRING_SCHEMA, "7"));
    }
  }

  private static Object throughKafka(HeaderConverter converter, Schema schema, Object value) {
    byte[] bytes = converter.fromConnectHeader("orders", "primary_key", schema, value);
    SchemaAndValue read = converter.toConnectHeader("orders", "primary_key", bytes);
    return read.value();
  }

  private static Map<String, String> settings(Path sample) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    if (sample.toString().endsWith(".json")) {
      JsonNode json = new ObjectMapper().readTree(sample.toFile());
      JsonNode config = json.has("config") ? json.get("config") : json;
      config.properties().forEach(each -> settings.put(each.getKey(), each.getValue().asText()));
    } else {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(sample)) {
        properties.load(reader);
      }
      properties.forEach((key, value) -> settings.put(key.toString(), value.toString()));
    }
    return settings;
  }
}
