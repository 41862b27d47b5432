package io.github.dynamokc.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A plain consumer of a topic, from its beginning, for which only the items' keys count. */
final class KeyReader implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration APPEARANCE = Duration.ofSeconds(30);

  private final List<TopicPartition> partitions;
  private final KafkaConsumer<String, byte[]> consumer;

  /**
   * @param topic one that exists
   */
  KeyReader(String bootstrapServers, String topic) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    // A broker shows a topic a moment after it was created.
    partitions =
        Eventually.within(APPEARANCE, "topic " + topic)
            .until(() -> partitions(topic), found -> !found.isEmpty());
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  private List<TopicPartition> partitions(String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  /**
   * Gives the ids of the records that come next, if any do within {@code timeout}; not those of a
   * history, of which the slack of the start lets the last minute pass.
   *
   * @return how many came
   */
  int poll(Duration timeout, Consumer<ItemId> items) {
    ConsumerRecords<String, byte[]> records = consumer.poll(timeout);
    for (ConsumerRecord<String, byte[]> record : records) {
      String key = partitionKey(record.key());
      if (!key.startsWith(DayOfShards.HISTORY)) {
        items.accept(ItemId.parse(key));
      }
    }
    return records.count();
  }

  /** How many records the topic has. */
  long size() {
    return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
  }

  /** Ends a {@link #poll} with an exception, from another thread. */
  void wakeUp() {
    consumer.wakeup();
  }

  private static String partitionKey(String key) {
    try {
      return JSON.readTree(key).path(Items.KEY).asText();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A key that is not JSON: " + key, e);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
