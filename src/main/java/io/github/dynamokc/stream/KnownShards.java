package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Absence;
import io.github.dynamokc.lineage.Shard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shards of a stream, from all its listings: the one place that knows how far a listing can be
 * trusted. A listing may lack a shard, list one twice, or show one as it was minutes ago. So a
 * shard is here once, stays closed once it was, and is gone only if several listings over minutes
 * lack it ({@link Absence}), and not if it was open a short while ago.
 *
 * <p>A long listing need not be made from its beginning each time: what it begins with are closed
 * shards, which do not change any more. The beginning is left out when two listings after each
 * other had nothing new in it, and now and then it is listed all the same.
 *
 * <p>New shards come at the end of a listing. So what is new can be listed for itself, from the
 * last shard on that has been known for longer than listings lag behind, or that the first listing
 * of all ended with. Such a listing says nothing of those that it does not have.
 *
 * <p>Thread-safe: both kinds of listing may be made at a time.
 */
final class KnownShards {
  private static final Duration WHOLE_EVERY = Duration.ofHours(6);

  /** What was known longer ago is nothing to compare a listing with. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

  /** A listing of so many shards costs a few calls. */
  private static final int SHORT = 300;

  /** Well above what listings lag behind. */
  private static final Duration RECENT = Duration.ofMinutes(15);

  private static final long NEVER = 0;

  private final Map<String, Known> byId = new LinkedHashMap<>();

  /** The last shard of the beginning that is left out; null while none is. */
  private @Nullable String skipTo;

  /** The last shard of a beginning that was left out from the first listing on; null for none. */
  private @Nullable String neverListedUpTo;

  /** The last shard of the closed beginning of the last listing. */
  private @Nullable String closedUpTo;

  /** Whether what the next complete listing lacks is to be dropped. */
  private boolean forgotten;

  private long wholeAtMs = NEVER;
  private long listedAtMs = NEVER;

  private static final class Known {
    private Shard shard;
    private final long firstSeenAtMs;
    private long seenAtMs;
    private final Absence absence = new Absence();

    private Known(Shard shard, long firstSeenAtMs) {
      this.shard = shard;
      this.firstSeenAtMs = firstSeenAtMs;
    }
  }

  /**
   * Leaves the beginning out from the first listing on, as somebody else has listed it and found
   * nothing to do there.
   *
   * @param lastShard the last shard of it
   * @param nowMs epoch ms
   */
  synchronized void leaveOutUpTo(String lastShard, long nowMs) {
    skipTo = lastShard;
    neverListedUpTo = lastShard;
    wholeAtMs = nowMs;
  }

  /**
   * After which shard the next listing is to begin.
   *
   * @param nowMs epoch ms
   * @return null for the beginning
   */
  synchronized @Nullable String listAfter(long nowMs) {
    boolean first = listedAtMs == NEVER;
    if (!first && nowMs - listedAtMs >= FORGOTTEN_AFTER.toMillis()) {
      forgotten = true;
      listWhole();
    }
    boolean whole =
        forgotten
            || (!first && byId.size() <= SHORT)
            || nowMs - wholeAtMs >= WHOLE_EVERY.toMillis();
    return whole ? null : skipTo;
  }

  /** The next listing is to begin at the beginning. */
  synchronized void listWhole() {
    skipTo = null;
    closedUpTo = null;
  }

