package io.github.dynamokc.stream;

import io.github.dynamokc.concurrent.PluginClassLoader;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.offset.ShardOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
 * <p>Only lineages of which nothing is committed are looked at: another plan may have them read
 * from their first shard on, and goes on to do so.
 *
 * <p>What was found is kept, so that the same listing gives the same answer. For one thread.
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

  /** Whether a shard that was looked at ended before the start, by id. */
  private final Map<String, Boolean> found = new ConcurrentHashMap<>();

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
   * @throws ConnectException if changes cannot be read by trying again
   * @throws InterruptedException if the monitor is stopped
   */
  public Set<String> of(
      String streamArn, List<Shard> listed, Map<String, ShardOffset> offsets, StreamStart start)
      throws InterruptedException {
    if (start.skipUpToMs() < 0) {
      return Set.of();
    }
    Untouched shards = new Untouched(listed, offsets);
    List<Shard> last = listed.stream().filter(shards::isLastClosed).toList();
    lookTogether(streamArn, last, shards, start);
    Set<String> ended = new HashSet<>();
    for (Shard shard : last) {
      Shard proven = lastProven(streamArn, shard, shards, start);
      shards.addWithAncestors(proven, ended);
    }
    found.keySet().retainAll(shards.byId.keySet());
    return ended;
  }

  /** The first one that is proven, from a shard upwards; null if none is. */
  private @Nullable Shard lastProven(
      String streamArn, Shard shard, Untouched shards, StreamStart start)
      throws InterruptedException {
    Shard next = shard;
    while (next != null && !isProven(streamArn, next, shards.children(next), start)) {
      next = shards.parent(next);
    }
    return next;
  }

  private boolean isProven(String streamArn, Shard shard, List<Shard> children, StreamStart start)
      throws InterruptedException {
    Boolean known = found.get(shard.id());
    if (known == null) {
      known = look(streamArn, shard, children, start);
      found.put(shard.id(), known);
    }
    return known;
  }

  /**
   * Thousands of lineages are looked at on some threads, which do nothing but fill what is found.
   */
  private void lookTogether(String streamArn, List<Shard> last, Untouched shards, StreamStart start)
      throws InterruptedException {
    List<Shard> unknown = last.stream().filter(shard -> !found.containsKey(shard.id())).toList();
    if (unknown.size() < MANY) {
      return;
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(THREADS, PluginClassLoader.threads("dynamokc-history"));
    try {
      List<Future<?>> looks = new ArrayList<>();
      for (Shard shard : unknown) {
        looks.add(threads.submit(() -> lastProven(streamArn, shard, shards, start)));
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

  private boolean look(String streamArn, Shard shard, List<Shard> children, StreamStart start)
      throws InterruptedException {
    // The ending sequence number need not be that of a record: an empty page proves nothing.
    List<ItemChange> last =
        changes(streamArn, shard, new ShardPosition.At(String.valueOf(shard.endingSequence())));
    if (!last.isEmpty()) {
      return last.get(last.size() - 1).createdAtMs() <= start.skipUpToMs();
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

  /** The lineages of a listing of which nothing is committed. */
  private static final class Untouched {
    private final Map<String, Shard> byId = new HashMap<>();
    private final Map<String, List<Shard>> children = new HashMap<>();

    private Untouched(List<Shard> listed, Map<String, ShardOffset> offsets) {
      Map<String, Shard> all = new HashMap<>();
      listed.forEach(shard -> all.put(shard.id(), shard));
      Map<String, String> roots = new HashMap<>();
      listed.forEach(shard -> roots.put(shard.id(), root(shard, all)));
      Set<String> touched = new HashSet<>();
      for (Shard shard : listed) {
        String parent = shard.parent();
        if (offsets.containsKey(shard.id()) || (parent != null && offsets.containsKey(parent))) {
          touched.add(roots.get(shard.id()));
        }
      }
      for (Shard shard : listed) {
        if (!touched.contains(roots.get(shard.id()))) {
          byId.put(shard.id(), shard);
          String parent = shard.parent();
          if (parent != null) {
            children.computeIfAbsent(parent, id -> new ArrayList<>(2)).add(shard);
          }
        }
      }
    }

    private static String root(Shard shard, Map<String, Shard> all) {
      Shard top = shard;
      for (Shard above = shard; above != null; above = parent(above, all)) {
        top = above;
      }
      return top.id();
    }

    private static @Nullable Shard parent(Shard shard, Map<String, Shard> all) {
      return shard.parent() == null ? null : all.get(shard.parent());
    }

    private @Nullable Shard parent(Shard shard) {
      return parent(shard, byId);
    }

    private List<Shard> children(Shard shard) {
      return children.getOrDefault(shard.id(), List.of());
    }

    /** Whether a shard is closed, and the last of its lineage that is but for a child of it. */
    private boolean isLastClosed(Shard shard) {
      return shard.endingSequence() != null
          && byId.containsKey(shard.id())
          && children(shard).stream().anyMatch(child -> !children.containsKey(child.id()));
    }

    private void addWithAncestors(@Nullable Shard shard, Set<String> ended) {
      for (Shard next = shard; next != null && ended.add(next.id()); next = parent(next)) {}
    }
  }
}
