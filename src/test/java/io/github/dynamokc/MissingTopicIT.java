package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A topic that nobody makes: neither the broker nor Connect does, and Connect's producer waits for
 * it for ever. The task does not.
 */
@Tag("full")
class MissingTopicIT {
  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
  }

  private static Map<String, String> config(ScriptedTable table) {
    table.export(Instant.now(), "{\"pk\":{\"S\":\"a\"}}", "{\"pk\":{\"S\":\"b\"}}");
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.keySet().removeIf(key -> key.startsWith("topic.creation."));
    config.put("stall.timeout.ms", "5000");
    return config;
  }

  /** A restart, with all the time that a busy machine may need. */
  private static void goOn(
      TestConnector connector, Map<String, String> config, ScriptedTable table) {
    config.keySet().removeIf(key -> key.contains("acknowledgment"));
    config.put("stall.timeout.ms", "60000");
    connector.configure(config);
    awaitLoaded(table);
  }

  private static void awaitLoaded(ScriptedTable table) {
    Eventually.within(Duration.ofSeconds(90), "both items in Kafka")
        .until(
            () -> TestConnector.records(table.name()).stream().map(TopicRecord::key).toList(),
            keys -> keys.containsAll(List.of("{\"pk\":\"a\"}", "{\"pk\":\"b\"}")));
  }

  private static boolean logHas(String text) {
    try {
      return Files.readString(EndToEnd.worker().log()).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "missing-status, true, false",
    "missing-status-limited, true, true",
    "missing-data, false, false",
    "missing-data-limited, false, true",
  })
  void aMissingTopicFailsTheTaskAndItGoesOnOnceMade(String name, boolean status, boolean limited) {
    ScriptedTable table = ScriptedTable.create(name, string("pk"));
    Map<String, String> config = config(table);
    if (limited) {
      config.put("acknowledgments", "true");
      config.put("shard.acknowledgment.timeout.ms", "4000");
      config.put("s3.data.file.acknowledgment.timeout.ms", "4000");
    }
    String missing = status ? name + "-status" : name;
    EndToEnd.kafka().createTopic(status ? name : name + "-status", 1);
    try (TestConnector connector = TestConnector.start(name, config)) {
      assertThat(connector.awaitFailure()).contains("InterruptException");
      assertThat(logHas("They wait for topic '" + missing + "'")).isTrue();
      assertThat(logHas("Connect's producer waits for topic '" + missing + "'")).isTrue();
      EndToEnd.kafka().createTopic(missing, 1);
      goOn(connector, config, table);
    }
  }

  @Test
  void aProducerThatGivesUpInTimeNamesTheTopicItself() {
    ScriptedTable table = ScriptedTable.create("missing-named", string("pk"));
    Map<String, String> config = config(table);
    config.put("stall.timeout.ms", "30000");
    config.put("producer.override.max.block.ms", "3000");
    EndToEnd.kafka().createTopic(table.name(), 1);
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      assertThat(connector.awaitFailure())
          .contains("Topic missing-named-status not present in metadata after 3000 ms");
      EndToEnd.kafka().createTopic(table.name() + "-status", 1);
      goOn(connector, config, table);
    }
  }

  @Test
  void aPausedConnectorIsNotTakenForAStuckOne() {
    ScriptedTable table = ScriptedTable.create("paused-not-stuck", string("pk"));
    Map<String, String> config = config(table);
    EndToEnd.kafka().createTopic(table.name(), 1);
    EndToEnd.kafka().createTopic(table.name() + "-status", 1);
    config.put("stall.timeout.ms", "2000");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitStreaming(table.name());
      awaitLoaded(table);
      connector.pause();
      Instant later = Instant.now().plus(Duration.ofSeconds(6));
      Eventually.within(Duration.ofSeconds(20), "three times the patience")
          .until(Instant::now, later::isBefore);
      connector.resume();
      table.append(
          ScriptedChange.insert("{\"pk\":{\"S\":\"c\"}}", "{\"pk\":{\"S\":\"c\"}}")
              .at(Instant.now().getEpochSecond()));
      connector.awaitRecords(table.name(), 3);
    }
  }
}
