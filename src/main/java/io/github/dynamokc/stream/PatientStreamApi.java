package io.github.dynamokc.stream;

import io.github.dynamokc.concurrent.Patience;
import io.github.dynamokc.concurrent.RetryDeadline;
import io.github.dynamokc.lineage.Shard;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what {@code stall.timeout.ms} promises for a stream as a whole. A shard has a deadline of
 * its own ({@link FailureTracker}), but with thousands of shards on a few threads its turn comes
 * seldom while calls hang, so that its deadline is hours away. Here the failures of all shards
 * count: if no call of a stream succeeded for that long, a failure that would be waited out is one
 * for good. Reads and listings count apart, because a stream that is listed is not read.
 */
public final class PatientStreamApi implements StreamApi {
  private final StreamApi api;
  private final InstantSource clock;
  private final Duration limit;
  private final Map<Calls, Patience> patience = new ConcurrentHashMap<>();

  /** What succeeds or fails together. */
  private record Calls(String streamArn, boolean listing) {}

  /**
   * @param limit for how long all calls may fail ({@code stall.timeout.ms})
   */
  public PatientStreamApi(StreamApi api, InstantSource clock, Duration limit) {
    this.api = api;
    this.clock = clock;
    this.limit = limit;
  }

  @Override
  public ShardPage list(String streamArn, @Nullable String afterShard) {
    return call(new Calls(streamArn, true), () -> api.list(streamArn, afterShard));
  }

  @Override
  public List<Shard> children(String streamArn, String parent) {
    return call(new Calls(streamArn, true), () -> api.children(streamArn, parent));
  }

  @Override
  public String iterator(String streamArn, String shardId, ShardPosition position) {
    return call(new Calls(streamArn, false), () -> api.iterator(streamArn, shardId, position));
  }

  @Override
  public RecordsPage records(String streamArn, String shardId, String iterator) {
    return call(new Calls(streamArn, false), () -> api.records(streamArn, shardId, iterator));
  }

  private <T> T call(Calls calls, Supplier<T> call) {
    Patience left = patience.computeIfAbsent(calls, key -> new Patience(clock, limit));
    try {
      T answer = call.get();
      left.reset();
      return answer;
    } catch (StreamApiException e) {
      if (isWaitedOut(e.kind()) && left.isOverAfterFailure(RetryDeadline.LONGEST_ROUND)) {
        throw new StreamApiException(
            StreamApiException.Kind.PERMANENT,
            (calls.listing() ? "listing " : "reading ")
                + calls.streamArn()
                + ": "
                + left.describe()
                + e.getMessage(),
            e);
      }
      throw e;
    }
  }

  /** Other answers are answers: AWS is there, and what they mean is decided elsewhere. */
  private static boolean isWaitedOut(StreamApiException.Kind kind) {
    return switch (kind) {
      case TRANSIENT, REFUSED -> true;
      case NOT_FOUND, POSITION_TRIMMED, ITERATOR_EXPIRED, PERMANENT -> false;
    };
  }
}
