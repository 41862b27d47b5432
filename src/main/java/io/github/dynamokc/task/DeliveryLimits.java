package io.github.dynamokc.task;

import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.DeliveryConfig;
import io.github.dynamokc.config.DeliveryConfig.AcknowledgmentTimeouts;
import io.github.dynamokc.config.StreamConfig;
import io.github.dynamokc.offset.SourcePartition;
import java.time.Duration;

/**
 * How long Kafka may take to acknowledge a record before the task fails.
 *
 * @param shard for records of shards, tables and tasks
 * @param dataFile for records of data files
 * @param fromProgress whether a record waits from when Connect has got on with those that it got
 *     together with it
 * @param holds whether nothing is handed over while much is unacknowledged, or for long; not to be
 *     where a transaction has the records of many polls, all acknowledged at its end
 */
record DeliveryLimits(Limit shard, Limit dataFile, boolean fromProgress, boolean holds) {

  /**
   * @param key the setting that says so
   */
  record Limit(String key, Duration patience) {
    String setting() {
      return key + "=" + patience.toMillis();
    }
  }

  /**
   * With {@code acknowledgments=true} as its settings say. Otherwise, as for calls to AWS, {@code
   * stall.timeout.ms} without progress; from the end of a transaction on, if that has the records
   * of many polls.
   */
  static DeliveryLimits of(ConnectorConfig config) {
    boolean spanned = config.connect().transactionsSpanPolls();
    AcknowledgmentTimeouts timeouts = config.delivery().acknowledgments();
    if (timeouts != null) {
      return new DeliveryLimits(
          new Limit(DeliveryConfig.SHARD_TIMEOUT_MS, timeouts.shard()),
          new Limit(DeliveryConfig.DATA_FILE_TIMEOUT_MS, timeouts.dataFile()),
          false,
          !spanned);
    }
    Limit stall =
        new Limit(
            StreamConfig.STALL_TIMEOUT_MS,
            config.stallTimeout().plus(config.connect().transactionInterval()));
    return new DeliveryLimits(stall, stall, true, false);
  }

  Limit of(SourcePartition source) {
    return source instanceof SourcePartition.OfFile ? dataFile : shard;
  }
}
