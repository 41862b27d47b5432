package io.github.dynamokc.stream;

import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.ShardOffset;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Follows one shard from where it stands to its end, and then has its children read.
 *
 * <pre>
 *   CheckingEnd ──────────────┐ ended before the start time
 *      │ has later changes    │
 *      v                      v
 *   Opening ──> Reading ──> Finishing ──> FindingChildren ──> Retirement
 *      ^ ^        │                            ^                 ^
 *      │ └────────┘ expired, or trimmed        │                 │
 *      │                                       │ read before     │
 *      └─── Missing ───────────────────────────┴── Leaving ──────┘
 *      listed        not found (from any)         gone, and the policy is to go on
 * </pre>
 *
 * Between Finishing and FindingChildren, and before Leaving, stands invariant A: all records of the
 * shard, {@code SHARD_FINISHED} included, are acknowledged by Kafka before a child gets an offset.
 * No error leads to Finishing (invariant E): only a null next iterator does, or the proof that the
 * shard ended before the start time.
 */
final class ShardReader implements Job {

  private final StreamReader readers;
  private final StreamContext context;
  private final ShardOutput output;
  private final IdleBackoff idle;
  private final FailureTracker failures;
  private final @Nullable Lineage readBefore;
  private final boolean closed;
  private long neededFromMs;
  private State state;

  /**
   * @param endingSequence the shard's last sequence number if it was closed when last seen
   */
  ShardReader(
      StreamReader readers,
      ShardOutput output,
      @Nullable String endingSequence,
      ShardProgress progress) {
    this.readers = readers;
    this.context = readers.context();
    this.output = output;
    this.idle = new IdleBackoff(context.config().pollInterval(), context.config().pollIdleMax());
    this.failures = new FailureTracker(context, name());
    this.readBefore = progress.readBefore();
    this.closed = endingSequence != null;
    this.neededFromMs = progress.neededFromMs();
    this.state = firstState(progress, endingSequence);
    context.lag().begin(output.shardId(), progress.readUpToMs());
  }

  private State firstState(ShardProgress progress, @Nullable String endingSequence) {
    Long finishedAt = progress.finishedAt();
    if (finishedAt != null) {
      return new FindingChildren(finishedAt);
    }
    boolean fromBeginning = progress.sequence() == null;
    if (fromBeginning && readBefore == null && neededMayBeGone()) {
      return new Trimmed("nothing of it was read yet, and changes older than 24 hours are gone");
    }
    return fromBeginning && endingSequence != null && output.skipping()
        ? new CheckingEnd(endingSequence)
        : new Opening();
  }

  @Override
  public JobResult step() throws InterruptedException {
    try {
      State before = state;
      JobResult next = before.run();
      if (before.isProgress()) {
        failures.onSuccess();
      }
      return next;
    } catch (StreamApiException e) {
      return afterFailure(e);
    } catch (MalformedJsonException e) {
      throw new ConnectException(
          "%s, after sequence number %s: %s".formatted(name(), output.lastRead(), e.getMessage()),
          e);
    }
  }

  private JobResult afterFailure(StreamApiException e) throws InterruptedException {
    return switch (e.kind()) {
      case ITERATOR_EXPIRED -> {
        state = new Opening();
        yield failures.onFailure(e);
      }
      case POSITION_TRIMMED -> {
        boolean lostSome = output.lastRead() != null || neededMayBeGone();
        state = lostSome ? new Trimmed(String.valueOf(e.getMessage())) : new Opening();
        yield failures.onFailure(e);
      }
      case NOT_FOUND -> {
        state = new Missing(String.valueOf(e.getMessage()));
        yield failures.onFailure(e);
      }
      case TRANSIENT, REFUSED, PERMANENT -> failures.onFailure(e);
    };
  }

  /** What streams trim is older than a day. */
  private boolean neededMayBeGone() {
    return neededFromMs < context.clock().millis() - StreamContext.RETENTION.toMillis();
  }

  private String name() {
    return context.nameOf(output.shardId());
  }

  private sealed interface State
      permits CheckingEnd, Opening, Reading, Trimmed, Missing, Leaving, Finishing, FindingChildren {
    JobResult run() throws InterruptedException;

    /** Whether the shard got on when {@link #run} succeeded. */
    default boolean isProgress() {
      return true;
    }
  }

  /** One look at the last change of a closed shard may spare reading it. */
  private final class CheckingEnd implements State {
    private final String endingSequence;

    private CheckingEnd(String endingSequence) {
      this.endingSequence = endingSequence;
    }

    @Override
    public JobResult run() {
      // The ending sequence number need not be that of a record: an empty page proves nothing.
      state = endedBeforeStart() ? new Finishing() : new Opening();
      return JobResult.now();
    }

    private boolean endedBeforeStart() {
      try {
        String end = iterator(new ShardPosition.At(endingSequence));
        List<ItemChange> last = records(end).changes();
        return !last.isEmpty()
            && last.get(last.size() - 1).createdAtMs() <= context.start().skipUpToMs();
      } catch (StreamApiException e) {
        if (e.kind() == StreamApiException.Kind.POSITION_TRIMMED) {
          return false;
        }
        throw e;
      }
    }
  }

