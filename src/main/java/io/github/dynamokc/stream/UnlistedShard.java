package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Absence;
import io.github.dynamokc.offset.ShardOffset;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Retires the offset of a shard that nobody reads and that is listed no more: it was being read
 * before the connector was away for more than a day. What was lost of it, if anything was, is told
 * by those who read what came after it.
 *
 * <p>Its readUpTo is older than the retention by then, several complete listings over minutes lack
 * it, and an hour has passed, so that every task that was started from an older plan has seen that.
 */
final class UnlistedShard implements Job {
  private static final Duration UNTIL_NEXT_TRY = Duration.ofMinutes(10);

  private final StreamReader readers;
  private final StreamContext context;
  private final String shardId;
  private final long notBeforeMs;
  private final Absence absence = new Absence();
  private ShardDiscovery.@Nullable Request request;

  UnlistedShard(StreamReader readers, String shardId) {
    this.readers = readers;
    this.context = readers.context();
    this.shardId = shardId;
    this.notBeforeMs = context.clock().millis() + EndedShard.RETIRED_AFTER.toMillis();
  }

  @Override
  public JobResult step() throws InterruptedException {
    if (request != null) {
      return lookAtListing(request);
    }
    long now = context.clock().millis();
    if (now < notBeforeMs) {
      return new JobResult.Delay(Duration.ofMillis(notBeforeMs - now));
    }
    ShardOffset offset = context.offsetsOf(List.of(shardId)).get(shardId);
    if (offset == null) {
      readers.forget(shardId);
      return new JobResult.Done();
    }
    if (!Retention.mayHaveTrimmed(offset.readUpTo(), now)) {
      return new JobResult.Delay(UNTIL_NEXT_TRY);
    }
    request = readers.discovery().askForLater(this);
    return new JobResult.Parked();
  }

  private JobResult lookAtListing(ShardDiscovery.Request asked) throws InterruptedException {
    ShardListing listing = asked.listing();
    if (listing == null) {
      return new JobResult.Parked();
    }
    request = null;
    // A stream that is said not to exist proves nothing of its shards.
    if (listing.has(shardId)) {
      absence.seen();
    } else if (!listing.isEmpty() && absence.missed(context.clock().millis())) {
      readers.gone(shardId);
      return new JobResult.Done();
    }
    return new JobResult.Delay(UNTIL_NEXT_TRY);
  }
}
