package io.github.dynamokc.stream;

import io.github.dynamokc.aws.Backoff;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.MalformedJsonException;
import io.github.dynamokc.offset.OutstandingRecords;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.record.RecordMaker;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TrackedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one shard from where it stands to its end, and then starts readers for its children.
 *
 * <pre>
 *   CheckingEnd ──────────────┐ ended before the start time
 *      │ has later changes    │
 *      v                      v
 *   Opening ──> Reading ──> Finishing ──> FindingChildren ──> (never again)
 *      ^          │ │ ^                        ^
 *      └──────────┘ v │                        │
 *       expired   Verifying                    │
 *                                              │
 *   PositionLost (from any) ───────────────────┘ a child has a fact: nothing is lost
 * </pre>
 *
 * Between Finishing and FindingChildren stands invariant A: all records of the shard, {@code
 * SHARD_FINISHED} included, are acknowledged by Kafka before a child gets a fact. No error leads to
 * Finishing (invariant E): only a null next iterator does, or the proof that the shard ended before
 * the start time.
 *
 * <p>Steps come one at a time from the scheduler's threads.
 */
final class ShardReader {
  private static final Logger LOG = LoggerFactory.getLogger(ShardReader.class);
  private static final Duration RETENTION = Duration.ofHours(24);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(20);

  private static final Duration WORTH_A_WARNING = Duration.ofSeconds(2);

  private final StreamSource source;
  private final ShardScheduler scheduler;
  private final String shardId;
  private final OutstandingRecords outstanding = new OutstandingRecords();
  private final IdleBackoff idle;
  private final Backoff retries;
  private final long neededFromMs;
  private State state;

  /** Whether an earlier run may have read this shard to its end, and on in its descendants. */
  private boolean descendantsMayHaveFacts;

  /** Whether it is known to have done so, and the shard is only gone through once more. */
  private boolean replaying;

  private @Nullable String lastRead;
  private @Nullable String lastEmitted;
  private long version;

  /**
   * @param endingSequence the shard's last sequence number if it was closed when last seen
   */
  ShardReader(
      StreamSource source,
      ShardScheduler scheduler,
      String shardId,
      @Nullable String endingSequence,
      ShardProgress progress) {
    this.source = source;
    this.scheduler = scheduler;
    this.shardId = shardId;
    this.idle = new IdleBackoff(source.config().pollInterval(), source.config().pollIdleMax());
    this.retries = new Backoff(source.random(), FIRST_RETRY, LAST_RETRY);
    this.neededFromMs = progress.neededFromMs();
    this.descendantsMayHaveFacts = progress.fromEarlierRun();
    this.lastRead = progress.sequence();
    this.lastEmitted = progress.sequence();
    this.version = progress.version();
    this.state = firstState(progress, endingSequence);
  }

  private State firstState(ShardProgress progress, @Nullable String endingSequence) {
    if (progress.finished()) {
      return new FindingChildren();
    }
    if (lastRead == null) {
      if (neededMayBeGone()) {
        return new PositionLost(
            "nothing of it was read yet, and changes older than 24 hours are gone");
      }
      if (skipping() && endingSequence != null) {
        return new CheckingEnd(endingSequence);
      }
    }
    return new Opening();
  }

  /**
   * Does the next piece of work: at most a few requests.
   *
   * @throws ConnectException if the shard cannot be followed any further
   */
  Next step() throws InterruptedException {
    try {
      Next next = state.run();
      retries.reset();
      return next;
    } catch (StreamApiException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      return afterFailure(e);
    } catch (MalformedJsonException e) {
      throw new ConnectException(
          "%s, after sequence number %s: %s".formatted(name(), lastRead, e.getMessage()), e);
    }
  }

