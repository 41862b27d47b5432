package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Absence;
import io.github.dynamokc.lineage.Inheritance;
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.record.StatusType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do of a shard whose children are followed: to have late children read, as a
 * listing may show the second child of a split minutes after the first, and in the end to retire
 * its offset (invariant C). Two conditions hold by then: each child has a committed offset, or is
 * retired itself while its own children have offsets; and an hour has passed since the shard's end,
 * so that every task that was started from an older plan has listed the shards. The offsets that
 * stay are those near the open end of the stream.
 *
 * <p>Nothing here is urgent: the looks share listings that are made when there are calls to spare.
 */
final class EndedShard implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(EndedShard.class);

  static final Duration RETIRED_AFTER = Duration.ofHours(1);

  private static final List<Duration> LATE_LOOKS =
      List.of(Duration.ofSeconds(30), Duration.ofSeconds(150), Duration.ofSeconds(630));
  private static final Duration LONGEST_TURN = Duration.ofSeconds(10);
  private static final Duration UNTIL_NEXT_TRY = Duration.ofMinutes(10);

  private final StreamReader readers;
  private final StreamContext context;
  private final String shardId;
  private final @Nullable Parent parent;
  private final long endedAtMs;
  private final Absence absence = new Absence();
  private final RateLimiter.Permit permit;
  private int looks;
  private boolean lookedAlone;
  private boolean gone;
  private ShardDiscovery.@Nullable Request request;

  /**
   * A shard of a lineage that this task reads.
   *
   * @param lineage the shard that the task was given, from which it descends
   * @param inheritance what it leaves to its children
   * @param skipped whether it was set by hand to be skipped, as its children were not listed in
   *     time: they are looked for until it is listed no more
   */
  record Parent(String shardId, String lineage, Inheritance inheritance, boolean skipped) {}

  /**
   * @param parent null if the lineage is not read by this task, which then only retires the offset
   * @param endedAtMs when the shard's end was reached, epoch ms
   */
  EndedShard(StreamReader readers, String shardId, @Nullable Parent parent, long endedAtMs) {
    this.readers = readers;
    this.context = readers.context();
    this.permit = context.describePermit();
    this.shardId = shardId;
    this.parent = parent;
    this.endedAtMs = endedAtMs;
    if (parent == null) {
      looks = LATE_LOOKS.size();
    }
    // A task that has just started has seen what was listed until then.
    while (looks < LATE_LOOKS.size() && dueAt(looks) <= context.clock().millis()) {
      looks++;
    }
  }

  /** The same of a shard that is proven to be gone with its children. */
  static EndedShard gone(StreamReader readers, String shardId) {
    EndedShard shard = new EndedShard(readers, shardId, null, 0);
    shard.gone = true;
    return shard;
  }

  /** When the end of a shard was reached that no reader has: it is retired an hour after that. */
  static long endedAtMs(@Nullable ShardOffset offset, long nowMs) {
    return offset instanceof ShardOffset.Finished finished ? finished.at() : nowMs;
  }

  private long dueAt(int look) {
    Duration after = look < LATE_LOOKS.size() ? LATE_LOOKS.get(look) : RETIRED_AFTER;
    return endedAtMs + after.toMillis();
  }

  @Override
  public JobResult step() throws InterruptedException {
    if (gone) {
      return retire();
    }
    if (request != null) {
      return lookAtListing(request);
    }
    long early = dueAt(looks) - context.clock().millis();
    if (early > 0) {
      return new JobResult.Delay(Duration.ofMillis(early));
    }
    if (looks < LATE_LOOKS.size()) {
      request = readers.discovery().askForRecentLater(this);
      return new JobResult.Parked();
    }
    if (!lookedAlone && !isSkipped() && readers.discovery().isLong()) {
      return lookAlone();
    }
    lookedAlone = false;
    request = readers.discovery().askForLater(this);
    return new JobResult.Parked();
  }

  private boolean isSkipped() {
    return parent != null && parent.skipped();
  }

  /** Of a long stream, a look at the children alone costs less than a listing. */
  private JobResult lookAlone() throws InterruptedException {
    Duration wait = permit.acquireIfFree();
    if (!wait.isZero()) {
      // Thousands may wait, and need not ask all at once.
      long more = context.timing().random().nextLong(LONGEST_TURN.toMillis());
      return new JobResult.Delay(wait.plusMillis(more));
    }
    List<Shard> children = List.of();
    try {
      children = readers.childrenOf(shardId);
    } catch (StreamApiException e) {
      LOG.debug("The children of {} were not listed", context.nameOf(shardId), e);
    }
    lookedAlone = true;
    return haveOffsets(children) ? retire() : JobResult.now();
  }

  private boolean haveOffsets(List<Shard> children) {
    List<String> ids = children.stream().map(Shard::id).toList();
    return !children.isEmpty() && context.offsetsOf(ids).size() == children.size();
  }

  private JobResult lookAtListing(ShardDiscovery.Request asked) throws InterruptedException {
    ShardListing listing = asked.listing();
    if (listing == null) {
      return new JobResult.Parked();
    }
    request = null;
    List<Shard> children = listing.childrenOf(shardId);
    if (looks < LATE_LOOKS.size()) {
      looks++;
      if (parent != null) {
        readers.beginLateChildren(parent, listing);
      }
      return JobResult.now();
    }
    if (parent != null && parent.skipped() && listing.has(shardId)) {
      readers.beginLateChildren(parent, listing);
      return new JobResult.Delay(UNTIL_NEXT_TRY);
    }
    return mayBeRetired(listing, children) ? retire() : new JobResult.Delay(UNTIL_NEXT_TRY);
  }

  /** Children may be retired themselves, or listed no more, or not be followed yet after all. */
  private boolean mayBeRetired(ShardListing listing, List<Shard> children) {
    if (haveOffsets(children)) {
      return true;
    }
    if (children.isEmpty()) {
      // A stream that is said not to exist proves nothing of offsets.
      boolean gone = !listing.isEmpty() && !listing.has(shardId);
      return gone && absence.missed(context.clock().millis());
    }
    return listing.below(shardId, context).childrenGoOnWithout(shardId);
  }

  private JobResult retire() throws InterruptedException {
    context.output().announce(StatusType.SHARD_RETIRED, context.partition(shardId), null);
    readers.forget(shardId);
    return new JobResult.Done();
  }
}
