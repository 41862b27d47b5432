package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Absence;
import io.github.dynamokc.lineage.RootEvidence;
import java.time.Duration;

/**
 * A task that meets a loss which the connector is to make up for waits: the connector finds it by
 * the same rule, as soon as it is clear what the listing shows, and then gives the task other work.
 * That it has not for {@code stall.timeout.ms} after that fails the task. For one shard.
 */
final class LossWait {
  /** Until the connector knows what the listing shows, should it be restarted meanwhile. */
  private static final Duration EVIDENCE = RootEvidence.LONGEST.multipliedBy(2);

  private final StreamContext context;
  private final String shardId;
  private final Duration patience;
  private final Absence other;

  LossWait(StreamContext context, String shardId) {
    this.context = context;
    this.shardId = shardId;
    this.patience = EVIDENCE.plus(context.config().stallTimeout());
    this.other = new Absence(patience);
  }

  /**
   * Whether a loss is the connector's to see to.
   *
   * @return false if the task decides about it
   */
  boolean isDue() {
    return context.config().onDataLoss().isConnectors() && !DataLoss.isInSnapshot(context);
  }

  /**
   * Waits some more.
   *
   * @throws DataLossException if that was long enough
   */
  JobResult.Delay again(Retention.Gap gap, String reason) {
    if (other.missed(context.clock().millis())) {
      throw new DataLossException(
          "%s: %s. In Kafka, %s. The connector was to make up for that and has not begun to within %d minutes (stall.timeout.ms and %d more); its status and the worker's log say why. Restart the connector. The stream is %s"
              .formatted(
                  context.nameOf(shardId),
                  reason,
                  gap,
                  patience.toMinutes(),
                  EVIDENCE.toMinutes(),
                  context.streamArn()),
          gap.fromMs());
    }
    Duration interval = context.config().shardDiscoveryInterval();
    return new JobResult.Delay(interval);
  }
}
