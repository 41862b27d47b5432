package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Shard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A listing of a stream's shards in the making: the one place that puts its pages together. Pages
 * that were received are kept while the next one is retried. For one thread at a time.
 */
final class ShardPages {
  private final StreamApi api;
  private final String streamArn;
  private final List<Shard> shards = new ArrayList<>();
  private @Nullable String lastShard;
  private boolean enabled;
  private boolean complete;
  private boolean exists = true;

  ShardPages(StreamApi api, String streamArn) {
    this.api = api;
    this.streamArn = streamArn;
  }

  /**
   * Asks for the next page, once. A stream that is said not to exist has no shards.
   *
   * @throws StreamApiException if there was no answer; to be called again when that is worth it
   */
  void next() {
    try {
      ShardPage page = api.list(streamArn, lastShard);
      shards.addAll(page.shards());
      lastShard = page.lastShard();
      enabled = page.enabled();
      complete = lastShard == null;
    } catch (StreamApiException e) {
      if (e.kind() != StreamApiException.Kind.NOT_FOUND || lastShard != null) {
        throw e;
      }
      exists = false;
      complete = true;
    }
  }

  /** Begins anew, as the shard that the next page would follow may be gone. */
  void restart() {
    shards.clear();
    lastShard = null;
    enabled = false;
  }

  boolean isComplete() {
    return complete;
  }

  /** Whether the stream exists; of a complete listing. */
  boolean exists() {
    return exists;
  }

  /** The shards, none if the stream does not exist. Complete when the listing is. */
  List<Shard> shards() {
    return List.copyOf(shards);
  }

  ShardListing listing() {
    return new ShardListing(shards, enabled);
  }
}
