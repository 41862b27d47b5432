package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Absence;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a shard that is said not to exist is gone: several complete listings over
 * minutes have to lack it. It is there if one has it, or if it gives an iterator. For one shard,
 * over all times at which it is said not to exist.
 */
final class MissingShard {
  private final StreamReader readers;
  private final String shardId;
  private final Absence absence = new Absence();
  private ShardDiscovery.@Nullable Request request;
  private @Nullable ShardListing goneFrom;

  MissingShard(StreamReader readers, String shardId) {
    this.readers = readers;
    this.shardId = shardId;
  }

  /** The shard is there. */
  void seen() {
    absence.seen();
  }

  /** Since when listings lack it, epoch ms. */
  long sinceMs() {
    return absence.sinceMs();
  }

  /**
   * Looks once.
   *
   * @param asking takes the next step
   * @return null when it is known whether the shard is gone
   */
  @Nullable JobResult look(Job asking) {
    if (request == null) {
      request = readers.discovery().ask(asking);
      return new JobResult.Parked();
    }
    ShardListing listing = request.listing();
    if (listing == null) {
      return new JobResult.Parked();
    }
    request = null;
    goneFrom = null;
    if (listing.has(shardId)) {
      absence.seen();
      return null;
    }
    if (!absence.missed(readers.context().clock().millis())) {
      return new JobResult.Delay(readers.context().config().shardDiscoveryInterval());
    }
    goneFrom = listing;
    return null;
  }

  /** The last listing that lacks the shard if it is gone; null if it is there. */
  @Nullable ShardListing goneFrom() {
    return goneFrom;
  }
}
