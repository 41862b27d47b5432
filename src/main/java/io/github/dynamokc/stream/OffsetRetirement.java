package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.record.StatusType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Retires the offset of a finished shard (invariant C). Two conditions hold by then: each child has
 * a committed offset, or is retired itself while its own children have offsets; and an hour has
 * passed since the shard's end, so that every task that was started from an older plan has listed
 * the shards. The offsets that stay are those near the open end of the stream.
 */
final class OffsetRetirement implements Job {
  static final Duration DELAY = Duration.ofHours(1);

  private static final Duration UNTIL_NEXT_TRY = Duration.ofMinutes(10);

  private final StreamReader readers;
  private final StreamContext context;
  private final String shardId;
  private final long notBeforeMs;
  private final RateLimiter.Permit permit;
  private final FailureTracker failures;
  private ShardDiscovery.@Nullable Request request;

  /**
   * @param notBeforeMs epoch ms
   */
  OffsetRetirement(StreamReader readers, String shardId, long notBeforeMs) {
    this.readers = readers;
    this.context = readers.context();
    this.shardId = shardId;
    this.notBeforeMs = notBeforeMs;
    this.permit = context.describePermit();
    this.failures =
        new FailureTracker(context, "Retiring the offset of " + context.nameOf(shardId));
  }

  /** When the offset of a shard that no task needs any more may be retired; epoch ms. */
  static long dueAt(@Nullable ShardOffset offset, long nowMs) {
    return (offset instanceof ShardOffset.Finished finished ? finished.at() : nowMs)
        + DELAY.toMillis();
  }

  @Override
  public JobResult step() throws InterruptedException {
    long early = notBeforeMs - context.clock().millis();
    if (early > 0) {
      return new JobResult.Delay(Duration.ofMillis(early));
    }
    try {
      JobResult next = request == null ? lookAtChildren() : lookAtListing(request);
      failures.onSuccess();
      return next;
    } catch (StreamApiException e) {
      return failures.onFailure(e);
    }
  }

  private JobResult lookAtChildren() throws InterruptedException {
    Duration wait = permit.acquire();
    if (!wait.isZero()) {
      return new JobResult.Delay(wait);
    }
    List<String> children = readers.childrenOf(shardId).stream().map(Shard::id).toList();
    if (!children.isEmpty() && context.offsetsOf(children).size() == children.size()) {
      return retire();
    }
    request = readers.discovery().ask(this);
    return new JobResult.Parked();
  }

  /** Children may be retired themselves, or listed no more, or not be followed yet after all. */
  private JobResult lookAtListing(ShardDiscovery.Request asked) throws InterruptedException {
    ShardListing listing = asked.listing();
    if (listing == null) {
      return new JobResult.Parked();
    }
    request = null;
    boolean childrenAreToCome = listing.has(shardId) && listing.childrenOf(shardId).isEmpty();
    // A stream that is said not to exist proves nothing of offsets.
    boolean proof = !listing.isEmpty() && !childrenAreToCome;
    return proof && listing.below(shardId, context).childrenGoOnWithout(shardId)
        ? retire()
        : new JobResult.Delay(UNTIL_NEXT_TRY);
  }

  private JobResult retire() throws InterruptedException {
    context.output().announce(StatusType.SHARD_RETIRED, context.partition(shardId), null);
    return new JobResult.Done();
  }
}