  /**
   * Takes in a complete listing.
   *
   * @param after the shard that it began after, null for the beginning
   * @param listed in the order of the listing
   * @param nowMs when it was begun, epoch ms
   */
  synchronized void listed(@Nullable String after, Collection<Shard> listed, long nowMs) {
    // What comes after the shards of the first listing is new to it.
    long firstSeenAtMs = listedAtMs == NEVER ? nowMs - RECENT.toMillis() : nowMs;
    listedAtMs = nowMs;
    Map<String, Known> before = new LinkedHashMap<>();
    Map<String, Known> covered = new LinkedHashMap<>(byId);
    boolean allIsBehind =
        after != null && !byId.containsKey(after) && after.equals(neverListedUpTo);
    if (after != null && !allIsBehind) {
      Iterator<Map.Entry<String, Known>> inOrder = covered.entrySet().iterator();
      boolean reached = false;
      while (!reached && inOrder.hasNext()) {
        Map.Entry<String, Known> entry = inOrder.next();
        before.put(entry.getKey(), entry.getValue());
        inOrder.remove();
        reached = entry.getKey().equals(after);
      }
    } else if (after == null) {
      wholeAtMs = nowMs;
    }
    boolean newInClosed = false;
    boolean inClosed = closedUpTo != null;
    byId.clear();
    byId.putAll(before);
    for (Shard shard : listed) {
      Known known = covered.remove(shard.id());
      if (known == null) {
        known = byId.get(shard.id());
      }
      if (known == null) {
        newInClosed |= inClosed;
        known = new Known(shard, firstSeenAtMs);
      } else {
        known.shard = latest(known.shard, shard);
      }
      known.seenAtMs = nowMs;
      known.absence.seen();
      byId.put(shard.id(), known);
      inClosed &= !shard.id().equals(closedUpTo);
    }
    // What another listing has shown meanwhile came after the pages that lack it.
    if (forgotten) {
      covered.values().removeIf(known -> known.seenAtMs < nowMs);
      forgotten = false;
    }
    covered.values().removeIf(known -> known.seenAtMs < nowMs && isGone(known, nowMs));
    byId.putAll(covered);
    if (!newInClosed && closedUpTo != null) {
      skipTo = closedUpTo;
    } else if (newInClosed) {
      skipTo = null;
    }
    closedUpTo = lastOfClosedBeginning();
  }

  /**
   * After which shard a listing of what is new is to begin.
   *
   * @param nowMs epoch ms
   * @return null if only a complete listing will do
   */
  synchronized @Nullable String listRecentAfter(long nowMs) {
    String last = null;
    for (Known known : byId.values()) {
      boolean listed = known.seenAtMs >= listedAtMs;
      if (listed && known.firstSeenAtMs <= nowMs - RECENT.toMillis()) {
        last = known.shard.id();
      }
    }
    return last;
  }

  /** Whether a complete listing costs many calls, and what is new can be listed for itself. */
  synchronized boolean isLong() {
    return byId.size() > SHORT;
  }

  /**
   * Takes in a listing of what is new.
   *
   * @param nowMs when it was begun, epoch ms
   */
  synchronized void listedRecent(Collection<Shard> listed, long nowMs) {
    for (Shard shard : listed) {
      Known known = byId.computeIfAbsent(shard.id(), id -> new Known(shard, nowMs));
      known.shard = latest(known.shard, shard);
      known.seenAtMs = Math.max(known.seenAtMs, nowMs);
      known.absence.seen();
    }
  }

  private static Shard latest(Shard known, Shard listed) {
    String ending = listed.endingSequence();
    String parent = listed.parent();
    return new Shard(
        known.id(),
        parent == null ? known.parent() : parent,
        ending == null ? known.endingSequence() : ending);
  }

  private static boolean isGone(Known known, long nowMs) {
    boolean closed = known.shard.endingSequence() != null;
    return known.absence.missed(nowMs)
        && (closed || nowMs - known.seenAtMs >= FORGOTTEN_AFTER.toMillis());
  }

  private @Nullable String lastOfClosedBeginning() {
    String last = null;
    for (Known known : byId.values()) {
      if (known.shard.endingSequence() == null) {
        break;
      }
      last = known.shard.id();
    }
    return last;
  }

  /** In the order of the listings, each once. */
  synchronized List<Shard> all() {
    List<Shard> all = new ArrayList<>(byId.size());
    byId.values().forEach(known -> all.add(known.shard));
    return all;
  }
}
