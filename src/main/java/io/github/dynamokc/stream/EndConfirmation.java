package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Shard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a shard is closed that gave no next iterator, which it may do before its end: a
 * child shows that it is, or a listing. Children are new, and a complete listing may be minutes
 * longer than one of what is new, so that is asked for first.
 */
final class EndConfirmation {
  private final StreamReader readers;
  private final String shardId;
  private final ChildLooks looks;
  private boolean complete;
  private ShardDiscovery.@Nullable Request request;
  private List<Shard> children = List.of();

  EndConfirmation(StreamReader readers, String shardId) {
    this.readers = readers;
    this.shardId = shardId;
    this.looks = new ChildLooks(readers, shardId);
  }

  /**
   * Looks once.
   *
   * @param asking takes the next step
   * @return null when the shard is known to be closed
   * @throws StreamApiException if a complete listing does not show that
   */
  @Nullable JobResult look(Job asking) {
    if (request != null) {
      return lookAtListing(request);
    }
    if (!looks.areSooner()) {
      request = ask(asking);
      return new JobResult.Parked();
    }
    ChildLooks.Look look = looks.next();
    children = look.children();
    return children.isEmpty() ? new JobResult.Delay(look.untilNext()) : null;
  }

  private ShardDiscovery.Request ask(Job asking) {
    complete |= !readers.discovery().isLong();
    return complete ? readers.discovery().ask(asking) : readers.discovery().askForRecent(asking);
  }

  private @Nullable JobResult lookAtListing(ShardDiscovery.Request asked) {
    ShardListing listing = asked.listing();
    if (listing == null) {
      return new JobResult.Parked();
    }
    request = null;
    children = listing.childrenOf(shardId);
    if (!children.isEmpty() || listing.isClosed(shardId)) {
      return null;
    }
    if (!complete) {
      complete = true;
      return JobResult.now();
    }
    throw new StreamApiException(
        StreamApiException.Kind.ITERATOR_EXPIRED,
        "GetRecords gave no next iterator, though the shard is not listed as closed.",
        null);
  }

  /** The children that are known when the shard is known to be closed. */
  List<Shard> children() {
    return children;
  }
}