  private final class Opening implements State {
    @Override
    public JobResult run() {
      String position = output.lastRead();
      state =
          new Reading(
              iterator(
                  position == null
                      ? new ShardPosition.TrimHorizon()
                      : new ShardPosition.After(position)));
      return JobResult.now();
    }

    /** A new iterator may be as useless as the one before. */
    @Override
    public boolean isProgress() {
      return false;
    }
  }

  private final class Reading implements State {
    private final String iterator;

    private Reading(String iterator) {
      this.iterator = iterator;
    }

    @Override
    public JobResult run() throws InterruptedException {
      long askedAtMs = context.clock().millis();
      RecordsPage page = records(iterator);
      context.metrics().add(Counter.SHARD_PROGRESS, 1);
      output.emit(page.changes());
      context.lag().read(output.shardId(), closed, page, askedAtMs);
      String nextIterator = page.nextIterator();
      if (nextIterator == null) {
        state = new Finishing();
        return JobResult.now();
      }
      state = new Reading(nextIterator);
      if (page.changes().isEmpty()) {
        return new JobResult.Delay(idle.afterEmptyPage());
      }
      idle.afterData();
      return JobResult.now();
    }
  }

  /** The position is gone, but not the shard. */
  private final class Trimmed implements State {
    private final String why;

    private Trimmed(String why) {
      this.why = why;
    }

    @Override
    public JobResult run() throws InterruptedException {
      if (readBefore != null) {
        return goOnWithChildrenOf(readBefore);
      }
      String reason = "its position (" + position() + ") is gone: " + why;
      String said = DataLoss.tolerate(context, output.shardId(), reason);
      neededFromMs = context.clock().millis();
      output.announceLossUpTo(neededFromMs, said);
      state = new Opening();
      return JobResult.now();
    }
  }

  /** The shard is said not to exist, which a listing has to confirm. */
  private final class Missing implements State {
    private final String why;
    private ShardDiscovery.@Nullable Request request;

    private Missing(String why) {
      this.why = why;
    }

    @Override
    public JobResult run() throws InterruptedException {
      if (readBefore != null) {
        return goOnWithChildrenOf(readBefore);
      }
      if (request == null) {
        request = readers.discovery().ask(ShardReader.this);
        return new JobResult.Parked();
      }
      ShardListing listing = request.listing();
      if (listing == null) {
        return new JobResult.Parked();
      }
      if (listing.has(output.shardId())) {
        state = new Opening();
        return JobResult.now();
      }
      String reason = "it is gone from the stream, read up to " + position() + ": " + why;
      String said = DataLoss.tolerate(context, output.shardId(), reason);
      state = new Leaving(listing.childrenOf(output.shardId()));
      output.announceLossOfRest(said, () -> readers.scheduler().wake(ShardReader.this));
      return new JobResult.Parked();
    }

    @Override
    public boolean isProgress() {
      return false;
    }
  }

  /** What was read of a shard that is gone is in Kafka: invariant A holds here too. */
  private final class Leaving implements State {
    private final List<Shard> children;

    private Leaving(List<Shard> children) {
      this.children = children;
    }

    @Override
    public JobResult run() throws InterruptedException {
      readers.beginChildren(output.lineage(), children, output.version(), null);
      context.lag().handOn(output.shardId(), children);
      readers.retire(output.shardId(), context.clock().millis());
      return new JobResult.Done();
    }
  }

  private final class Finishing implements State {
    @Override
    public JobResult run() throws InterruptedException {
      long now = context.clock().millis();
      state = new FindingChildren(now);
      output.finish(now, () -> readers.scheduler().wake(ShardReader.this));
      return new JobResult.Parked();
    }
  }

  private final class FindingChildren implements State {
    private final ChildSearch search;

    private FindingChildren(long finishedAtMs) {
      search = new ChildSearch(readers, output, finishedAtMs, readBefore);
    }

    @Override
    public JobResult run() throws InterruptedException {
      return search.look(ShardReader.this);
    }
  }

  /**
   * The parent's last version is lost: the highest one below it is used, as versions may skip but
   * never decrease.
   */
  private JobResult goOnWithChildrenOf(Lineage known) {
    for (ShardOffset offset : known.offsetsBelow(output.shardId())) {
      output.atLeast(offset.version());
    }
    state = new FindingChildren(context.clock().millis());
    return JobResult.now();
  }

  private String position() {
    String lastRead = output.lastRead();
    return lastRead == null ? "its beginning" : "sequence number " + lastRead;
  }

  private String iterator(ShardPosition position) {
    return context.api().iterator(context.streamArn(), output.shardId(), position);
  }

  private RecordsPage records(String iterator) {
    return context.api().records(context.streamArn(), output.shardId(), iterator);
  }
}
