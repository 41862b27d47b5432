package io.github.dynamokc.stream;

import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.lineage.Inheritance;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.record.DocumentVersion;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one shard from where it stands to its end, and then has its children read.
 *
 * <pre>
 *   CheckingEnd ─────────────┐ ended before the start time
 *      │ has later changes     │
 *      v                       v
 *   Opening ──> Reading ──> Finishing ──> FindingChildren ──> EndedShard
 *      ^ ^        │ │ no next iterator         ^                  ^
 *      │ ├────────┘ v expired                  │                  │
 *      │ └─────── ConfirmingEnd                │ read before      │
 *      └─── Missing ───────────────────────────┴──── Leaving ─────┘
 *      listed        not found (from any)       gone, and the policy is to go on
 * </pre>
 *
 * <p>A shard that was set by hand to be skipped begins with Skipping, which comes before
 * FindingChildren.
 *
 * <p>Before Opening a shard without a position stands the rule of {@link Retention}, whatever led
 * there.
 *
 * <p>Between Finishing or Skipping and FindingChildren, and before Leaving, stands invariant A: all
 * records of the shard, {@code SHARD_FINISHED} included, are acknowledged by Kafka before a child
 * gets an offset. No error leads to Finishing (invariant E): only a missing next iterator of a
 * shard that is known to be closed and was opened once more does, or the proof that the shard ended
 * before the start time.
 */
