package io.github.dynamokc.task;

import static io.github.dynamokc.task.DroppedRecords.Cause.FILTERED;
import static io.github.dynamokc.task.DroppedRecords.Cause.NOT_CONVERTED;
import static io.github.dynamokc.task.DroppedRecords.Cause.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Connect says of a dropped record only that it was dropped. */
class DroppedRecordsTest {
  private long skippedByConnect = 5;

  private DroppedRecords drops(boolean toleratesErrors, boolean hasTransforms) {
    return new DroppedRecords(toleratesErrors, hasTransforms, () -> skippedByConnect);
  }

  @Test
  void aDropWithoutToleranceIsAFilters() {
    assertThat(drops(false, true).cause()).isEqualTo(FILTERED);
    assertThat(drops(false, false).cause()).isEqualTo(FILTERED);
  }

  @Test
  void aDropWithoutTransformsIsAConvertersRefusal() {
    assertThat(drops(true, false).cause()).isEqualTo(NOT_CONVERTED);
  }

  @Test
  void aFilterIsToldFromAFailureByWhatConnectCounts() {
    DroppedRecords drops = drops(true, true);
    assertThat(drops.cause()).as("counted before the start").isEqualTo(FILTERED);
    skippedByConnect += 2;
    assertThat(drops.cause()).isEqualTo(NOT_CONVERTED);
    assertThat(drops.cause()).isEqualTo(NOT_CONVERTED);
    assertThat(drops.cause()).isEqualTo(FILTERED);
    skippedByConnect++;
    assertThat(drops.cause()).isEqualTo(NOT_CONVERTED);
  }

  @Test
  void aCallbackOfTheProducerIsKafkasRefusal() {
    DroppedRecords drops = drops(true, true);
    List<DroppedRecords.Cause> told = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:1",
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(
          new ProducerRecord<>("orders", new byte[1]),
          (metadata, refusal) -> {
            assertThat(refusal).isNotNull();
            told.add(drops.cause());
          });
    }
    assertThat(told).containsExactly(REFUSED);
  }
}
