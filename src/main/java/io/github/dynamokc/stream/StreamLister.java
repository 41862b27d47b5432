package io.github.dynamokc.stream;

import io.github.dynamokc.aws.Backoff;
import io.github.dynamokc.aws.RetryingCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists all shards of a stream, page by page; pages that came are kept while one is retried. */
public final class StreamLister {
  private static final Logger LOG = LoggerFactory.getLogger(StreamLister.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  private final StreamApi api;
  private final RetryingCalls calls;
  private final RandomGenerator random;

  public StreamLister(StreamApi api, RetryingCalls calls, RandomGenerator random) {
    this.api = api;
    this.calls = calls;
    this.random = random;
  }

  /**
   * @throws ConnectException if the stream cannot be listed by trying again
   */
  public List<Shard> list(String streamArn) throws InterruptedException {
    List<Shard> shards = new ArrayList<>();
    String lastShard = null;
    do {
      ShardListing page = page(streamArn, lastShard);
      shards.addAll(page.shards());
      lastShard = page.lastShard();
    } while (lastShard != null);
    return shards;
  }

  private ShardListing page(String streamArn, @Nullable String afterShard)
      throws InterruptedException {
    Backoff backoff = new Backoff(random, FIRST_WAIT, LONGEST_WAIT);
    while (true) {
      try {
        return api.list(streamArn, afterShard);
      } catch (StreamApiException e) {
        switch (e.kind()) {
          case TRANSIENT -> {
            LOG.warn("{} Trying again.", e.getMessage());
            calls.pause(backoff.next());
          }
          case ITERATOR_EXPIRED, POSITION_TRIMMED, NOT_FOUND, PERMANENT ->
              throw new ConnectException(e.getMessage(), e);
        }
      }
    }
  }
}
