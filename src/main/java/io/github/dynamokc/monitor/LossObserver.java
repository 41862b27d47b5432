package io.github.dynamokc.monitor;

import io.github.dynamokc.config.LossResponse;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.Repaired;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.stream.DataLossException;
import io.github.dynamokc.stream.Retention;
import io.github.dynamokc.stream.StreamStart;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a table when changes of its stream are gone unread: the rule of {@code
 * stream.on.data.loss} and {@code snapshot.mode=when_needed}, as far as it is for the connector and
 * not for the task that meets the loss. On one thread of the monitor.
 */
final class LossObserver {
  private static final Logger LOG = LoggerFactory.getLogger(LossObserver.class);

  private final TableConfig config;
  private final ObserverContext context;
  private boolean said;

  LossObserver(TableConfig config, ObserverContext context) {
    this.config = config;
    this.context = context;
  }

  /**
   * Looks whether changes are lost of a stream that is followed.
   *
   * @param leftBehind what is committed of shards that are not listed any more
   * @param planned tells whether something is committed of all lineages
   * @return what is to be done instead of reading it; null to read it
   * @throws ConnectException if a new snapshot is wanted, and would be too late again
   */
  @Nullable ObservedTable of(
      TableOffset offset,
      StreamStart start,
      ObservedTable.Streaming seen,
      Collection<ShardOffset> leftBehind,
      PlannedLineages planned) {
    LossResponse response = config.stream().onDataLoss();
    if (!response.isConnectors()) {
      return null;
    }
    long now = context.clock().millis();
    List<Long> lost =
        LostLineages.readUpToMs(
            seen.lineage(),
            leftBehind,
            start,
            LostLineages.Delivered.of(offset, config.stream()),
            now);
    boolean inSnapshot = !Retention.mayHaveTrimmed(start.inSnapshotUpToMs(), now);
    if (lost.isEmpty() || inSnapshot || !seen.lineage().heldBack().isEmpty()) {
      said = false;
      return null;
    }
    return instead(
        response,
        offset,
        seen.due(),
        seen.stream(),
        new TableWork.Gap(
            "changes of the stream were not read while it kept them, which is 24 hours",
            lost.size(),
            Collections.min(lost),
            !planned.areCommitted(
                seen.stream(), seen.shards().stream().map(ObservedShard::id).toList()),
            null,
            DocumentVersion.NONE,
            List.of()));
  }

  /**
   * Decides about a stream that has ended, and another one that the table has now: what was changed
   * in between is in neither.
   *
   * @param next the ARN of the other stream
   * @param version the highest document version of the ended one
   * @param deliveredUpToMs up to when the lineages of the ended stream are in Kafka, epoch ms
   * @param readUpToMs up to when all of it was read, epoch ms
   * @param what what became of the ended stream, in words for the user
   * @return what is to be done before the other stream is read; null for nothing
   * @throws DataLossException if the policy is to fail
   */
  @Nullable ObservedTable ofEnded(
      TableOffset offset,
      ObservedTable.Streaming.Due due,
      String next,
      long version,
      List<Long> deliveredUpToMs,
      long readUpToMs,
      String what) {
    String followed = String.valueOf(offset.registration().streamArn());
    LossResponse response = config.stream().onDataLoss();
    if (response == LossResponse.CONTINUE) {
      return null;
    }
    if (response == LossResponse.FAIL) {
      context.metrics().add(Counter.DATA_LOSS_EVENTS, 1);
      throw new DataLossException(
          "Table %s has the stream %s, the connector's offsets are of %s: the stream was disabled and enabled again, and changes between the two are in neither: of those after %s, some may be missing. %s. Set stream.on.data.loss=repair to have them loaded from incremental exports, another snapshot.id to take a new snapshot, or stream.on.data.loss=continue to go on with the new stream"
              .formatted(name(), next, followed, Instant.ofEpochMilli(readUpToMs), what),
          readUpToMs);
    }
    return instead(
        response,
        offset,
        due,
        followed,
        new TableWork.Gap(
            "the stream %s was disabled and %s enabled after it, and changes in between are in neither"
                .formatted(followed, next),
            deliveredUpToMs.size(),
            Collections.min(deliveredUpToMs),
            false,
            next,
            version,
            deliveredUpToMs));
  }

  private ObservedTable instead(
      LossResponse response,
      TableOffset offset,
      ObservedTable.Streaming.Due due,
      String stream,
      TableWork.Gap gap) {
    if (response == LossResponse.REPAIR) {
      say(gap, "They are loaded from incremental exports");
      Repaired repaired = offset.registration().repaired();
      return new ObservedTable.Holding(
          new TableWork.HoldStream(
              name(),
              stream,
              gap,
              due.loaded(),
              repaired == null ? null : repaired.upToMs(),
              due.repaired()));
    }
    TableOffset.Export export = offset.export();
    if (due.loaded() || export == null) {
      context.metrics().add(Counter.DATA_LOSS_EVENTS, 1);
      throw new ConnectException(
          "Table %s: %s, those since %s, and a new snapshot would be too late again: the last one took longer than the stream keeps changes. Set stream.on.data.loss=repair to have them loaded from incremental exports, or take a snapshot that is faster: more tasks, a higher export.file.concurrency"
              .formatted(name(), gap.reason(), Instant.ofEpochMilli(gap.from())));
    }
    if (!said) {
      context.metrics().add(Counter.DATA_LOSS_EVENTS, 1);
    }
    say(gap, "A new snapshot is taken");
    return new ObservedTable.Preparing(name(), export.attempt() + 1);
  }

  private void say(TableWork.Gap gap, String andNow) {
    if (!said) {
      said = true;
      LOG.warn(
          "Table {}: {}, since {} (shards: {}). {}",
          name(),
          gap.reason(),
          Instant.ofEpochMilli(gap.from()),
          gap.shards(),
          andNow);
    }
  }

  private String name() {
    return config.table().name();
  }
}
