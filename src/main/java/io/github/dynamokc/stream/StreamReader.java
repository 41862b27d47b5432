package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Absence;
import io.github.dynamokc.lineage.AssignedShard;
import io.github.dynamokc.lineage.Inheritance;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.lineage.RootEvidence;
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.offset.ShardOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that is read of one stream in one task. It begins with a listing and the committed offsets:
 * the plan that the task was made from may be days old, and its shards read, retired and forgotten
 * since. What is left of each lineage is resumed where it stands.
 *
 * <p>A shard whose descendants have offsets was fully read by an earlier run, even if a crash took
 * its own offset (Connect commits source partitions independently). It is read again without
 * emitting records, only to learn its last document version.
 */
public final class StreamReader {
  private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);

  private final StreamContext context;
  private final TableJobs jobs;
  private final ShardDiscovery discovery;
  private final ShardIndex index;
  private final RollOverLog rollOvers;

  /** The shards that have a reader or had one, until they are retired. */
  private final Set<String> begun = ConcurrentHashMap.newKeySet();

  /** The shards of which no more is left to do than what {@link EndedShard} does. */
  private final Set<String> ending = ConcurrentHashMap.newKeySet();

  /** Whether all that the task was given has been found, as far as can be known. */
  private volatile boolean resumed;

  /**
   * Reads the committed offsets of what the task left behind.
   *
   * @param task the task's number, as text
   */
  public StreamReader(StreamContext context, TableJobs jobs, String task) {
    this.index = new ShardIndex(context, jobs, task);
    this.context = context;
    this.jobs = jobs;
    this.discovery = new ShardDiscovery(context, jobs);
    this.rollOvers = new RollOverLog(context.table(), context.clock(), jobs);
  }

  /**
   * Has the shards of an assignment read, as soon as the stream is listed.
   *
   * @param retire shards whose offsets are to be retired: finished ones, and such as are not listed
   *     any more
   * @param listAfter the shard up to which there was nothing to do when the plan was made, so that
   *     a long stream need not be listed as a whole; null to begin with its first
   */
  public void start(List<AssignedShard> assigned, List<String> retire, @Nullable String listAfter)
      throws InterruptedException {
    if (listAfter != null) {
      discovery.leaveOutUpTo(listAfter);
    }
    List<String> ids = new ArrayList<>(retire);
    assigned.forEach(shard -> ids.add(shard.id()));
    index.add(ids);
    index
        .ofOtherStreams()
        .forEach((stream, left) -> EndedStreamCleanup.retireLater(this, stream, left));
    jobs.wake(new ResumeJob(assigned, retire));
  }

  StreamContext context() {
    return context;
  }

  TableJobs jobs() {
    return jobs;
  }

  ShardDiscovery discovery() {
    return discovery;
  }

  RollOverLog rollOvers() {
    return rollOvers;
  }

  /**
   * Finds where the lineages stand that the task was given, and has them read. A single listing may
   * lack a shard, of which only its offset would tell. So some more are looked at, over minutes.
   */
  private final class ResumeJob implements Job {
    private static final List<Duration> MORE_LOOKS =
        List.of(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(8));

    private final List<AssignedShard> assigned;
    private final Set<AssignedShard> waiting;
    private final List<String> retire;
    private final RootEvidence evidence = new RootEvidence(false);
    private final Map<String, Absence> doubts = new HashMap<>();
    private ShardDiscovery.@Nullable Request request;
    private int looks;

    private ResumeJob(List<AssignedShard> assigned, List<String> retire) {
      this.assigned = List.copyOf(assigned);
      this.waiting = new HashSet<>(assigned);
      this.retire = new ArrayList<>(retire);
    }

    @Override
    public JobResult step() throws InterruptedException {
      ShardDiscovery.Request asked = request;
      if (asked == null) {
        // What is left to find out when all shards are read is not urgent.
        request = waiting.isEmpty() ? discovery.askForLater(this) : discovery.ask(this);
        return new JobResult.Parked();
      }
      ShardListing listing = asked.listing();
      if (listing == null) {
        return new JobResult.Parked();
      }
      List<String> ids =
          Stream.concat(assigned.stream().map(AssignedShard::id), retire.stream()).toList();
      Lineage left = listing.all(ids, context, evidence, context.clock().millis());
      if (!waiting.isEmpty() || looks == 0) {
        OffsetsByHand.check(left, context);
      }
      for (AssignedShard shard : assigned) {
        Lineage.Standing standing = left.standingOf(shard.id());
        // A stream that is said not to exist proves nothing of its shards.
        boolean exists = !listing.isEmpty() || listing.isOfEnabledStream();
        if (exists && isClear(shard, left, standing)) {
          resume(shard, left, standing);
        }
      }
      for (ObservedShard settled : left.settledWithOffset(retire)) {
        ended(settled, null);
      }
      for (ObservedShard unlisted : left.forgotten()) {
        if (retire.contains(unlisted.id())) {
          leftBehind(unlisted.id());
        }
      }
      retire.clear();
      request = null;
      if (!waiting.isEmpty()) {
        // What is missing may be in what the plan leaves out.
        discovery.listWholeNext();
        return new JobResult.Delay(context.config().shardDiscoveryInterval());
      }
      resumed = looks == MORE_LOOKS.size();
      return resumed ? new JobResult.Done() : new JobResult.Delay(MORE_LOOKS.get(looks++));
    }

    /**
     * Whether there is no doubt about what is to be read of a lineage. If nothing of it is listed,
     * or a shard is closed and has no child, something is missing in the listing, unless that stays
     * so.
     */
    private boolean isClear(AssignedShard shard, Lineage left, Lineage.Standing standing) {
      if (standing.unsettled().stream().anyMatch(found -> left.heldBack().contains(found.id()))) {
        return false;
      }
      boolean nothing = standing.unsettled().isEmpty() && standing.settledWithOffset().isEmpty();
      return !(nothing || left.lacksChildren(standing.unsettled()))
          || doubts
              .computeIfAbsent(shard.id(), id -> new Absence())
              .missed(context.clock().millis());
    }

    private void resume(AssignedShard shard, Lineage left, Lineage.Standing standing)
        throws InterruptedException {
      boolean known =
          StreamReader.this.resume(shard.id(), left, shard.id(), standing, shard.inherited());
      if (waiting.remove(shard) && !known) {
        // Not listed, and nothing known of it: the reader finds out what became of it.
        begin(
            shard.id(),
            left,
            new ObservedShard(shard.id(), null, shard.endingSequence(), null, false),
            shard.inherited());
      }
    }
  }

  /** The children that are listed now; none also if the shard is not found: a listing decides. */
  List<Shard> childrenOf(String shardId) {
    try {
      return context.api().children(context.streamArn(), shardId);
    } catch (StreamApiException e) {
      if (e.kind() == StreamApiException.Kind.NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }

  /**
   * Has children read that a reader has found.
   *
   * @param lineage the shard that the task was given, from which they descend
   * @param inherited what the parent leaves to them
   * @param readBefore what an earlier run left below the parent, null for nothing
   */
  void beginChildren(
      String lineage, List<Shard> children, Inheritance inherited, @Nullable Lineage readBefore)
      throws InterruptedException {
    Map<String, ShardOffset> offsets = context.offsetsOf(children.stream().map(Shard::id).toList());
    for (Shard child : children) {
      rollOvers.started(String.valueOf(child.parent()), child.id());
      if (readBefore == null
          || !resume(
              lineage, readBefore, child.id(), readBefore.standingOf(child.id()), inherited)) {
        ObservedShard observed = ShardListing.observed(child, offsets.get(child.id()));
        begin(lineage, new Lineage(List.of(observed)), observed, inherited);
      }
    }
  }

  /** Has those children read that were listed late, if no offset shows that they are read. */
  void beginLateChildren(EndedShard.Parent parent, ShardListing listing)
      throws InterruptedException {
    boolean allBegun =
        listing.childrenOf(parent.shardId()).stream().allMatch(child -> begun.contains(child.id()));
    if (!allBegun) {
      List<Shard> late = listing.unreadChildrenOf(parent.shardId(), context);
      beginChildren(parent.lineage(), late, parent.inheritance(), null);
    }
  }

  /**
   * A shard of this task is read to its end or gone, and its children are followed.
   *
   * @param endedAtMs epoch ms
   */
  void ended(EndedShard.Parent parent, long endedAtMs) {
    ending.add(parent.shardId());
    jobs.wake(new EndedShard(this, parent.shardId(), parent, endedAtMs));
  }

  /** A shard of this task is proven to be gone with its children: its offset is retired. */
  void gone(String shardId) {
    jobs.wake(EndedShard.gone(this, shardId));
  }

  /** A shard that is not listed any more, and that no plan has as work, has an offset. */
  private void leftBehind(String shardId) throws InterruptedException {
    ShardOffset offset = context.offsetsOf(List.of(shardId)).get(shardId);
    if (offset instanceof ShardOffset.Skipped skipped && skipped.skippedAt() == null) {
      // What that leaves out is still to be told.
      ObservedShard shard = new ObservedShard(shardId, null, null, offset, false);
      String lineage = offset.lineage();
      begin(lineage == null ? shardId : lineage, new Lineage(List.of(shard)), shard, null);
    } else if (!begun.contains(shardId) && ending.add(shardId)) {
      jobs.wake(new UnlistedShard(this, shardId));
    }
  }

  ShardIndex index() {
    return index;
  }

  /** A shard that has ended needs no more to be known. */
  void forget(String shardId) {
    index.remove(context.streamArn(), shardId);
    if (resumed) {
      begun.remove(shardId);
    }
    ending.remove(shardId);
  }

  /**
   * Goes on with what is left of a shard and of those below it.
   *
   * @return false if nothing is known of it
   */
  private boolean resume(
      String lineage,
      Lineage left,
      String shardId,
      Lineage.Standing standing,
      @Nullable Inheritance inherited)
      throws InterruptedException {
    for (ObservedShard shard : standing.unsettled()) {
      Inheritance fromParent = left.inheritance(shard);
      boolean given = fromParent == null && shard.id().equals(shardId);
      begin(lineage, left, shard, given ? inherited : fromParent);
    }
    for (ObservedShard settled : standing.settledWithOffset()) {
      ended(settled, lineage);
    }
    return !standing.unsettled().isEmpty() || !standing.settledWithOffset().isEmpty();
  }

  /**
   * @param lineage which this task reads, null if it only retires the shard's offset
   */
  private void ended(ObservedShard settled, @Nullable String lineage) {
    if (!ending.add(settled.id())) {
      return;
    }
    EndedShard.Parent parent = null;
    ShardOffset offset = settled.offset();
    if (lineage != null && offset != null && offset.endedAt() != null) {
      Inheritance inheritance = new Inheritance(offset.version(), offset.readUpTo());
      parent =
          new EndedShard.Parent(
              settled.id(), lineage, inheritance, offset instanceof ShardOffset.Skipped);
    }
    long endedAtMs = EndedShard.endedAtMs(settled.offset(), context.clock().millis());
    jobs.wake(new EndedShard(this, settled.id(), parent, endedAtMs));
  }

  private void begin(
      String lineage, Lineage left, ObservedShard shard, @Nullable Inheritance inherited)
      throws InterruptedException {
    if (!begun.add(shard.id())) {
      return;
    }
    index.add(List.of(shard.id()));
    Lineage readBefore = left.isRead(shard) ? left : null;
    ShardOffset offset = shard.offset();
    ShardProgress progress;
    if (offset != null) {
      progress = ShardProgress.of(offset, readBefore);
      if (readBefore == null && !shard.id().equals(lineage) && !lineage.equals(offset.lineage())) {
        // Only by the name in its offset is an idle shard found when those above it are forgotten.
        context.announceStarted(shard.id(), offset.ofLineage(lineage));
      }
    } else if (inherited != null) {
      progress = ShardProgress.ofChild(inherited, readBefore);
      if (readBefore == null) {
        context.announceStarted(
            shard.id(),
            new ShardOffset.Started(inherited.version(), inherited.readUpTo(), lineage));
      }
    } else {
      progress = ShardProgress.ofRoot(context.start(), readBefore);
    }
    if (readBefore != null && progress.finishedAt() == null) {
      LOG.debug(
          "Table {}: shard {} was read to its end by an earlier run; learning its last version",
          context.table(),
          shard.id());
    }
    ShardOutput output = new ShardOutput(context, shard.id(), lineage, progress);
    jobs.wake(new ShardReader(this, output, shard.endingSequence(), progress));
  }
}
