package io.github.dynamokc.stream;

import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.record.StatusType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the offset of a finished shard away when nobody needs it any more (invariant C): the facts
 * of all its children are committed, or their own offsets are retired already and those of their
 * children are; and an hour has passed since its end, so that a task which was started from an
 * older plan has long listed the shards by now. What stays are the facts near the open end of the
 * stream.
 */
final class Retirement implements Step {
  static final Duration DELAY = Duration.ofHours(1);

  private static final Duration UNTIL_NEXT_TRY = Duration.ofMinutes(10);

  private final ShardReaders readers;
  private final StreamSource source;
  private final String shardId;
  private final long notBeforeMs;
  private final CallPace.Turn turn;
  private final Failures failures;
  private ShardDiscovery.@Nullable Request request;

  /**
   * @param notBeforeMs epoch ms
   */
  Retirement(ShardReaders readers, String shardId, long notBeforeMs) {
    this.readers = readers;
    this.source = readers.source();
    this.shardId = shardId;
    this.notBeforeMs = notBeforeMs;
    this.turn = source.pace().new Turn();
    this.failures = new Failures(source, "Retiring the offset of " + source.nameOf(shardId));
  }

  /** When the offset of a shard, which nobody needs any more, may be retired; epoch ms. */
  static long dueAt(@Nullable ShardOffset fact, long nowMs) {
    return (fact instanceof ShardOffset.Finished finished ? finished.at() : nowMs)
        + DELAY.toMillis();
  }

  @Override
  public Next step() throws InterruptedException {
    long early = notBeforeMs - source.clock().millis();
    if (early > 0) {
      return new Next.After(Duration.ofMillis(early));
    }
    try {
      Next next = request == null ? lookAtChildren() : lookAtListing(request);
      failures.over();
      return next;
    } catch (StreamApiException e) {
      return failures.waitOut(e);
    }
  }

  private Next lookAtChildren() throws InterruptedException {
    Duration wait = turn.take();
    if (!wait.isZero()) {
      return new Next.After(wait);
    }
    List<String> children = readers.childrenOf(shardId).stream().map(Shard::id).toList();
    if (!children.isEmpty() && source.factsOf(children).size() == children.size()) {
      return retire();
    }
    request = readers.discovery().ask(this);
    return new Next.WhenWoken();
  }

  /** Children may be retired themselves, or listed no more, or not be followed yet after all. */
  private Next lookAtListing(ShardDiscovery.Request asked) throws InterruptedException {
    Listing listing = asked.listing();
    if (listing == null) {
      return new Next.WhenWoken();
    }
    request = null;
    boolean childrenAreToCome = listing.has(shardId) && listing.childrenOf(shardId).isEmpty();
    // A stream that is said not to exist proves nothing of facts.
    boolean proof = !listing.isEmpty() && !childrenAreToCome;
    return proof && listing.below(shardId, source).childrenGoOnWithout(shardId)
        ? retire()
        : new Next.After(UNTIL_NEXT_TRY);
  }

  private Next retire() throws InterruptedException {
    source
        .output()
        .queue()
        .put(
            List.of(
                source
                    .output()
                    .status()
                    .record(StatusType.SHARD_RETIRED, source.partition(shardId), null)));
    return new Next.Never();
  }
}
