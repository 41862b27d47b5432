package io.github.dynamokc.stream;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.lineage.Shard;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Lists the shards of a table's streams, page by page, on the caller's thread; pages that came are
 * kept while one is retried. What listings showed before counts too ({@link KnownShards}). Not for
 * several threads.
 */
public final class StreamLister {
  private final StreamApi api;
  private final RateLimiter limiter;
  private final Runnable onPage;
  private final Retrier retrier;
  private final InstantSource clock;
  private final Map<String, KnownShards> known = new HashMap<>();

  /**
   * @param limiter of DescribeStream calls, which the tables of a monitor share in turns
   * @param onPage runs after each page that came
   */
  public StreamLister(
      StreamApi api, RateLimiter limiter, Runnable onPage, Retrier retrier, InstantSource clock) {
    this.api = api;
    this.limiter = limiter;
    this.onPage = onPage;
    this.retrier = retrier;
    this.clock = clock;
  }

  /** The next listing of the stream is to leave nothing out. */
  public void listWholeNext(String streamArn) {
    known(streamArn).listWhole();
  }

  private KnownShards known(String streamArn) {
    return known.computeIfAbsent(streamArn, arn -> new KnownShards());
  }

  /**
   * @return null if the stream does not exist, or does no longer
   * @throws ConnectException if the stream cannot be listed by trying again
   */
  public @Nullable List<Shard> list(String streamArn) throws InterruptedException {
    return list(pages(streamArn, false));
  }

  /**
   * The same of a stream that is known to exist, for instance because DescribeTable names it: that
   * DescribeStream does not know it is waited out like a failure.
   *
   * @throws ConnectException if the stream cannot be listed, or not be found, by trying again
   */
  public List<Shard> listExisting(String streamArn) throws InterruptedException {
    return Objects.requireNonNull(list(pages(streamArn, true)), "exists");
  }

  private ShardPages pages(String streamArn, boolean mustExist) {
    return new ShardPages(api, streamArn, mustExist, known(streamArn), clock.millis());
  }

  private @Nullable List<Shard> list(ShardPages pages) throws InterruptedException {
    RateLimiter.Permit permit = limiter.new Permit();
    while (!pages.isComplete()) {
      retrier.call(
          () -> {
            awaitTurn(permit);
            pages.next();
            return pages;
          },
          StreamLister::verdict);
      onPage.run();
    }
    return pages.exists() ? pages.shards() : null;
  }

  private void awaitTurn(RateLimiter.Permit permit) throws InterruptedException {
    for (Duration wait = permit.acquire(); !wait.isZero(); wait = permit.acquire()) {
      retrier.pause(wait);
    }
  }

  /** What the kinds mean was decided where they were told apart. */
  private static Retrier.Verdict verdict(RuntimeException failure) {
    if (!(failure instanceof StreamApiException e)) {
      return new Retrier.Verdict.GiveUp(failure);
    }
    boolean retry =
        switch (e.kind()) {
          case TRANSIENT, REFUSED, NOT_FOUND -> true;
          case ITERATOR_EXPIRED, POSITION_TRIMMED, PERMANENT -> false;
        };
    String description = String.valueOf(e.getMessage());
    return retry
        ? new Retrier.Verdict.Retry(description, e)
        : new Retrier.Verdict.GiveUp(new ConnectException(description, e));
  }
}
