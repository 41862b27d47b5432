package io.github.dynamokc.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists a stream's shards for the jobs of a task that ask. One listing serves all requests that
 * were made before it began, so that thousands of ended shards need one listing.
 *
 * <p>There are two kinds of listing. One is complete. The other has what was listed for the first
 * time a short while ago and what came since, which costs a page or two also where a complete one
 * costs hundreds: the children of shards that end. Of a short stream both are the same.
 *
 * <p>What is urgent is listed at once, as fast as the task's share of calls allows. What is not has
 * at most a quarter of the share, when nothing urgent waits, and waits for others to share the
 * listing with.
 */
final class ShardDiscovery {
  private static final Duration CROWD = Duration.ofSeconds(3);

  private final StreamContext context;
  private final TableJobs jobs;
  private final KnownShards known = new KnownShards();
  private final Lister complete;
  private final Lister recent;

  ShardDiscovery(StreamContext context, TableJobs jobs) {
    this.context = context;
    this.jobs = jobs;
    this.complete = new Lister(false);
    this.recent = new Lister(true);
  }

  /**
   * Leaves the beginning of the stream out of listings, where nothing is to be done.
   *
   * @param lastShard the last shard of it
   */
  void leaveOutUpTo(String lastShard) {
    known.leaveOutUpTo(lastShard, context.clock().millis());
  }

  /** The next complete listing is to leave nothing out. */
  void listWholeNext() {
    known.listWhole();
  }

  /** One wish for a listing. */
  static final class Request {
    private final Job asking;
    private final boolean urgent;
    private volatile @Nullable ShardListing listing;

    private Request(Job asking, boolean urgent) {
      this.asking = asking;
      this.urgent = urgent;
    }

    /** The listing, which was begun after the request was made; null until it is there. */
    @Nullable ShardListing listing() {
      return listing;
    }
  }

  /**
   * Asks for a complete listing, at once.
   *
   * @param asking is woken when it is there
   */
  Request ask(Job asking) {
    return complete.ask(new Request(asking, true));
  }

  /** Asks for a complete listing, some time. */
  Request askForLater(Job asking) {
    return complete.ask(new Request(asking, false));
  }

  /**
   * Asks for what is new, at once. That a shard is not in such a listing means nothing.
   *
   * @param asking is woken when it is there
   */
  Request askForRecent(Job asking) {
    return recent().ask(new Request(asking, true));
  }

  /** Asks for what is new, some time. */
  Request askForRecentLater(Job asking) {
    return recent().ask(new Request(asking, false));
  }

  private Lister recent() {
    return known.isLong() ? recent : complete;
  }

  /** Whether a complete listing costs many calls. */
  boolean isLong() {
    return known.isLong();
  }

  /**
   * Whether so many single looks are waiting for their turn that a listing, which serves all, is
   * sooner, or one is being made already.
   */
  boolean isSoonerThanLooks() {
    return recent().isUrgent() || context.access().limiter().backlog().compareTo(CROWD) > 0;
  }

  /** Makes one kind of listing, page by page among the other steps of the task. */
  private final class Lister implements Job {
    private final boolean onlyRecent;
    private final FailureTracker failures;
    private final RateLimiter.Permit permit;
    private @Nullable ShardPages pages;
    private List<Request> next = new ArrayList<>();
    private List<Request> current = List.of();
    private boolean urgent;
    private @Nullable Long begunAtMs;

    private Lister(boolean onlyRecent) {
      this.onlyRecent = onlyRecent;
      this.failures =
          new FailureTracker(
              context, "Listing the shards of the stream of table " + context.table());
      this.permit = context.describePermit();
    }

    private synchronized Request ask(Request request) {
      boolean idle = next.isEmpty() && current.isEmpty();
      next.add(request);
      if (idle || (request.urgent && !urgent)) {
        urgent |= request.urgent;
        jobs.wake(this);
      }
      return request;
    }

    private synchronized boolean isUrgent() {
      return urgent;
    }

    @Override
    public JobResult step() throws InterruptedException {
      ShardPages begun = pages;
      if (begun == null) {
        Duration early = untilDue();
        if (!early.isZero()) {
          return new JobResult.Delay(early);
        }
        begun = begin();
      }
      Duration wait = isUrgent() ? permit.acquire() : permit.acquireIfFree();
      if (!wait.isZero()) {
        return new JobResult.Delay(wait);
      }
      try {
        begun.next();
        failures.onSuccess();
      } catch (StreamApiException e) {
        return failures.onFailure(e);
      }
      return begun.isComplete() ? end(begun.listing()) : JobResult.now();
    }

    private Duration untilDue() {
      Long before = begunAtMs;
      if (before == null || isUrgent()) {
        return Duration.ZERO;
      }
      long due = before + context.config().shardDiscoveryInterval().toMillis();
      return Duration.ofMillis(Math.max(0, due - context.clock().millis()));
    }

    private synchronized ShardPages begin() {
      long now = context.clock().millis();
      current = next;
      next = new ArrayList<>();
      begunAtMs = now;
      ShardPages begun =
          onlyRecent
              ? ShardPages.ofRecent(context.api(), context.streamArn(), known, now)
              : new ShardPages(context.api(), context.streamArn(), false, known, now);
      pages = begun;
      return begun;
    }

    private JobResult end(ShardListing listing) {
      for (Request request : current) {
        request.listing = listing;
        jobs.wake(request.asking);
      }
      synchronized (this) {
        pages = null;
        current = List.of();
        urgent = next.stream().anyMatch(request -> request.urgent);
        return next.isEmpty() ? new JobResult.Parked() : JobResult.now();
      }
    }
  }
}
