package io.github.dynamokc.config;

import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.jspecify.annotations.Nullable;

/**
 * How records are handed to Connect.
 *
 * @param maxBatchSize the most records of one poll
 * @param maxQueueBytes how much one task reads ahead, in bytes of decoded records
 * @param acknowledgments how long Kafka may take, null for {@code stall.timeout.ms}
 * @param heartbeat how long a task writes no record at most; zero for as long as it has none
 */
public record DeliveryConfig(
    int maxBatchSize,
    long maxQueueBytes,
    @Nullable AcknowledgmentTimeouts acknowledgments,
    Duration heartbeat) {
  public static final String ACKNOWLEDGMENTS = "acknowledgments";
  public static final String SHARD_TIMEOUT_MS = "shard.acknowledgment.timeout.ms";
  public static final String DATA_FILE_TIMEOUT_MS = "s3.data.file.acknowledgment.timeout.ms";
  public static final String MAX_BATCH_SIZE = "max.batch.size";
  public static final String MAX_QUEUE_BYTES = "max.queue.bytes";
  public static final String HEARTBEAT_INTERVAL_MS = "heartbeat.interval.ms";

  /**
   * How long Kafka may take to acknowledge a record that Connect has.
   *
   * @param shard for records of a shard, and those on a table as a whole
   * @param dataFile for records of a data file
   */
  public record AcknowledgmentTimeouts(Duration shard, Duration dataFile) {}

  static void define(ConfigDef definition) {
    ConfigDef.Recommender whenLimited =
        new VisibleWhen(ACKNOWLEDGMENTS, value -> Boolean.TRUE.equals(value));
    new ConfigGroup(definition, ConfigGroup.DELIVERY)
        .add(
            ConfigKey.of(
                    ACKNOWLEDGMENTS,
                    "Limit acknowledgments",
                    "Whether how long Kafka may take to acknowledge a record is limited by the next two keys instead of"
                        + " stall.timeout.ms, and records that Connect has and Kafka has not acknowledged to about 8 MB. A"
                        + " task that waits longer fails, and says which shard or data file is stuck, for which topic and"
                        + " since when; restarted, it goes on after the last acknowledged record.")
                .flag(false)
                .dependents(SHARD_TIMEOUT_MS, DATA_FILE_TIMEOUT_MS))
        .add(
            ConfigKey.of(
                    SHARD_TIMEOUT_MS,
                    "Shard acknowledgment timeout (ms)",
                    "With acknowledgments=true, how long Kafka may take to acknowledge a record of a shard, in"
                        + " milliseconds. With exactly-once and transaction.boundary=interval, well above the interval.")
                .millis(600_000, 1_000)
                .importance(Importance.LOW)
                .shownWhen(whenLimited))
        .add(
            ConfigKey.of(
                    DATA_FILE_TIMEOUT_MS,
                    "Data file acknowledgment timeout (ms)",
                    "With acknowledgments=true, how long Kafka may take to acknowledge a record of a data file of the"
                        + " export, in milliseconds.")
                .millis(300_000, 1_000)
                .importance(Importance.LOW)
                .shownWhen(whenLimited))
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
                    "How many bytes of records a task reads ahead of Connect: reading pauses when it is used up. More costs"
                        + " processor time for collections and gains nothing, as Kafka's producer holds more than that"
                        + " besides (producer.override.buffer.memory, counted as compressed). With exactly-once, where each"
                        + " poll is a transaction, at least 8 MB.")
                .bytes(1024 * 1024, 1024)
                .importance(Importance.LOW))
        .add(
            ConfigKey.of(
                    HEARTBEAT_INTERVAL_MS,
                    "Heartbeat interval (ms)",
                    "How long no record of a task may get to Kafka until it writes a HEARTBEAT record to the status"
                        + " topic, in milliseconds; 0 for never. With exactly-once it must be below the brokers'"
                        + " transactional.id.expiration.ms (7 days by default), or the first change after such a rest"
                        + " fails the task.")
                .millis(3_600_000, 0)
                .importance(Importance.LOW));
  }

  static DeliveryConfig from(AbstractConfig config) {
    return new DeliveryConfig(
        config.getInt(MAX_BATCH_SIZE),
        config.getLong(MAX_QUEUE_BYTES),
        config.getBoolean(ACKNOWLEDGMENTS)
            ? new AcknowledgmentTimeouts(
                ConfigValues.millis(config, SHARD_TIMEOUT_MS),
                ConfigValues.millis(config, DATA_FILE_TIMEOUT_MS))
            : null,
        ConfigValues.millis(config, HEARTBEAT_INTERVAL_MS));
  }
}
