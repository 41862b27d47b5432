package io.github.dynamokc.stream;

import io.github.dynamokc.concurrent.PluginClassLoader;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.offset.ShardOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the shards that had ended before the first change that is wanted, so that a stream with a
 * day of history is not read from its first shard on to learn that nothing of it is wanted. They
 * are taken for trimmed: what comes below them begins without a parent.
 *
 * <p>The proof is a change, and its time: the shard's last one, or the first one of a child, which
 * begins where the shard ends. Whatever is above a shard ended before it. What has no proof is read
 * in order, which needs none. A shard without a listed child is not asked for, as somebody has to
 * look for that.
 *
 * <p>Only what is left to be read is looked at, and nothing that has an offset or is below a shard
 * that has one: another plan may have it read from there on, and goes on to do so. The first
 * listing decides: a shard that ends later is in a plan already, which is to stand. For one thread.
 */
public final class EndedBeforeStart {
  /** The times of changes are approximate. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /** As many lineages are worth some threads. */
  private static final int MANY = 100;

  private static final int THREADS = 16;

  private final StreamApi api;
  private final Retrier retrier;
  private final Runnable onLook;
  private boolean decided;

  /** The shards of which it is proven, without those above them. */
  private final Set<String> proven = ConcurrentHashMap.newKeySet();

  /**
   * @param api is asked for changes
   * @param onLook runs now and then while thousands of shards are looked at
   */
  public EndedBeforeStart(StreamApi api, Retrier retrier, Runnable onLook) {
    this.api = api;
    this.retrier = retrier;
    this.onLook = onLook;
  }

  /**
   * Those shards of a listing that ended before the start, and all that is above them.
   *
   * @param listed without those of which it is not clear what they are
   * @param offsets of the listed shards and of parents that are not listed, by id
   * @param lineage of the same, asked for the first time
   * @throws ConnectException if changes cannot be read by trying again
   * @throws InterruptedException if the monitor is stopped
   */
  public Set<String> of(
      String streamArn,
      List<Shard> listed,
      Map<String, ShardOffset> offsets,
      StreamStart start,
      Supplier<Lineage> lineage)
      throws InterruptedException {
    if (start.skipUpToMs() < 0) {
      return Set.of();
    }
    Shards shards = new Shards(listed, offsets);
    if (!decided) {
      decide(streamArn, shards, start, lineage.get());
      decided = true;
    }
    Set<String> ended = new HashSet<>();
    for (Shard shard : shards.untouched.values()) {
      if (proven.contains(shard.id())) {
        shards.addWithAncestors(shard, ended);
      }
    }
    return ended;
  }

  private void decide(String streamArn, Shards shards, StreamStart start, Lineage lineage)
      throws InterruptedException {
    Set<String> left = new HashSet<>();
    lineage.listing().stream()
        .filter(shard -> !lineage.isSettled(shard))
        .forEach(shard -> left.add(shard.id()));
    List<Shard> last =
        shards.untouched.values().stream()
            .filter(shard -> left.contains(shard.id()) && shards.isLastClosed(shard))
            .toList();
    if (last.size() >= MANY) {
      lookTogether(streamArn, last, shards, start);
      return;
    }
    for (Shard shard : last) {
      lookUpwards(streamArn, shard, shards, start);
    }
  }

  /** Many lineages are looked at on some threads. */
  private void lookTogether(String streamArn, List<Shard> last, Shards shards, StreamStart start)
      throws InterruptedException {
    ExecutorService threads =
        Executors.newFixedThreadPool(THREADS, PluginClassLoader.threads("dynamokc-history"));
    try {
      List<Future<?>> looks = new ArrayList<>();
      for (Shard shard : last) {
        looks.add(
            threads.submit(
                () -> {
                  lookUpwards(streamArn, shard, shards, start);
                  return null;
                }));
      }
      for (Future<?> look : looks) {
        onLook.run();
        look.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  /** Looks at a shard and those above it until one is proven. */
  private void lookUpwards(String streamArn, Shard shard, Shards shards, StreamStart start)
      throws InterruptedException {
    Shard next = shard;
    while (next != null && !proven.contains(next.id())) {
      if (look(streamArn, next, shards.children(next), start)) {
        proven.add(next.id());
      } else {
        next = shards.parent(next);
      }
    }
  }

  private boolean look(String streamArn, Shard shard, List<Shard> children, StreamStart start)
      throws InterruptedException {
    List<ItemChange> last =
        changes(streamArn, shard, new ShardPosition.At(String.valueOf(shard.endingSequence())));
    if (!last.isEmpty()) {
      return start.isAfterEndWith(last);
    }
    for (Shard child : children) {
      List<ItemChange> first = changes(streamArn, child, new ShardPosition.TrimHorizon());
      if (!first.isEmpty()
          && first.get(0).createdAtMs() <= start.skipUpToMs() - MARGIN.toMillis()) {
        return true;
      }
    }
    return false;
  }

  /** None if there is an answer that is none, which proves nothing. */
  private List<ItemChange> changes(String streamArn, Shard shard, ShardPosition position)
      throws InterruptedException {
    return retrier.call(
        () -> {
          try {
            String iterator = api.iterator(streamArn, shard.id(), position);
            return api.records(streamArn, shard.id(), iterator).changes();
          } catch (StreamApiException e) {
            if (e.kind() == StreamApiException.Kind.TRANSIENT) {
              throw e;
            }
            return List.of();
          }
        },
        failure ->
            failure instanceof StreamApiException e
                ? new Retrier.Verdict.Retry(String.valueOf(e.getMessage()), e)
                : new Retrier.Verdict.GiveUp(failure));
  }

  /** A listing, and what of it nobody has begun. */
  private static final class Shards {
    /** Those without an offset that are below none that has one. */
    private final Map<String, Shard> untouched = new LinkedHashMap<>();

    private final Map<String, List<Shard>> children = new HashMap<>();

    private Shards(List<Shard> listed, Map<String, ShardOffset> offsets) {
      Map<String, Shard> byId = new HashMap<>();
      listed.forEach(shard -> byId.put(shard.id(), shard));
      for (Shard shard : listed) {
        String parent = shard.parent();
        if (parent != null) {
          children.computeIfAbsent(parent, id -> new ArrayList<>(2)).add(shard);
        }
        if (isUntouched(shard, byId, offsets)) {
          untouched.put(shard.id(), shard);
        }
      }
    }

    private static boolean isUntouched(
        Shard shard, Map<String, Shard> byId, Map<String, ShardOffset> offsets) {
      for (Shard next = shard; next != null; next = above(next, byId)) {
        String parent = next.parent();
        if (offsets.containsKey(next.id()) || (parent != null && offsets.containsKey(parent))) {
          return false;
        }
      }
      return true;
    }

    private static @Nullable Shard above(Shard shard, Map<String, Shard> byId) {
      String parent = shard.parent();
      return parent == null ? null : byId.get(parent);
    }

    private @Nullable Shard parent(Shard shard) {
      return above(shard, untouched);
    }

    private List<Shard> children(Shard shard) {
      return children.getOrDefault(shard.id(), List.of());
    }

    /** Whether a shard is closed, and the last of its lineage that is but for a child of it. */
    private boolean isLastClosed(Shard shard) {
      return shard.endingSequence() != null
          && children(shard).stream().anyMatch(child -> !children.containsKey(child.id()));
    }

    private void addWithAncestors(Shard shard, Set<String> ended) {
      for (Shard next = shard; next != null && ended.add(next.id()); next = parent(next)) {}
    }
  }
}
