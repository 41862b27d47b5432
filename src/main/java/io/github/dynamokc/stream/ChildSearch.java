package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Absence;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.Shard;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for the first children of a shard that is read to its end, and has them read. The listing
 * is eventually consistent: a closed shard may show no child for minutes, or one child of a split
 * later than the other; and some servers do not know the filter for children.
 *
 * <p>First come a few quick looks at the children alone, then listings, one each {@code
 * shard.discovery.interval.ms}, shared with all shards that wait for one, until there is a child.
 * What comes later is for {@link EndedShard}.
 *
 * <p>For children of a shard that somebody has set to be skipped nothing is urgent, and none may
 * come.
 */
final class ChildSearch {
  private static final Logger LOG = LoggerFactory.getLogger(ChildSearch.class);

  private static final int LISTINGS_UNTIL_COMPLETE = 20;

  private final StreamReader readers;
  private final StreamContext context;
  private final ShardOutput parent;
  private final long finishedAtMs;
  private final List<Shard> known;
  private final @Nullable Lineage readBefore;
  private final ChildLooks looks;
  private final LossWait lossWait;
  private final Absence absence = new Absence();
  private final Absence overdue;
  private ShardDiscovery.@Nullable Request request;
  private int listings;
  private boolean askedForRecent;
  private boolean askedForAll;

  /**
   * @param finishedAtMs when the parent's end was reached, epoch ms
   * @param known the children that are known already
   * @param readBefore what an earlier run left below the parent, null for nothing
   */
  ChildSearch(
      StreamReader readers,
      ShardOutput parent,
      long finishedAtMs,
      List<Shard> known,
      @Nullable Lineage readBefore) {
    this.readers = readers;
    this.context = readers.context();
    this.parent = parent;
    this.finishedAtMs = finishedAtMs;
    this.known = known;
    this.readBefore = readBefore;
    this.looks = new ChildLooks(readers, parent.shardId());
    this.lossWait = new LossWait(context, parent.shardId());
    this.overdue = new Absence(context.config().stallTimeout());
  }

  /**
   * Looks once.
   *
   * @param asking takes the next step
   */
  JobResult look(Job asking) throws InterruptedException {
    if (!known.isEmpty()) {
      return begin(known);
    }
    if (request != null) {
      return lookAtListing(request);
    }
    if (!looks.areSooner()) {
      request = ask(asking);
      return new JobResult.Parked();
    }
    ChildLooks.Look look = looks.next();
    return look.children().isEmpty()
        ? new JobResult.Delay(look.untilNext())
        : begin(look.children());
  }

  /** Children are new; a complete listing may be minutes longer. */
  private ShardDiscovery.Request ask(Job asking) {
    if (parent.isSkipped()) {
      askedForAll = listings++ % LISTINGS_UNTIL_COMPLETE == 0;
      return askedForAll
          ? readers.discovery().askForLater(asking)
          : readers.discovery().askForRecentLater(asking);
    }
    askedForAll = askedForRecent;
    askedForRecent = true;
    return !askedForAll
        ? readers.discovery().askForRecent(asking)
        : readers.discovery().ask(asking);
  }

  private JobResult lookAtListing(ShardDiscovery.Request asked) throws InterruptedException {
    ShardListing listing = asked.listing();
    if (listing == null) {
      return new JobResult.Parked();
    }
    request = null;
    List<Shard> children = listing.childrenOf(parent.shardId());
    if (!children.isEmpty()) {
      return begin(children);
    }
    boolean complete = askedForAll || !readers.discovery().isLong();
    if (!complete) {
      return new JobResult.Delay(context.config().shardDiscoveryInterval());
    }
    long now = context.clock().millis();
    if (!listing.has(parent.shardId()) && isOldEnoughToBeGone()) {
      boolean missed = absence.missed(now);
      long missingMs = now - absence.sinceMs();
      if (missed && (mayBeTrimmed() || missingMs >= context.untilYoungIsGone().toMillis())) {
        return parent.isSkipped() ? skippedIsGone() : childrenAreGone();
      }
    } else {
      absence.seen();
      if (listing.isOfEnabledStream() && !parent.isSkipped()) {
        failIfOverdue(now);
      }
    }
    return new JobResult.Delay(context.config().shardDiscoveryInterval());
  }

  /** A shard stays for 24 hours after it was closed, and its children are younger. */
  private boolean isOldEnoughToBeGone() {
    return mayBeTrimmed() || context.start().isAllThatTells(parent.readUpToMs());
  }

  private boolean mayBeTrimmed() {
    return Retention.mayHaveTrimmed(parent.readUpToMs(), context.clock().millis());
  }

  private boolean mayHaveLost() {
    return context.start().mayHaveLost(parent.readUpToMs(), context.clock().millis());
  }

  /** A lineage that stands still must not be taken for an idle one. */
  private void failIfOverdue(long nowMs) {
    if (overdue.missed(nowMs)) {
      throw new ConnectException(
          "%s is closed and read to its end, and though its stream %s is enabled it has shown no child of it since %s, which is longer than stall.timeout.ms=%d allows. A restart looks for one again. To go on without its children, with a DATA_LOSS record in the status topic: stop the connector, PATCH /connectors/<name>/offsets with %s and resume it"
              .formatted(
                  context.nameOf(parent.shardId()),
                  context.streamArn(),
                  Instant.ofEpochMilli(overdue.sinceMs()),
                  context.config().stallTimeout().toMillis(),
                  parent.requestToSkip(finishedAtMs)));
    }
  }

  /** What that leaves out is told. */
  private JobResult skippedIsGone() throws InterruptedException {
    readers.index().add(List.of(parent.lineage()));
    parent.passSkipToLineage();
    return new JobResult.Done();
  }

  private JobResult childrenAreGone() throws InterruptedException {
    if (!mayHaveLost()) {
      LOG.debug(
          "{} and its children are gone from the stream, and nothing that is wanted with them",
          context.nameOf(parent.shardId()));
      context.lag().end(parent.shardId());
      readers.gone(parent.shardId());
      return new JobResult.Done();
    }
    Retention.Gap gap =
        Retention.gap(context.start().toldUpToMs(parent.readUpToMs()), context.clock().millis());
    String reason =
        "it was read to its end, but is gone from the stream, and its children with it if it had any";
    if (lossWait.isDue()) {
      return lossWait.again(gap, reason);
    }
    String said = DataLoss.tolerate(context, parent.shardId(), gap, reason);
    context.lag().end(parent.shardId());
    parent.announceLossOfRest(gap, said, () -> readers.gone(parent.shardId()));
    return new JobResult.Done();
  }

  private JobResult begin(List<Shard> children) throws InterruptedException {
    readers.beginChildren(parent.lineage(), children, parent.inheritance(), readBefore);
    context.lag().handOn(parent.shardId(), children);
    readers.ended(
        new EndedShard.Parent(
            parent.shardId(), parent.lineage(), parent.inheritance(), parent.isSkipped()),
        parent.isSkipped() ? context.clock().millis() : finishedAtMs);
    return new JobResult.Done();
  }
}