final class ShardReader implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(ShardReader.class);

  private final StreamReader readers;
  private final StreamContext context;
  private final ShardOutput output;
  private final IdleBackoff idle;
  private final FailureTracker failures;
  private final @Nullable Lineage readBefore;
  private final MissingShard missing;
  private final LossWait lossWait;
  private final boolean closedWhenBegun;
  private boolean closed;
  private final EmptyPages emptyPages = new EmptyPages();

  /** Whether a loss was declared and nothing was read since: the shard may be gone as a whole. */
  private boolean lost;

  /** Whether a next iterator was missing since the last change, and the shard is closed. */
  private boolean endSeen;

  /** The children that were found when the end was confirmed. */
  private List<Shard> children = List.of();

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
    this.missing = new MissingShard(readers, output.shardId());
    this.lossWait = new LossWait(context, output.shardId());
    this.readBefore = progress.readBefore();
    this.closedWhenBegun = endingSequence != null;
    this.closed = closedWhenBegun;
    this.state = firstState(progress, endingSequence);
    if (progress.skipped() == null) {
      showLag();
    }
  }

  private State firstState(ShardProgress progress, @Nullable String endingSequence) {
    Long finishedAt = progress.finishedAt();
    if (finishedAt != null) {
      return new FindingChildren(finishedAt, List.of());
    }
    if (progress.skipped() != null) {
      return new Skipping(progress.skipped());
    }
    return progress.sequence() == null && endingSequence != null && output.skipping()
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
        if (mayHaveLost()) {
          state = new Trimmed(String.valueOf(e.getMessage()));
        } else {
          output.beginAnew();
          state = new Opening();
        }
        yield failures.onFailure(e);
      }
      case NOT_FOUND -> {
        // What is younger than the retention is there, whatever one answer says.
        state =
            readBefore != null || lost || mayBeTrimmed() || mayHaveEndedBeforeStart()
                ? new Missing(String.valueOf(e.getMessage()))
                : new Opening();
        yield failures.onFailure(e);
      }
      case TRANSIENT, REFUSED, PERMANENT -> failures.onFailure(e);
    };
  }

  /** Whether the shard is old enough to be gone, or what comes after its position is. */
  private boolean mayBeTrimmed() {
    return Retention.mayHaveTrimmed(output.readUpToMs(), context.clock().millis());
  }

  private boolean mayHaveLost() {
    return context.start().mayHaveLost(output.readUpToMs(), context.clock().millis());
  }

  private boolean mayHaveEndedBeforeStart() {
    return closedWhenBegun
        && output.lastRead() == null
        && context.start().isAllThatTells(output.readUpToMs());
  }

  private Retention.Gap gap() {
    return Retention.gap(context.start().toldUpToMs(output.readUpToMs()), context.clock().millis());
  }

  /** What was repaired is not behind. */
  private void showLag() {
    context.lag().readUpTo(output.shardId(), context.start().toldUpToMs(output.readUpToMs()));
  }

  private String name() {
    return context.nameOf(output.shardId());
  }

  private sealed interface State
      permits CheckingEnd,
          Opening,
          Reading,
          Trimmed,
          Missing,
          Leaving,
          ConfirmingEnd,
          Finishing,
          Skipping,
          FindingChildren {
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
      state = endedBeforeStart() ? new Finishing(List.of()) : new Opening();
      return JobResult.now();
    }

    private boolean endedBeforeStart() {
      try {
        String end = iterator(new ShardPosition.At(endingSequence));
        return context.start().isAfterEndWith(records(end).changes());
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
      if (mayHaveTrimmed(position)) {
        state = trimmed();
        return JobResult.now();
      }
      emptyPages.interrupted();
      String iterator =
          iterator(
              position == null
                  ? new ShardPosition.TrimHorizon()
                  : new ShardPosition.After(position));
      missing.seen();
      // The answer may be the first one that shows what time it is at AWS.
      state = mayHaveTrimmed(position) ? trimmed() : new Reading(iterator);
      return JobResult.now();
    }

    private boolean mayHaveTrimmed(@Nullable String position) {
      return position == null && readBefore == null && mayHaveLost();
    }

    private State trimmed() {
      return new Trimmed("it was not read since, and the stream keeps changes for 24 hours");
    }

    /** A new iterator may be as useless as the one before. */
    @Override
    public boolean isProgress() {
      return false;
    }
  }

  private final class Reading implements State {
    private final String iterator;
    private boolean gotOn = true;

    private Reading(String iterator) {
      this.iterator = iterator;
    }

    @Override
    public JobResult run() throws InterruptedException {
      long askedAtMs = context.clock().millis();
      RecordsPage page = records(iterator);
      lost = false;
      context.metrics().add(Counter.SHARD_PROGRESS, 1);
      context.metrics().add(Counter.BYTES_RECEIVED, page.bytes());
      output.emit(page.changes());
      context.metrics().add(Counter.BYTES_PROCESSED, page.bytes());
      endSeen &= page.changes().isEmpty();
      String nextIterator = page.nextIterator();
      if (nextIterator == null) {
        gotOn = endSeen || !page.changes().isEmpty();
        state = afterLastPage();
        return JobResult.now();
      }
      noteEmpty(page, askedAtMs);
      showLag();
      state = new Reading(nextIterator);
      if (page.changes().isEmpty()) {
        // What is behind the empty pages of a closed shard is there already.
        return closed ? JobResult.now() : new JobResult.Delay(idle.afterEmptyPage());
      }
      idle.afterData();
      return JobResult.now();
    }

    /** What comes after the end of a closed shard is in its children. */
    private void noteEmpty(RecordsPage page, long askedAtMs) throws InterruptedException {
      if (!page.changes().isEmpty()) {
        emptyPages.interrupted();
      } else if (!closed) {
        OptionalLong upToMs = emptyPages.read(askedAtMs);
        if (upToMs.isPresent()) {
          output.caughtUp(upToMs.getAsLong());
        }
      }
    }

    /**
     * A next iterator may be missing before the end. So the shard has to be closed, and to have no
     * more changes when it is opened once more after that is known.
     */
    private State afterLastPage() {
      if (!closed) {
        return new ConfirmingEnd();
      }
      if (endSeen) {
        return new Finishing(children);
      }
      endSeen = true;
      return new Opening();
    }

    /** The end of a shard is one only when it is confirmed. */
    @Override
    public boolean isProgress() {
      return gotOn;
    }
  }

  /** The position is gone, but not the shard, and changes with it. */
  private final class Trimmed implements State {
    private final String why;

    private Trimmed(String why) {
      this.why = why;
    }

    @Override
    public JobResult run() throws InterruptedException {
      if (readBefore != null) {
        learnWhatIsLeft(readBefore);
        return JobResult.now();
      }
      Retention.Gap gap = gap();
      String reason = "its position (" + position() + ") is gone: " + why;
      if (lossWait.isDue()) {
        return lossWait.again(gap, reason);
      }
      String said = DataLoss.tolerate(context, output.shardId(), gap, reason);
      output.announceLossUpTo(gap, said);
      lost = true;
      state = new Opening();
      return JobResult.now();
    }
  }

  /**
   * The shard is said not to exist, and is old enough for that to be so. Listings have to confirm
   * it.
   */
  private final class Missing implements State {
    private final String why;

    private Missing(String why) {
      this.why = why;
    }

    @Override
    public JobResult run() throws InterruptedException {
      JobResult next = missing.look(ShardReader.this);
      if (next != null) {
        return next;
      }
      ShardListing goneFrom = missing.goneFrom();
      if (goneFrom == null) {
        state = new Opening();
        return JobResult.now();
      }
      if (readBefore != null) {
        output.atLeast(versionOfTrimmed(readBefore));
        state = new FindingChildren(context.clock().millis(), List.of());
        return JobResult.now();
      }
      List<Shard> below = goneFrom.childrenOf(output.shardId());
      if (!lost && !mayHaveLost()) {
        return leaveWithoutLoss(below);
      }
      Retention.Gap gap = gap();
      String reason = "it is gone from the stream, read up to " + position() + ": " + why;
      if (lossWait.isDue()) {
        return lossWait.again(gap, reason);
      }
      String said = DataLoss.tolerate(context, output.shardId(), gap, reason);
      state = new Leaving(below, gap.toMs());
      output.announceLossOfRest(gap, said, () -> readers.jobs().wake(ShardReader.this));
      return new JobResult.Parked();
    }

    /**
     * It ended before the start, or what it had is told by a repair. The former may also be
     * younger, so that its answers are waited for longer than others'.
     */
    private JobResult leaveWithoutLoss(List<Shard> below) {
      long missingMs = context.clock().millis() - missing.sinceMs();
      if (!mayBeTrimmed() && missingMs < context.untilYoungIsGone().toMillis()) {
        state = new Opening();
        return new JobResult.Delay(context.config().shardDiscoveryInterval());
      }
      LOG.debug("{} is gone from the stream, and nothing that is wanted with it", name());
      // Not up to when a repair tells of it: the children have to be known as those it was for.
      state = new Leaving(below, output.readUpToMs());
      output.whenInKafka(() -> readers.jobs().wake(ShardReader.this));
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
    private final long leftAtMs;

    /**
     * @param leftAtMs what is wanted of the shard and is not lost was made up to then, epoch ms
     */
    private Leaving(List<Shard> children, long leftAtMs) {
      this.children = children;
      this.leftAtMs = leftAtMs;
    }

    @Override
    public JobResult run() throws InterruptedException {
      Inheritance inheritance = new Inheritance(output.version(), leftAtMs);
      readers.beginChildren(output.lineage(), children, inheritance, null);
      context.lag().handOn(output.shardId(), children);
      readers.ended(
          new EndedShard.Parent(output.shardId(), output.lineage(), inheritance, false),
          context.clock().millis());
      return new JobResult.Done();
    }
  }

  /** The page before had no next iterator, which a shard has until it is closed. */
  private final class ConfirmingEnd implements State {
    private final EndConfirmation confirmation = new EndConfirmation(readers, output.shardId());

    @Override
    public JobResult run() {
      JobResult next = confirmation.look(ShardReader.this);
      if (next != null) {
        return next;
      }
      closed = true;
      endSeen = true;
      children = confirmation.children();
      state = new Opening();
      return JobResult.now();
    }

    @Override
    public boolean isProgress() {
      return closed;
    }
  }

  private final class Finishing implements State {
    private final List<Shard> children;

    /**
     * @param children those that are known already
     */
    private Finishing(List<Shard> children) {
      this.children = children;
    }

    @Override
    public JobResult run() throws InterruptedException {
      long now = context.clock().millis();
      state = new FindingChildren(now, children);
      output.finish(now, () -> readers.jobs().wake(ShardReader.this));
      readers.rollOvers().finished(output.shardId());
      return new JobResult.Parked();
    }
  }

  /** Somebody has set the shard to be skipped, which is to be told before its children begin. */
  private final class Skipping implements State {
    private final ShardOffset.Skipped skipped;

    private Skipping(ShardOffset.Skipped skipped) {
      this.skipped = skipped;
    }

    @Override
    public JobResult run() throws InterruptedException {
      long now = context.clock().millis();
      Retention.Gap gap = new Retention.Gap(skipped.readUpTo(), Math.max(skipped.readUpTo(), now));
      String what = "its offset was set by hand to skip it, and it was " + asFarAsRead();
      String said = DataLoss.ofSkipped(context, output.shardId(), gap, what);
      state = new FindingChildren(now, List.of());
      output.announceSkipped(
          skipped.told(now, gap.toMs()), gap, said, () -> readers.jobs().wake(ShardReader.this));
      return new JobResult.Parked();
    }

    private String asFarAsRead() {
      if (readBefore != null) {
        return "read to its end, as shards that descend from it have offsets";
      }
      return skipped.at() == null
          ? "read up to " + position() + " only"
          : "read to its end: no change of its own is missing, but no child of it is known";
    }
  }

  private final class FindingChildren implements State {
    private final ChildSearch search;

    private FindingChildren(long finishedAtMs, List<Shard> known) {
      search = new ChildSearch(readers, output, finishedAtMs, known, readBefore);
    }

    @Override
    public JobResult run() throws InterruptedException {
      return search.look(ShardReader.this);
    }
  }

  /** Of a shard that was read before: what is left of it tells the last version. */
  private void learnWhatIsLeft(Lineage known) {
    output.atLeast(versionOfTrimmed(known));
    output.beginAnew();
    state = new Opening();
  }

  /**
   * What the version of the last change that is trimmed was not above. Not much more, either: what
   * comes again is to have the version that it had. What is below the shard went on from its last
   * version, and versions follow the time of changes.
   */
  private long versionOfTrimmed(Lineage known) {
    long most = DocumentVersion.lastOf(Retention.trimmedUpToMs(context.clock().millis()));
    for (ShardOffset below : known.offsetsBelow(output.shardId())) {
      most = Math.min(most, below.version());
    }
    return most;
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
