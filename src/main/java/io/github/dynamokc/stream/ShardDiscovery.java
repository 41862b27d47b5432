package io.github.dynamokc.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists a stream's shards for whoever asks, page by page among the other steps of the task. Pages
 * that came are kept while one is tried again. One listing serves all who asked before it began, so
 * that thousands of shards cost no more listings than one.
 */
final class ShardDiscovery implements Step {
  private final StreamSource source;
  private final ShardScheduler scheduler;
  private final Failures failures;
  private final CallPace.Turn turn;
  private final List<Shard> shards = new ArrayList<>();
  private @Nullable String lastShard;
  private boolean enabled;

  private List<Request> next = new ArrayList<>();
  private List<Request> current = List.of();
  private boolean scheduled;

  ShardDiscovery(StreamSource source, ShardScheduler scheduler) {
    this.source = source;
    this.scheduler = scheduler;
    this.failures =
        new Failures(source, "Listing the shards of the stream of table " + source.table());
    this.turn = source.pace().new Turn();
  }

  /** One wish for a listing. */
  static final class Request {
    private final Step asking;
    private volatile @Nullable Listing listing;

    private Request(Step asking) {
      this.asking = asking;
    }

    /** The listing, which was begun after the request was made; null until it is complete. */
    @Nullable Listing listing() {
      return listing;
    }
  }

  /**
   * Asks for a listing.
   *
   * @param asking is woken when it is there
   */
  synchronized Request ask(Step asking) {
    Request request = new Request(asking);
    next.add(request);
    if (!scheduled) {
      scheduled = true;
      scheduler.wake(this);
    }
    return request;
  }

  @Override
  public Next step() throws InterruptedException {
    Duration wait = turn.take();
    if (!wait.isZero()) {
      return new Next.After(wait);
    }
    if (current.isEmpty()) {
      begin();
    }
    try {
      ShardListing page = source.api().list(source.streamArn(), lastShard);
      failures.over();
      shards.addAll(page.shards());
      lastShard = page.lastShard();
      enabled = page.enabled();
    } catch (StreamApiException e) {
      if (e.kind() != StreamApiException.Kind.NOT_FOUND) {
        return failures.waitOut(e);
      }
      boolean streamIsGone = lastShard == null;
      shards.clear();
      if (!streamIsGone) {
        // The shard that the page would follow is gone.
        lastShard = null;
        return failures.waitOut(e);
      }
    }
    return lastShard == null ? end() : Next.now();
  }

  private synchronized void begin() {
    current = next;
    next = new ArrayList<>();
    shards.clear();
    enabled = false;
  }

  private Next end() {
    Listing listing = new Listing(shards, enabled);
    shards.clear();
    List<Request> served = current;
    for (Request request : served) {
      request.listing = listing;
      scheduler.wake(request.asking);
    }
    current = List.of();
    synchronized (this) {
      scheduled = !next.isEmpty();
      return scheduled ? Next.now() : new Next.WhenWoken();
    }
  }
}
