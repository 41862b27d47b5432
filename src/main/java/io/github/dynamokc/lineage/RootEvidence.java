package io.github.dynamokc.lineage;

import io.github.dynamokc.offset.ShardOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to make of shards whose parent is not listed. A parent is trimmed a day after it was
 * closed, but it may just be missing in the listing. Until it is missing in several listings over
 * minutes
 *
 * <ul>
 *   <li>a shard of which nothing was read is no root: its parent would have to be read before it,
 *       by the task that reads the parent's lineage. If there are other lineages, this takes
 *       longer, as the shard is likely to belong to one of them.
 *   <li>of a shard that was read, all that is above it was read as well, and is followed. Which
 *       shards that are cannot be seen, so that none that is closed counts as unread, or as one
 *       whose children are still to be found.
 * </ul>
 *
 * For one thread.
 */
public final class RootEvidence {
  private static final Duration ALONE = Duration.ofMinutes(2);
  private static final Duration BESIDE_LINEAGES = Duration.ofMinutes(20);

  /** After this time of listings no shard is held back any more that stays as it is. */
  public static final Duration LONGEST = BESIDE_LINEAGES;

  private final boolean adopts;
  private Map<String, Waiting> waiting = new HashMap<>();

  private static final class Waiting {
    private final Absence parentAlone = new Absence(ALONE);
    private final Absence parentBesideLineages = new Absence(BESIDE_LINEAGES);
    private boolean root;

    private boolean isRoot(boolean soon, long nowMs) {
      boolean afterMinutes = parentAlone.missed(nowMs);
      boolean afterLong = parentBesideLineages.missed(nowMs);
      root |= soon ? afterMinutes : afterLong;
      return root;
    }
  }

  /**
   * @param adopts whether shards of which nothing was read are to be proven roots here; not if that
   *     was done already
   */
  public RootEvidence(boolean adopts) {
    this.adopts = adopts;
  }

  /**
   * Takes in one more listing.
   *
   * @param offsets of the listed shards and of parents that are not listed, by id
   * @param nowMs epoch ms
   * @return the ids of the shards that are to be left alone for now
   */
  public Set<String> heldBack(List<Shard> listed, Map<String, ShardOffset> offsets, long nowMs) {
    Shards shards = new Shards(listed, offsets);
    Set<String> held = new HashSet<>();
    boolean unprovenIsRead = false;
    Map<String, Waiting> before = waiting;
    waiting = new HashMap<>();
    for (Shard orphan : shards.orphans) {
      boolean read = shards.isBelowRead(orphan);
      if (read || adopts) {
        Waiting since = before.getOrDefault(orphan.id(), new Waiting());
        waiting.put(orphan.id(), since);
        if (!since.isRoot(read || !shards.hasLineages, nowMs)) {
          unprovenIsRead |= read;
          if (!read) {
            held.add(orphan.id());
          }
        }
      }
    }
    if (unprovenIsRead) {
      for (Shard shard : listed) {
        if (shard.endingSequence() != null && shards.mayLackChildren(shard)) {
          held.add(shard.id());
        }
      }
    }
    return shards.withDescendants(held);
  }

  /** A listing, and what follows from it. */
  private static final class Shards {
    private final List<Shard> listed;
    private final Map<String, Shard> byId = new HashMap<>();

    /** The shards that have an offset, or something below them has. */
    private final Set<String> read = new HashSet<>();

    private final Map<String, ShardOffset> offsets;

    /** The shards of which a child is listed. */
    private final Set<String> parents = new HashSet<>();

    /** The shards that name a parent which is not listed. */
    private final List<Shard> orphans = new ArrayList<>();

    /** Whether there are lineages of which more is known. */
    private boolean hasLineages;

    private Shards(List<Shard> listed, Map<String, ShardOffset> offsets) {
      this.listed = listed;
      this.offsets = offsets;
      listed.forEach(shard -> byId.put(shard.id(), shard));
      for (Shard shard : listed) {
        Shard above = offsets.containsKey(shard.id()) ? shard : null;
        while (above != null && read.add(above.id())) {
          above = parentOf(above);
        }
      }
      for (Shard shard : listed) {
        String parent = shard.parent();
        if (parent != null) {
          parents.add(parent);
        }
        if (parentOf(shard) == null) {
          boolean orphan = shard.parent() != null;
          if (orphan) {
            orphans.add(shard);
          }
          hasLineages |= !orphan || isBelowRead(shard);
        }
      }
    }

    /** Whether nothing below a closed shard tells that it was read and is followed. */
    private boolean mayLackChildren(Shard shard) {
      return !read.contains(shard.id()) || !parents.contains(shard.id());
    }

    /** Whether all that is above an orphan was read, as its offset or that of its parent says. */
    private boolean isBelowRead(Shard orphan) {
      return read.contains(orphan.id()) || offsets.containsKey(orphan.parent());
    }

    private @Nullable Shard parentOf(Shard shard) {
      return shard.parent() == null ? null : byId.get(shard.parent());
    }

    private Set<String> withDescendants(Set<String> ids) {
      if (ids.isEmpty()) {
        return ids;
      }
      Set<String> all = new HashSet<>(ids);
      for (Shard shard : listed) {
        for (Shard above = parentOf(shard); above != null; above = parentOf(above)) {
          if (ids.contains(above.id())) {
            all.add(shard.id());
          }
        }
      }
      return all;
    }
  }
}
