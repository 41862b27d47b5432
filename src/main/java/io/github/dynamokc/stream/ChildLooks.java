package io.github.dynamokc.stream;

import io.github.dynamokc.concurrent.Backoff;
import io.github.dynamokc.lineage.Shard;
import java.time.Duration;
import java.util.List;

/**
 * A few quick looks for the children of one shard alone, which are usually listed within a second.
 * After them, or when so many shards look that a whole listing is sooner, a listing is due. On one
 * thread at a time.
 */
final class ChildLooks {
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);
  private static final int LOOKS = 4;

  private final StreamReader readers;
  private final String parent;
  private final RateLimiter.Permit permit;
  private final Backoff untilNext;
  private int looks;

  ChildLooks(StreamReader readers, String parent) {
    this.readers = readers;
    this.parent = parent;
    this.permit = readers.context().describePermit();
    this.untilNext = new Backoff(readers.context().timing().random(), FIRST_RETRY, LAST_RETRY);
  }

  /** Whether such a look gets an answer sooner than a listing. */
  boolean areSooner() {
    return looks < LOOKS && !readers.discovery().isSoonerThanLooks();
  }

  /**
   * Looks once, or waits for its turn.
   *
   * @throws StreamApiException if there is no answer
   */
  Look next() {
    Duration wait = permit.acquire();
    if (!wait.isZero()) {
      return new Look(List.of(), wait);
    }
    looks++;
    return new Look(readers.childrenOf(parent), untilNext.next());
  }

  /**
   * The outcome of a look.
   *
   * @param children none if none is listed, or if it was not this one's turn
   * @param untilNext how long to wait before the next look
   */
  record Look(List<Shard> children, Duration untilNext) {}
}
