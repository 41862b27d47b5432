package io.github.dynamokc.stream;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.RetryDeadline;
import io.github.dynamokc.lineage.Shard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists all shards of a stream, page by page, on the caller's thread; pages that came are kept
 * while one is retried. Not for several threads.
 */
public final class StreamLister {
  private static final Logger LOG = LoggerFactory.getLogger(StreamLister.class);

  private final StreamApi api;
  private final RetryingCalls calls;
  private final Set<String> listedOnce = new HashSet<>();

  public StreamLister(StreamApi api, RetryingCalls calls) {
    this.api = api;
    this.calls = calls;
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
    RetryDeadline patience = calls.patience();
    while (true) {
      try {
        return api.list(streamArn, afterShard);
      } catch (StreamApiException e) {
        if (e.kind() == StreamApiException.Kind.NOT_FOUND && afterShard == null) {
          return null;
        }
        if (!isWorthWaitingFor(e.kind(), streamArn)) {
          throw new ConnectException(e.getMessage(), e);
        }
        Duration wait = patience.nextDelay();
        if (wait == null) {
          throw new ConnectException(patience.describe() + e.getMessage(), e);
        }
        LOG.warn("{} Trying again in {} ms.", e.getMessage(), wait.toMillis());
        calls.pause(wait);
      }
    }
  }

  /** Who was never let in is told at once; who was is given time to mend it. */
  private boolean isWorthWaitingFor(StreamApiException.Kind kind, String streamArn) {
    return switch (kind) {
      case TRANSIENT, NOT_FOUND -> true;
      case REFUSED -> listedOnce.contains(streamArn);
      case ITERATOR_EXPIRED, POSITION_TRIMMED, PERMANENT -> false;
    };
  }
}
