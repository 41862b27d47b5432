package io.github.dynamokc.stream;

import io.github.dynamokc.concurrent.Backoff;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.Shard;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the children of a shard that is read to its end, and starts a reader for each. The
 * listing is eventually consistent: a closed shard may show no child for minutes, or one child of a
 * split later than the other; and some servers do not know the filter for children.
 *
 * <p>The search has four stages. First, a few quick looks at the children alone. Then full
 * listings, one each {@code shard.discovery.interval.ms}, shared with all shards that wait for a
 * listing, until there is a child. Then a few more looks for a late child. At last the shard goes
 * to its {@link OffsetRetirement}.
 */
final class ChildSearch {
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);
  private static final int QUICK_LOOKS = 6;
  private static final int LOOKS_FOR_LATE_CHILDREN = 3;

  /** When so many shards end at once that their looks would take longer, a listing is sooner. */
  private static final Duration CROWD = Duration.ofSeconds(3);

  private final StreamReader readers;
  private final StreamContext context;
  private final ShardOutput parent;
  private final long finishedAtMs;
  private final @Nullable Lineage readBefore;
  private final Set<String> begun = new HashSet<>();
  private final Backoff untilQuickLook;
  private final RateLimiter.Permit permit;
  private @Nullable Instant since;
  private int quickLooks;
  private int lateLooks;
  private Duration untilLateLook;
  private ShardDiscovery.@Nullable Request request;

  /**
   * @param finishedAtMs when the parent's end was reached, epoch ms
   * @param readBefore what an earlier run left below the parent, null for nothing
   */
  ChildSearch(
      StreamReader readers, ShardOutput parent, long finishedAtMs, @Nullable Lineage readBefore) {
    this.readers = readers;
    this.context = readers.context();
    this.parent = parent;
    this.finishedAtMs = finishedAtMs;
    this.readBefore = readBefore;
    this.untilLateLook = context.config().shardDiscoveryInterval();
    this.untilQuickLook = new Backoff(context.timing().random(), FIRST_RETRY, LAST_RETRY);
    this.permit = context.describePermit();
  }

  /**
   * Looks once.
   *
   * @param asking takes the next step
   */
  JobResult look(Job asking) throws InterruptedException {
    if (request != null) {
      return lookAtListing(request);
    }
    boolean quick =
        quickLooks < QUICK_LOOKS && context.access().limiter().backlog().compareTo(CROWD) <= 0;
    if (begun.isEmpty() && !quick) {
      request = readers.discovery().ask(asking);
      return new JobResult.Parked();
    }
    Duration wait = permit.acquire();
    return wait.isZero() ? lookAtChildren() : new JobResult.Delay(wait);
  }

  private JobResult lookAtListing(ShardDiscovery.Request asked) throws InterruptedException {
    ShardListing listing = asked.listing();
    if (listing == null) {
      return new JobResult.Parked();
    }
    request = null;
    begin(listing.childrenOf(parent.shardId()));
    if (!begun.isEmpty()) {
      return beforeLateLook();
    }
    if (!listing.has(parent.shardId())) {
      return childrenAreGone();
    }
    if (listing.isOfEnabledStream()) {
      failIfOverdue();
    }
    return new JobResult.Delay(context.config().shardDiscoveryInterval());
  }

  /** A lineage that stands still must not be taken for an idle one. */
  private void failIfOverdue() {
    Instant now = context.clock().instant();
    if (since == null) {
      since = now;
    }
    Duration passed = Duration.between(since, now);
    if (passed.compareTo(context.config().stallTimeout()) >= 0) {
      throw new ConnectException(
          "%s is closed and read to its end, and though its stream %s is enabled it has shown no child of it since %s, which is longer than stall.timeout.ms=%d allows"
              .formatted(
                  context.nameOf(parent.shardId()),
                  context.streamArn(),
                  since,
                  context.config().stallTimeout().toMillis()));
    }
  }

  private JobResult lookAtChildren() throws InterruptedException {
    boolean late = !begun.isEmpty();
    begin(readers.childrenOf(parent.shardId()));
    if (begun.isEmpty()) {
      quickLooks++;
      return new JobResult.Delay(untilQuickLook.next());
    }
    if (late && ++lateLooks == LOOKS_FOR_LATE_CHILDREN) {
      readers.retire(parent.shardId(), finishedAtMs + OffsetRetirement.DELAY.toMillis());
      return new JobResult.Done();
    }
    return beforeLateLook();
  }

  private JobResult beforeLateLook() {
    Duration wait = untilLateLook;
    untilLateLook = wait.multipliedBy(4);
    return new JobResult.Delay(wait);
  }

  private JobResult childrenAreGone() throws InterruptedException {
    String reason =
        "it was read to its end, but is gone from the stream, and its children with it if it had any";
    String said = DataLoss.tolerate(context, parent.shardId(), reason);
    context.lag().end(parent.shardId());
    parent.announceLossOfRest(
        said, () -> readers.retire(parent.shardId(), context.clock().millis()));
    return new JobResult.Done();
  }

  private void begin(List<Shard> children) throws InterruptedException {
    List<Shard> found = children.stream().filter(child -> begun.add(child.id())).toList();
    if (!found.isEmpty()) {
      readers.beginChildren(parent.lineage(), found, parent.version(), readBefore);
      context.lag().handOn(parent.shardId(), found);
    }
  }
}
