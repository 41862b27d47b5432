package io.github.dynamokc.stream;

import io.github.dynamokc.aws.AwsErrors;
import io.github.dynamokc.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rule of {@code stream.on.data.loss}: what becomes of a shard whose changes are gone. */
final class DataLoss {
  private static final Logger LOG = LoggerFactory.getLogger(DataLoss.class);

  private DataLoss() {}

  /**
   * Decides about a shard of which changes are gone unread, where that is not the connector's to do
   * ({@link LossWait}). Returns if reading goes on.
   *
   * @param gap when those changes were made
   * @param reason what is gone, and why
   * @return what a {@code DATA_LOSS} record says of it
   * @throws DataLossException if the policy is to fail
   */
  static String tolerate(StreamContext context, String shardId, Retention.Gap gap, String reason) {
    context.metrics().add(Counter.DATA_LOSS_EVENTS, 1);
    String said = AwsErrors.withoutFullStop(reason);
    String what = context.nameOf(shardId) + ": " + said;
    if (isInSnapshot(context)) {
      LOG.error("{}. {}", what, StreamStart.IN_SNAPSHOT);
      return said + ". " + StreamStart.IN_SNAPSHOT;
    }
    switch (context.config().onDataLoss()) {
      case FAIL ->
          throw new DataLossException(
              "%s. In Kafka, %s. Set stream.on.data.loss=repair to have them loaded from incremental exports, or another snapshot.id to take a new snapshot. To go on without them, with a DATA_LOSS record in the status topic, set stream.on.data.loss=continue. The stream is %s"
                  .formatted(what, gap, context.streamArn()),
              gap.fromMs());
      case CONTINUE -> LOG.error("{}. In Kafka, {}; going on", what, gap);
      case REPAIR, NEW_SNAPSHOT ->
          throw new IllegalStateException("That is for the connector to see to: " + what);
    }
    return said;
  }

  /**
   * Notes that a shard was set by hand to be skipped, whatever the policy is.
   *
   * @param gap when the changes were made that are skipped
   * @return what a {@code DATA_LOSS} record says of it
   */
  static String ofSkipped(StreamContext context, String shardId, Retention.Gap gap, String reason) {
    context.metrics().add(Counter.DATA_LOSS_EVENTS, 1);
    LOG.error(
        "{}: {}. In Kafka, {}. Children that are listed are read from their beginning",
        context.nameOf(shardId),
        reason,
        gap);
    return reason + ". Children that are listed are read from their beginning";
  }

  /** What a stream has lost is older than its retention. */
  static boolean isInSnapshot(StreamContext context) {
    return !Retention.mayHaveTrimmed(context.start().inSnapshotUpToMs(), context.clock().millis());
  }
}
