package io.github.dynamokc.stream;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.lineage.Shard;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Lists all shards of a stream, page by page, on the caller's thread; pages that came are kept
 * while one is retried. Not for several threads.
 */
public final class StreamLister {

  private final StreamApi api;
  private final Retrier retrier;
  private final Set<String> listedOnce = new HashSet<>();

  public StreamLister(StreamApi api, Retrier retrier) {
    this.api = api;
    this.retrier = retrier;
  }

  /**
   * @return null if the stream does not exist, or does no longer
   * @throws ConnectException if the stream cannot be listed by trying again
   */
  public @Nullable List<Shard> list(String streamArn) throws InterruptedException {
    ShardPages pages = new ShardPages(api, streamArn);
    while (!pages.isComplete()) {
      retrier.call(
          () -> {
            pages.next();
            return pages;
          },
          failure -> verdict(streamArn, failure));
    }
    if (!pages.exists()) {
      return null;
    }
    listedOnce.add(streamArn);
    return pages.shards();
  }

  /**
   * Access that is refused before the first successful listing fails at once; refused later, it is
   * retried.
   */
  private Retrier.Verdict verdict(String streamArn, RuntimeException failure) {
    if (!(failure instanceof StreamApiException e)) {
      return new Retrier.Verdict.GiveUp(failure);
    }
    boolean retry =
        switch (e.kind()) {
          case TRANSIENT, NOT_FOUND -> true;
          case REFUSED -> listedOnce.contains(streamArn);
          case ITERATOR_EXPIRED, POSITION_TRIMMED, PERMANENT -> false;
        };
    String description = String.valueOf(e.getMessage());
    return retry
        ? new Retrier.Verdict.Retry(description)
        : new Retrier.Verdict.GiveUp(new ConnectException(description, e));
  }
}
