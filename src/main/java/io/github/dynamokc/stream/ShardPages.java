package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Shard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A listing of a stream's shards in the making: the one place that puts its pages together, and
 * what they show to what was known. Pages that were received are kept while the next one is
 * retried. For one thread at a time.
 */
final class ShardPages {
  private final StreamApi api;
  private final String streamArn;
  private final boolean mustExist;
  private final KnownShards known;
  private final boolean onlyRecent;
  private final long begunAtMs;
  private final List<Shard> shards = new ArrayList<>();
  private @Nullable String after;
  private @Nullable String lastShard;
  private boolean answered;
  private boolean enabled;
  private boolean complete;
  private boolean exists = true;

  /**
   * @param mustExist whether an answer that the stream does not exist is a failure
   * @param known of the stream, which the listing is put to
   * @param nowMs epoch ms
   */
  ShardPages(StreamApi api, String streamArn, boolean mustExist, KnownShards known, long nowMs) {
    this(api, streamArn, mustExist, known, false, nowMs);
  }

  /** A listing of what is new only. */
  static ShardPages ofRecent(StreamApi api, String streamArn, KnownShards known, long nowMs) {
    return new ShardPages(api, streamArn, false, known, true, nowMs);
  }

  private ShardPages(
      StreamApi api,
      String streamArn,
      boolean mustExist,
      KnownShards known,
      boolean onlyRecent,
      long nowMs) {
    this.api = api;
    this.onlyRecent = onlyRecent;
    this.streamArn = streamArn;
    this.mustExist = mustExist;
    this.known = known;
    this.begunAtMs = nowMs;
    this.after = onlyRecent ? known.listRecentAfter(nowMs) : known.listAfter(nowMs);
    this.lastShard = after;
  }

  /**
   * Asks for the next page, once. A stream that is said not to exist has no shards, unless it must
   * exist.
   *
   * @throws StreamApiException if there was no answer; to be called again when that is worth it
   */
  void next() {
    try {
      ShardPage page = api.list(streamArn, lastShard);
      answered = true;
      shards.addAll(page.shards());
      lastShard = page.lastShard();
      enabled = page.enabled();
      complete = lastShard == null;
      if (complete) {
        if (onlyRecent && after != null) {
          known.listedRecent(shards, begunAtMs);
        } else {
          known.listed(after, shards, begunAtMs);
        }
      }
    } catch (StreamApiException e) {
      if (e.kind() == StreamApiException.Kind.PERMANENT && !answered && after != null) {
        // The shard to begin after may be long gone, and whatever AWS says of that.
        known.listWhole();
        restart();
        throw new StreamApiException(StreamApiException.Kind.TRANSIENT, e.getMessage(), e);
      }
      if (e.kind() != StreamApiException.Kind.NOT_FOUND) {
        throw e;
      }
      if (answered || lastShard != null || mustExist) {
        restart();
        throw e;
      }
      exists = false;
      complete = true;
    }
  }

  /** Begins anew, as the shard that the next page would follow may be gone. */
  private void restart() {
    shards.clear();
    after = null;
    lastShard = null;
    answered = false;
    enabled = false;
  }

  boolean isComplete() {
    return complete;
  }

  /** Whether the stream exists; of a complete listing. */
  boolean exists() {
    return exists;
  }

  /** All shards that are known now; none if the stream does not exist. Of a complete listing. */
  List<Shard> shards() {
    return exists ? known.all() : List.of();
  }

  ShardListing listing() {
    return new ShardListing(shards(), enabled);
  }
}
