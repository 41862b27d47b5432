package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.AssignedShard;
import io.github.dynamokc.lineage.Inheritance;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.offset.ShardOffset;
import java.util.List;
import java.util.Map;
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
  private final ShardScheduler scheduler;
  private final ShardDiscovery discovery;

  public StreamReader(StreamContext context, ShardScheduler scheduler) {
    this.context = context;
    this.scheduler = scheduler;
    this.discovery = new ShardDiscovery(context, scheduler);
  }

  /**
   * Has the shards of an assignment read, as soon as the stream is listed.
   *
   * @param retire finished shards whose offsets are to be retired
   */
  public void start(List<AssignedShard> assigned, List<String> retire) {
    scheduler.wake(new ResumeJob(assigned, retire));
  }

  StreamContext context() {
    return context;
  }

  ShardScheduler scheduler() {
    return scheduler;
  }

  ShardDiscovery discovery() {
    return discovery;
  }

  private final class ResumeJob implements Job {
    private final List<AssignedShard> assigned;
    private final List<String> retire;
    private ShardDiscovery.@Nullable Request request;

    private ResumeJob(List<AssignedShard> assigned, List<String> retire) {
      this.assigned = assigned;
      this.retire = retire;
    }

    @Override
    public JobResult step() throws InterruptedException {
      if (request == null) {
        request = discovery.ask(this);
        return new JobResult.Parked();
      }
      ShardListing listing = request.listing();
      if (listing == null) {
        return new JobResult.Parked();
      }
      List<String> ids =
          Stream.concat(assigned.stream().map(AssignedShard::id), retire.stream()).toList();
      Lineage left = listing.all(ids, context);
      for (AssignedShard shard : assigned) {
        if (!resume(shard.id(), left, shard.id(), shard.inherited())) {
          // Not listed, and nothing known of it: the reader finds out what became of it.
          begin(
              shard.id(),
              left,
              new ObservedShard(shard.id(), null, shard.endingSequence(), null, false),
              shard.inherited());
        }
      }
      left.settledWithOffset(retire).forEach(StreamReader.this::retire);
      return new JobResult.Done();
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
   * @param parentVersion the parent's last document version
   * @param readBefore what an earlier run left below the parent, null for nothing
   */
  void beginChildren(
      String lineage, List<Shard> children, long parentVersion, @Nullable Lineage readBefore)
      throws InterruptedException {
    Inheritance inherited = new Inheritance(parentVersion, context.clock().millis());
    Map<String, ShardOffset> offsets = context.offsetsOf(children.stream().map(Shard::id).toList());
    for (Shard child : children) {
      LOG.info(
          "Table {}: shard {} goes on in shard {}", context.table(), child.parent(), child.id());
      if (readBefore == null || !resume(lineage, readBefore, child.id(), inherited)) {
        ObservedShard observed = ShardListing.observed(child, offsets.get(child.id()));
        begin(lineage, new Lineage(List.of(observed)), observed, inherited);
      }
    }
  }

  /** Has the offset of a finished shard retired when no task needs it any more. */
  void retire(String shardId, long notBeforeMs) {
    scheduler.wake(new OffsetRetirement(this, shardId, notBeforeMs));
  }

  /**
   * Goes on with what is left of a shard and of those below it.
   *
   * @return false if nothing is known of it
   */
  private boolean resume(
      String lineage, Lineage left, String shardId, @Nullable Inheritance inherited)
      throws InterruptedException {
    Lineage.Standing standing = left.standingOf(shardId);
    for (ObservedShard shard : standing.unsettled()) {
      Inheritance fromParent = left.inheritance(shard);
      boolean given = fromParent == null && shard.id().equals(shardId);
      begin(lineage, left, shard, given ? inherited : fromParent);
    }
    standing.settledWithOffset().forEach(this::retire);
    return !standing.unsettled().isEmpty() || !standing.settledWithOffset().isEmpty();
  }

  private void retire(ObservedShard settled) {
    retire(settled.id(), OffsetRetirement.dueAt(settled.offset(), context.clock().millis()));
  }

  private void begin(
      String lineage, Lineage left, ObservedShard shard, @Nullable Inheritance inherited)
      throws InterruptedException {
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
            new ShardOffset.Started(inherited.version(), inherited.parentFinishedAt(), lineage));
      }
    } else {
      progress = ShardProgress.ofRoot(context.start().neededFromMs(), readBefore);
    }
    if (readBefore != null && progress.finishedAt() == null) {
      LOG.info(
          "Table {}: shard {} was read to its end by an earlier run; learning its last version",
          context.table(),
          shard.id());
    }
    ShardOutput output = new ShardOutput(context, shard.id(), lineage, progress);
    scheduler.wake(new ShardReader(this, output, shard.endingSequence(), progress));
  }
}