  private Next afterFailure(StreamApiException e) {
    return switch (e.kind()) {
      case ITERATOR_EXPIRED -> {
        LOG.debug("{}: the iterator expired; opening another", name());
        state = new Opening();
        yield Next.now();
      }
      case TRANSIENT -> {
        Duration wait = retries.next();
        // Throttling is daily bread, and thousands of shards may meet it at once.
        if (wait.compareTo(WORTH_A_WARNING) > 0) {
          LOG.warn("{}: {} Trying again in {} ms.", name(), e.getMessage(), wait.toMillis());
        } else {
          LOG.debug("{}: {} Trying again in {} ms.", name(), e.getMessage(), wait.toMillis());
        }
        yield new Next.After(wait);
      }
      case POSITION_TRIMMED -> {
        boolean lostSome = lastRead != null || neededMayBeGone();
        if (!lostSome) {
          LOG.debug("{}: trimmed before the first read, nothing of it was needed", name());
        }
        state = lostSome ? new PositionLost(e.getMessage()) : new Opening();
        yield new Next.After(retries.next());
      }
      case NOT_FOUND -> {
        if (state instanceof PositionLost || state instanceof FindingChildren) {
          throw lost(e.getMessage());
        }
        state = new PositionLost(e.getMessage());
        yield Next.now();
      }
      case PERMANENT -> throw new ConnectException(name() + ": " + e.getMessage(), e);
    };
  }

  /** What streams trim is older than a day. */
  private boolean neededMayBeGone() {
    return neededFromMs < source.clock().millis() - RETENTION.toMillis();
  }

  private ConnectException lost(@Nullable String why) {
    String position = lastRead == null ? "its beginning" : "sequence number " + lastRead;
    return new ConnectException(
        name()
            + ": its position ("
            + position
            + ") is lost, and changes may be missing in Kafka. Take a new snapshot: reset the"
            + " connector's offsets, or start a connector with another name. The reason: "
            + why);
  }

  /** Until a lineage has its first change that is new enough, changes are held against the time. */
  private boolean skipping() {
    return source.skipUpToMs() >= 0 && version == DocumentVersion.NONE;
  }

  private String name() {
    return "Shard " + shardId + " of table " + source.table();
  }

  private sealed interface State
      permits CheckingEnd, Opening, Reading, Verifying, PositionLost, Finishing, FindingChildren {
    Next run() throws InterruptedException;
  }

  /** One look at the last change of a closed shard may spare reading it. */
  private final class CheckingEnd implements State {
    private final String endingSequence;

    private CheckingEnd(String endingSequence) {
      this.endingSequence = endingSequence;
    }

    @Override
    public Next run() {
      // The ending sequence number need not be that of a record: an empty page proves nothing.
      state = endedBeforeStart() ? new Finishing() : new Opening();
      return Next.now();
    }

    private boolean endedBeforeStart() {
      try {
        List<ItemChange> last =
            source
                .api()
                .records(
                    source
                        .api()
                        .iterator(
                            source.streamArn(), shardId, new ShardPosition.At(endingSequence)))
                .changes();
        return !last.isEmpty() && last.get(last.size() - 1).createdAtMs() <= source.skipUpToMs();
      } catch (StreamApiException e) {
        return switch (e.kind()) {
          case POSITION_TRIMMED -> false;
          case ITERATOR_EXPIRED, NOT_FOUND, TRANSIENT, PERMANENT -> throw e;
        };
      }
    }
  }

  private final class Opening implements State {
    @Override
    public Next run() {
      ShardPosition position =
          lastRead == null ? new ShardPosition.TrimHorizon() : new ShardPosition.After(lastRead);
      state = new Reading(source.api().iterator(source.streamArn(), shardId, position));
      return Next.now();
    }
  }

  private final class Reading implements State {
    private final String iterator;

    private Reading(String iterator) {
      this.iterator = iterator;
    }

    @Override
    public Next run() throws InterruptedException {
      RecordsPage page = source.api().records(iterator);
      if (descendantsMayHaveFacts && !replaying && !page.changes().isEmpty()) {
        state = new Verifying(page);
        return Next.now();
      }
      return handle(page);
    }
  }

