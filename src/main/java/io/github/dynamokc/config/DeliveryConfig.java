package io.github.dynamokc.config;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * How records are handed to Connect.
 *
 * @param maxBatchSize the most records of one poll
 * @param maxQueueBytes how much one task reads ahead, in bytes of decoded records
 */
public record DeliveryConfig(int maxBatchSize, long maxQueueBytes) {
  public static final String MAX_BATCH_SIZE = "max.batch.size";
  public static final String MAX_QUEUE_BYTES = "max.queue.bytes";

  static void define(ConfigDef definition) {
    new ConfigGroup(definition, ConfigGroup.DELIVERY)
        .add(
            ConfigKey.of(
                    MAX_BATCH_SIZE,
                    "Records a batch",
                    "The most records that a task hands to Connect at once.")
                .count(2048, 1, 1_000_000)
                .importance(Importance.LOW))
        .add(
            ConfigKey.of(
                    MAX_QUEUE_BYTES,
                    "Read-ahead (bytes)",
                    "How many bytes of records a task reads ahead of Kafka: reading pauses when it is used up. The memory of"
                        + " a task is about twice as much, with the records that Connect is handing to the producer, and what"
                        + " the producer waits to send (producer.override.buffer.memory, counted as compressed).")
                .bytes(32L * 1024 * 1024, 1024)
                .importance(Importance.LOW));
  }

  static DeliveryConfig from(AbstractConfig config) {
    return new DeliveryConfig(config.getInt(MAX_BATCH_SIZE), config.getLong(MAX_QUEUE_BYTES));
  }
}
