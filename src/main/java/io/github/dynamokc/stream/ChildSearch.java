package io.github.dynamokc.stream;

import io.github.dynamokc.aws.Backoff;
import io.github.dynamokc.plan.Lineage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the children of a shard that is read to its end, and has each one read. The listing is
 * eventually consistent: a closed shard may show no child for minutes, or one child of a split
 * later than the other; and some servers do not know the filter for children.
 *
 * <p>So: a few quick looks at the children alone; then full listings, one at each {@code
 * shard.discovery.interval.ms}, shared with all shards that wait for one, until there is a child;
 * then a few more looks for a late one; then the shard is left to its {@link Retirement}.
 */
final class ChildSearch {
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);
  private static final int QUICK_LOOKS = 6;
  private static final int LOOKS_FOR_LATE_CHILDREN = 3;

  /** When so many shards end at once that their looks would take longer, a listing is sooner. */
  private static final Duration CROWD = Duration.ofSeconds(3);

  private final ShardReaders readers;
  private final StreamSource source;
  private final ShardOutput parent;
  private final long finishedAtMs;
  private final @Nullable Lineage readBefore;
  private final Set<String> begun = new HashSet<>();
  private final Backoff untilQuickLook;
  private final CallPace.Turn turn;
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
      ShardReaders readers, ShardOutput parent, long finishedAtMs, @Nullable Lineage readBefore) {
    this.readers = readers;
    this.source = readers.source();
    this.parent = parent;
    this.finishedAtMs = finishedAtMs;
    this.readBefore = readBefore;
    this.untilLateLook = source.config().shardDiscoveryInterval();
    this.untilQuickLook = new Backoff(source.random(), FIRST_RETRY, LAST_RETRY);
    this.turn = source.pace().new Turn();
  }

  /**
   * Looks once.
   *
   * @param asking takes the next step
   */
  Next look(Step asking) throws InterruptedException {
    if (request != null) {
      return lookAtListing(request);
    }
    boolean quick = quickLooks < QUICK_LOOKS && source.pace().backlog().compareTo(CROWD) <= 0;
    if (begun.isEmpty() && !quick) {
      request = readers.discovery().ask(asking);
      return new Next.WhenWoken();
    }
    Duration wait = turn.take();
    return wait.isZero() ? lookAtChildren() : new Next.After(wait);
  }

  private Next lookAtListing(ShardDiscovery.Request asked) throws InterruptedException {
    Listing listing = asked.listing();
    if (listing == null) {
      return new Next.WhenWoken();
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
    return new Next.After(source.config().shardDiscoveryInterval());
  }

  /** A lineage that stands still must not be taken for an idle one. */
  private void failIfOverdue() {
    Instant now = source.clock().instant();
    if (since == null) {
      since = now;
    }
    Duration passed = Duration.between(since, now);
    if (passed.compareTo(source.config().stallTimeout()) >= 0) {
      throw new ConnectException(
          "%s is closed and read to its end, and though its stream %s is enabled it has shown no child of it since %s, which is longer than stall.timeout.ms=%d allows"
              .formatted(
                  source.nameOf(parent.shardId()),
                  source.streamArn(),
                  since,
                  source.config().stallTimeout().toMillis()));
    }
  }

  private Next lookAtChildren() throws InterruptedException {
    boolean late = !begun.isEmpty();
    begin(readers.childrenOf(parent.shardId()));
    if (begun.isEmpty()) {
      quickLooks++;
      return new Next.After(untilQuickLook.next());
    }
    if (late && ++lateLooks == LOOKS_FOR_LATE_CHILDREN) {
      readers.retire(parent.shardId(), finishedAtMs + Retirement.DELAY.toMillis());
      return new Next.Never();
    }
    return beforeLateLook();
  }

  private Next beforeLateLook() {
    Duration wait = untilLateLook;
    untilLateLook = wait.multipliedBy(4);
    return new Next.After(wait);
  }

  private Next childrenAreGone() throws InterruptedException {
    String reason =
        "it was read to its end, but is gone from the stream, and its children with it if it had any";
    String said = source.tolerateLoss(parent.shardId(), reason);
    source.lag().end(parent.shardId());
    parent.announceLossOfRest(
        said, () -> readers.retire(parent.shardId(), source.clock().millis()));
    return new Next.Never();
  }

  private void begin(List<Shard> children) throws InterruptedException {
    List<Shard> found = children.stream().filter(child -> begun.add(child.id())).toList();
    if (!found.isEmpty()) {
      readers.beginChildren(parent.lineage(), found, parent.version(), readBefore);
      source.lag().handOn(parent.shardId(), found);
    }
  }
}
