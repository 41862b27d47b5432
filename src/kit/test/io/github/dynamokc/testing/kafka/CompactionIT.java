package io.github.dynamokc.testing.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.WorkDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The compaction that tests wait for does happen, and takes tombstones along. */
@Tag("full")
class CompactionIT {
  private static final int KEYS = 50;
  private static final int ROUNDS = 4;

  private static EmbeddedKafka kafka;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start(WorkDirectory.fresh("CompactionIT"));
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void onlyTheLastRecordOfEachKeyIsLeftAndNoTombstone() {
    CompactedTopic topic = CompactedTopic.create(kafka, "compacted", 3);
    try (KafkaProducer<String, @Nullable String> producer = producer()) {
      for (int round = 1; round <= ROUNDS; round++) {
        for (int key = 0; key < KEYS; key++) {
          boolean deleted = round == ROUNDS && key % 5 == 0;
          producer.send(
              new ProducerRecord<>("compacted", "k" + key, deleted ? null : key + " " + round));
        }
      }
    }

    List<TopicRecord> left = topic.awaitCompacted(Duration.ofSeconds(60));

    List<String> expected = new ArrayList<>();
    for (int key = 0; key < KEYS; key++) {
      if (key % 5 != 0) {
        expected.add(key + " " + ROUNDS);
      }
    }
    assertThat(left).extracting(TopicRecord::value).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static KafkaProducer<String, @Nullable String> producer() {
    return new KafkaProducer<>(
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
        new StringSerializer(),
        new StringSerializer());
  }
}
