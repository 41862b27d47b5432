package io.github.dynamokc.stream;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.lineage.Shard;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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
    List<Shard> shards = new ArrayList<>();
    String lastShard = null;
    do {
      ShardPage page = page(streamArn, lastShard);
      if (page == null) {
        return null;
      }
      shards.addAll(page.shards());
      lastShard = page.lastShard();
    } while (lastShard != null);
    listedOnce.add(streamArn);
    return shards;
  }

  private @Nullable ShardPage page(String streamArn, @Nullable String afterShard)
      throws InterruptedException {
    return retrier
        .call(
            () -> pageIfStreamExists(streamArn, afterShard), failure -> verdict(streamArn, failure))
        .orElse(null);
  }

  /** Empty if the stream does not exist; a later page that is not found is tried again. */
  private Optional<ShardPage> pageIfStreamExists(String streamArn, @Nullable String afterShard) {
    try {
      return Optional.of(api.list(streamArn, afterShard));
    } catch (StreamApiException e) {
      if (e.kind() == StreamApiException.Kind.NOT_FOUND && afterShard == null) {
        return Optional.empty();
      }
      throw e;
    }
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
