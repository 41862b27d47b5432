package io.github.dynamokc.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists a stream's shards for the jobs of a task that ask, page by page among the other steps of
 * the task. Pages that were received are kept while another one is retried. One listing serves all
 * requests that were made before it began, so that thousands of ended shards need one listing.
 */
final class ShardDiscovery implements Job {
  private final StreamContext context;
  private final ShardScheduler scheduler;
  private final FailureTracker failures;
  private final RateLimiter.Permit permit;
  private ShardPages pages;

  private List<Request> next = new ArrayList<>();
  private List<Request> current = List.of();
  private boolean scheduled;

  ShardDiscovery(StreamContext context, ShardScheduler scheduler) {
    this.context = context;
    this.scheduler = scheduler;
    this.failures =
        new FailureTracker(context, "Listing the shards of the stream of table " + context.table());
    this.permit = context.describePermit();
    this.pages = new ShardPages(context.api(), context.streamArn());
  }

  /** One wish for a listing. */
  static final class Request {
    private final Job asking;
    private volatile @Nullable ShardListing listing;

    private Request(Job asking) {
      this.asking = asking;
    }

    /** The listing, which was begun after the request was made; null until it is complete. */
    @Nullable ShardListing listing() {
      return listing;
    }
  }

  /**
   * Asks for a listing.
   *
   * @param asking is woken when it is there
   */
  synchronized Request ask(Job asking) {
    Request request = new Request(asking);
    next.add(request);
    if (!scheduled) {
      scheduled = true;
      scheduler.wake(this);
    }
    return request;
  }

  @Override
  public JobResult step() throws InterruptedException {
    Duration wait = permit.acquire();
    if (!wait.isZero()) {
      return new JobResult.Delay(wait);
    }
    if (current.isEmpty()) {
      begin();
    }
    try {
      pages.next();
      failures.onSuccess();
    } catch (StreamApiException e) {
      if (e.kind() == StreamApiException.Kind.NOT_FOUND) {
        pages.restart();
      }
      return failures.onFailure(e);
    }
    return pages.isComplete() ? end() : JobResult.now();
  }

  private synchronized void begin() {
    current = next;
    next = new ArrayList<>();
    pages = new ShardPages(context.api(), context.streamArn());
  }

  private JobResult end() {
    ShardListing listing = pages.listing();
    List<Request> served = current;
    for (Request request : served) {
      request.listing = listing;
      scheduler.wake(request.asking);
    }
    current = List.of();
    synchronized (this) {
      scheduled = !next.isEmpty();
      return scheduled ? JobResult.now() : new JobResult.Parked();
    }
  }
}