  /**
   * Connect commits source partitions independently, so that after a crash a descendant may have a
   * fact while the shard's end has none. Reading the shard's tail again would then put old changes
   * behind newer ones. So before the first change of a shard that an earlier run left, what is
   * below it is looked at, once. If there is a fact, the rest of the shard is gone through without
   * a record, so that its children start from the same version as in the earlier run.
   */
  private final class Verifying implements State {
    private final RecordsPage page;

    private Verifying(RecordsPage page) {
      this.page = page;
    }

    @Override
    public Next run() throws InterruptedException {
      if (Descendants.factsBelow(source, shardId).isEmpty()) {
        descendantsMayHaveFacts = false;
      } else {
        replaying = true;
        LOG.info("{} was read to its end by an earlier run; learning its last version", name());
      }
      return handle(page);
    }
  }

  /** The position is gone: a loss, unless an earlier run had read the shard to its end. */
  private final class PositionLost implements State {
    private final @Nullable String why;

    private PositionLost(@Nullable String why) {
      this.why = why;
    }

    @Override
    public Next run() {
      List<ShardOffset> facts =
          descendantsMayHaveFacts ? Descendants.factsBelow(source, shardId) : List.of();
      if (facts.isEmpty()) {
        throw lost(why);
      }
      // The last version cannot be learnt any more: too high does no harm, going back would.
      facts.forEach(fact -> version = Math.max(version, fact.version()));
      state = new FindingChildren();
      return Next.now();
    }
  }

  private final class Finishing implements State {
    @Override
    public Next run() throws InterruptedException {
      outstanding.add(1);
      long now = source.clock().millis();
      source
          .output()
          .queue()
          .put(
              List.of(
                  source
                      .output()
                      .status()
                      .record(
                          StatusType.SHARD_FINISHED,
                          source.partition(shardId),
                          new ShardOffset.Finished(lastEmitted, version, now),
                          outstanding)));
      state = new FindingChildren();
      outstanding.whenNoneOutstanding(() -> scheduler.wake(ShardReader.this));
      return new Next.WhenWoken();
    }
  }

  private final class FindingChildren implements State {
    private final ChildSearch search =
        new ChildSearch(source, scheduler, shardId, version, descendantsMayHaveFacts);

    @Override
    public Next run() throws InterruptedException {
      return search.look();
    }
  }

  /** Hands over a page and decides how to go on. */
  private Next handle(RecordsPage page) throws InterruptedException {
    emit(page.changes());
    String nextIterator = page.nextIterator();
    if (nextIterator == null) {
      state = new Finishing();
      return Next.now();
    }
    state = new Reading(nextIterator);
    if (page.changes().isEmpty()) {
      return new Next.After(idle.afterEmptyPage());
    }
    idle.afterData();
    return Next.now();
  }

  private void emit(List<ItemChange> changes) throws InterruptedException {
    if (changes.isEmpty()) {
      return;
    }
    RecordMaker maker = source.records().maker();
    List<TrackedRecord> records = new ArrayList<>(changes.size());
    for (ItemChange change : changes) {
      if (!skipping() || change.createdAtMs() > source.skipUpToMs()) {
        version = DocumentVersion.next(version, change.createdAtMs());
        lastEmitted = change.sequenceNumber();
        if (!replaying) {
          records.add(record(maker, change));
        }
      }
    }
    if (!records.isEmpty()) {
      outstanding.add(records.size());
      source.output().queue().put(records);
    }
    lastRead = changes.get(changes.size() - 1).sequenceNumber();
  }

  private TrackedRecord record(RecordMaker maker, ItemChange change) {
    try {
      return maker.change(
          change,
          source.partition(shardId),
          new ShardOffset.Read(change.sequenceNumber(), version),
          outstanding);
    } catch (MalformedJsonException e) {
      throw new ConnectException(
          "%s, sequence number %s, holds an item that cannot be converted: %s"
              .formatted(name(), change.sequenceNumber(), e.getMessage()),
          e);
    }
  }
}
