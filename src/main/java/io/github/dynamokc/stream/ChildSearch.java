package io.github.dynamokc.stream;

import io.github.dynamokc.aws.Backoff;
import io.github.dynamokc.offset.ShardOffset;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for the children of a shard that is read to its end, and has each one read. The listing is
 * eventually consistent: a closed shard may show no child for minutes, or one child of a split
 * later than the other.
 */
final class ChildSearch {
  private static final Logger LOG = LoggerFactory.getLogger(ChildSearch.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final int LOOKS_FOR_LATE_CHILDREN = 3;

  private final StreamSource source;
  private final ShardScheduler scheduler;
  private final String parent;
  private final long parentVersion;
  private final boolean descendantsMayHaveFacts;
  private final Set<String> begun = new HashSet<>();
  private final Backoff untilFirst;
  private Duration untilNextLook;
  private int looks;

  /**
   * @param parentVersion the parent's last document version, which its children go on from
   * @param descendantsMayHaveFacts whether an earlier run may have read children already
   */
  ChildSearch(
      StreamSource source,
      ShardScheduler scheduler,
      String parent,
      long parentVersion,
      boolean descendantsMayHaveFacts) {
    this.source = source;
    this.scheduler = scheduler;
    this.parent = parent;
    this.parentVersion = parentVersion;
    this.descendantsMayHaveFacts = descendantsMayHaveFacts;
    this.untilNextLook = source.config().shardDiscoveryInterval();
    this.untilFirst = new Backoff(source.random(), FIRST_RETRY, untilNextLook);
  }

  /** Looks once. */
  Next look() throws InterruptedException {
    List<Shard> found =
        source.api().children(source.streamArn(), parent).stream()
            .filter(child -> !begun.contains(child.id()))
            .toList();
    begin(found);
    if (begun.isEmpty()) {
      return new Next.After(untilFirst.next());
    }
    if (looks++ == LOOKS_FOR_LATE_CHILDREN) {
      return new Next.Never();
    }
    Duration wait = untilNextLook;
    untilNextLook = wait.multipliedBy(4);
    return new Next.After(wait);
  }

  private void begin(List<Shard> children) throws InterruptedException {
    Map<String, ShardOffset> facts = Descendants.facts(source, children);
    for (Shard child : children) {
      ShardOffset fact = facts.get(child.id());
      begun.add(child.id());
      ShardProgress progress =
          fact == null ? start(child) : ShardProgress.of(fact, source.clock().millis());
      LOG.info("Table {}: shard {} goes on in shard {}", source.table(), parent, child.id());
      scheduler.wake(
          new ShardReader(source, scheduler, child.id(), child.endingSequence(), progress));
    }
  }

  private ShardProgress start(Shard child) throws InterruptedException {
    long now = source.clock().millis();
    source.announceStarted(child.id(), new ShardOffset.Started(parentVersion, now));
    return ShardProgress.ofNewChild(parentVersion, now, descendantsMayHaveFacts);
  }
}
