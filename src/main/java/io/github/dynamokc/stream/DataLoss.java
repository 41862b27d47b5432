package io.github.dynamokc.stream;

import io.github.dynamokc.aws.AwsErrors;
import io.github.dynamokc.metrics.Counter;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rule of {@code stream.on.data.loss}: what becomes of a shard whose changes are gone. */
final class DataLoss {
  private static final Logger LOG = LoggerFactory.getLogger(DataLoss.class);

  private DataLoss() {}

  /**
   * Decides about a shard of which changes are gone unread. Returns if reading goes on.
   *
   * @param reason what is gone, and why
   * @return what a {@code DATA_LOSS} record says of it
   * @throws ConnectException if the policy is to fail
   */
  static String tolerate(StreamContext context, String shardId, String reason) {
    context.metrics().add(Counter.DATA_LOSS_EVENTS, 1);
    String what = context.nameOf(shardId) + ": " + AwsErrors.withoutFullStop(reason);
    if (isInSnapshot(context)) {
      LOG.error("{}. {}", what, StreamStart.IN_SNAPSHOT);
      return AwsErrors.withoutFullStop(reason) + ". " + StreamStart.IN_SNAPSHOT;
    }
    switch (context.config().onDataLoss()) {
      case FAIL ->
          throw new ConnectException(
              "%s. Changes may be missing in Kafka. Take a new snapshot: set another snapshot.id. To go on without them, with a DATA_LOSS record in the status topic, set stream.on.data.loss=continue. The stream is %s"
                  .formatted(what, context.streamArn()));
      case CONTINUE -> LOG.error("{}. Changes may be missing in Kafka; going on", what);
    }
    return reason;
  }

  /** What a stream has lost is older than its retention. */
  private static boolean isInSnapshot(StreamContext context) {
    return context.start().inSnapshotUpToMs()
        > context.clock().millis() - StreamContext.RETENTION.toMillis();
  }
}
