package io.github.dynamokc.lineage;

import io.github.dynamokc.offset.ShardOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parent-child relation of a listing, and what the offsets say of it: the one place that knows
 * which shards are still work. A shard whose parent is not listed any more is a root: the parent
 * was trimmed, after 24 hours.
 *
 * <p>A shard is
 *
 * <ul>
 *   <li><em>read</em> if it is marked so, or if a descendant has an offset, which invariant A
 *       allows only after the shard's last record was acknowledged.
 *   <li><em>followed</em> if its children go on without it: one is listed, or a later shard whose
 *       offset names it, and all children have offsets or are followed themselves. Then its own
 *       offset is needed no more (invariant C).
 *   <li><em>settled</em>, that is no work any more, if it is read, a child of it is listed (a
 *       listing may lag behind by minutes; until it shows a child, somebody has to look for it),
 *       and its own end is committed or it is followed, and it is not one that is set to be skipped
 *       which is not told yet. If a crash lost the shard's final offset, the shard is read again
 *       without emitting records to recover its last version.
 * </ul>
 *
 * <p>Immutable; every question but the first construction costs no more than the shards it is
 * about.
 */
public final class Lineage {
  private final List<ObservedShard> listing;
  private final Map<String, ObservedShard> byId;
  private final Map<String, List<ObservedShard>> children = new HashMap<>();

  /** The shards whose offsets name a lineage other than themselves, by the name of that. */
  private final Map<String, List<ObservedShard>> members = new HashMap<>();

  private final Set<String> withDescendantOffset = new HashSet<>();
  private final Set<String> followed = new HashSet<>();
  private final List<ObservedShard> forgotten;
  private final Set<String> forgottenIds = new HashSet<>();
  private final Set<String> heldBack;
  private final Standing left;

  public Lineage(Collection<ObservedShard> listing) {
    this(listing, List.of());
  }

  public Lineage(Collection<ObservedShard> listing, Collection<ObservedShard> forgotten) {
    this(listing, forgotten, Set.of());
  }

  /**
   * A listing, and what else is known.
   *
   * @param forgotten shards with offsets that are not listed any more; what they have in the
   *     listing as children, or as shards of their lineage, goes on from them
   * @param heldBack shards of which it is not clear yet whether they are read ({@link
   *     RootEvidence}): they are nobody's work for now, and do not make what is above them work
   */
  public Lineage(
      Collection<ObservedShard> listing,
      Collection<ObservedShard> forgotten,
      Set<String> heldBack) {
    this.heldBack = Set.copyOf(heldBack);
    byId = new LinkedHashMap<>(listing.size() * 2);
    for (ObservedShard shard : listing) {
      byId.putIfAbsent(shard.id(), shard);
    }
    this.listing = List.copyOf(byId.values());
    this.forgotten = List.copyOf(forgotten);
    for (ObservedShard shard : forgotten) {
      byId.put(shard.id(), shard);
      forgottenIds.add(shard.id());
    }
    for (ObservedShard shard : this.listing) {
      if (shard.parent() != null) {
        children.computeIfAbsent(shard.parent(), id -> new ArrayList<>(2)).add(shard);
      }
    }
    for (ObservedShard shard : byId.values()) {
      ShardOffset offset = shard.offset();
      if (offset != null) {
        String lineage = offset.lineage();
        if (lineage != null && !lineage.equals(shard.id())) {
          members.computeIfAbsent(lineage, id -> new ArrayList<>(2)).add(shard);
          markRead(byId.get(lineage));
        }
        markRead(parentOf(shard));
      }
    }
    List<ObservedShard> parentsFirst = parentsFirst();
    for (int i = parentsFirst.size() - 1; i >= 0; i--) {
      String id = parentsFirst.get(i).id();
      if (hasDescendants(id) && childrenGoOnWithout(id)) {
        followed.add(id);
      }
    }
    left = walk(roots());
    left.unsettled().removeIf(shard -> heldBack.contains(shard.id()));
  }

  /** By a descendant that has an offset, and all that is above it as well. */
  private void markRead(@Nullable ObservedShard shard) {
    ObservedShard above = shard;
    while (above != null && withDescendantOffset.add(above.id())) {
      above = parentOf(above);
    }
  }

  /** The shards of the listing, in its order. */
  public List<ObservedShard> listing() {
    return listing;
  }

  /** The shards with offsets that are not listed any more. */
  public List<ObservedShard> forgotten() {
    return forgotten;
  }

  /** The shards of which it is not clear yet whether they are read. */
  public Set<String> heldBack() {
    return heldBack;
  }

  public boolean isRead(ObservedShard shard) {
    return hasEnded(shard) || withDescendantOffset.contains(shard.id());
  }

  /** As its own offset says. */
  private static boolean hasEnded(ObservedShard shard) {
    return shard.offset() != null && shard.offset().endedAt() != null;
  }

  /** That is to be told first, whatever is below the shard. */
  private static boolean isToBeSkipped(ObservedShard shard) {
    return shard.offset() instanceof ShardOffset.Skipped skipped && skipped.skippedAt() == null;
  }

  public boolean isSettled(ObservedShard shard) {
    return isRead(shard)
        && hasDescendants(shard.id())
        && (hasEnded(shard) || (followed.contains(shard.id()) && !isToBeSkipped(shard)));
  }

  /**
   * Whether there is a closed shard at or below some of which no child is listed, and whose own
   * offset does not say either that it is read: children may be missing that would say so.
   */
  public boolean lacksChildren(Collection<ObservedShard> from) {
    Deque<ObservedShard> next = new ArrayDeque<>(from);
    while (!next.isEmpty()) {
      ObservedShard shard = next.pop();
      List<ObservedShard> below = childrenOf(shard.id());
      boolean ended = hasEnded(shard) || isToBeSkipped(shard);
      if (below.isEmpty() && shard.endingSequence() != null && !ended) {
        return true;
      }
      next.addAll(below);
    }
    return false;
  }

  /** Also if the shards in between are not listed: what descends from a shard may name it. */
  private boolean hasDescendants(String id) {
    return !childrenOf(id).isEmpty() || members.containsKey(id);
  }

  /**
   * Whether all listed children of a shard, which need not be listed itself, have offsets, are
   * followed or held back. True without children: a caller that needs one to exist asks for it.
   */
  public boolean childrenGoOnWithout(String id) {
    return childrenOf(id).stream()
        .allMatch(
            child ->
                child.offset() != null
                    || followed.contains(child.id())
                    || heldBack.contains(child.id()));
  }

  /**
   * The shards to start at: not settled, with ancestors that all are, and not held back, ordered by
   * id.
   */
  public List<ObservedShard> frontier() {
    return List.copyOf(left.unsettled());
  }

  /** The settled shards that still have offsets, with ancestors that are settled, ordered by id. */
  public List<ObservedShard> leftOver() {
    return List.copyOf(left.settledWithOffset());
  }

  /** Those of some shards that are settled and still have offsets. */
  public List<ObservedShard> settledWithOffset(Collection<String> ids) {
    return ids.stream()
        .map(byId::get)
        .filter(shard -> shard != null && shard.offset() != null && isSettled(shard))
        .toList();
  }

  /**
   * Where the work below a shard stands that a task was given, possibly long ago: the shard itself,
   * the shards whose offsets name its lineage, and what descends from them. Those below it go on
   * without it when the shards in between are forgotten.
   *
   * @return all empty if nothing is known of the lineage; the shard itself if it is unsettled
   */
  public Standing standingOf(String id) {
    List<ObservedShard> from = new ArrayList<>(2);
    for (ObservedShard member : members.getOrDefault(id, List.of())) {
      if (noAncestorIsMember(member, id)) {
        from.add(member);
      }
    }
    ObservedShard given = byId.get(id);
    boolean goesOnWithout =
        forgottenIds.contains(id) && childrenOf(id).isEmpty() && !from.isEmpty();
    if (given != null && !goesOnWithout) {
      from.add(given);
    }
    Standing standing = walk(from);
    if (given != null && goesOnWithout) {
      standing.settledWithOffset().add(given);
    }
    return standing;
  }

  /**
   * What is left of a lineage.
   *
   * @param unsettled the shards to go on with, ordered by id
   * @param settledWithOffset the shards above them whose offsets are to be retired, ordered by id
   */
  public record Standing(List<ObservedShard> unsettled, List<ObservedShard> settledWithOffset) {}

  /**
   * Whether every unsettled shard is among {@code assigned}, or belongs to the lineage of one that
   * is, or is held back. A shard that is overdue was missed by the task that read its parent
   * (listings may show the second child of a split late) and counts only if it is assigned itself.
   */
  public boolean allReachedFrom(Set<String> assigned) {
    Map<String, String> owners = owners(assigned);
    return byId.values().stream()
        .filter(shard -> !isSettled(shard) && !heldBack.contains(shard.id()))
        .allMatch(
            shard ->
                assigned.contains(shard.id())
                    || (!shard.overdue() && owners.containsKey(shard.id())));
  }

  /** Of each shard that is reached from one of {@code assigned}, from which. */
  public Map<String, String> owners(Set<String> assigned) {
    Map<String, String> owners = new HashMap<>(byId.size() * 2);
    for (ObservedShard shard : parentsFirst()) {
      String owner = owner(shard, assigned, owners);
      if (owner != null) {
        owners.put(shard.id(), owner);
      }
    }
    return owners;
  }

  private static @Nullable String owner(
      ObservedShard shard, Set<String> assigned, Map<String, String> owners) {
    if (assigned.contains(shard.id())) {
      return shard.id();
    }
    ShardOffset offset = shard.offset();
    String lineage = offset == null ? null : offset.lineage();
    if (lineage != null && assigned.contains(lineage)) {
      return lineage;
    }
    return shard.parent() == null ? null : owners.get(shard.parent());
  }

  /** What a shard takes over from its parent; null if the parent's end is not known. */
  public @Nullable Inheritance inheritance(ObservedShard shard) {
    ObservedShard parent = parentOf(shard);
    if (parent == null || parent.offset() == null || parent.offset().endedAt() == null) {
      return null;
    }
    return new Inheritance(parent.offset().version(), parent.offset().readUpTo());
  }

  /** The offsets nearest below a shard: its children's, or of theirs where one has none. */
  public List<ShardOffset> offsetsBelow(String id) {
    List<ShardOffset> below = new ArrayList<>();
    Deque<ObservedShard> next = new ArrayDeque<>(childrenOf(id));
    while (!next.isEmpty()) {
      ObservedShard shard = next.pop();
      if (shard.offset() != null) {
        below.add(shard.offset());
      } else {
        next.addAll(childrenOf(shard.id()));
      }
    }
    return below;
  }

  private Standing walk(List<ObservedShard> from) {
    List<ObservedShard> unsettled = new ArrayList<>();
    List<ObservedShard> settledWithOffset = new ArrayList<>();
    Deque<ObservedShard> next = new ArrayDeque<>(from);
    while (!next.isEmpty()) {
      ObservedShard shard = next.pop();
      if (!isSettled(shard)) {
        unsettled.add(shard);
        continue;
      }
      if (shard.offset() != null) {
        settledWithOffset.add(shard);
      }
      next.addAll(childrenOf(shard.id()));
    }
    unsettled.sort(Comparator.comparing(ObservedShard::id));
    settledWithOffset.sort(Comparator.comparing(ObservedShard::id));
    return new Standing(unsettled, settledWithOffset);
  }

  private boolean noAncestorIsMember(ObservedShard shard, String lineage) {
    for (ObservedShard ancestor = parentOf(shard);
        ancestor != null;
        ancestor = parentOf(ancestor)) {
      ShardOffset offset = ancestor.offset();
      if (ancestor.id().equals(lineage) || (offset != null && lineage.equals(offset.lineage()))) {
        return false;
      }
    }
    return true;
  }

  private List<ObservedShard> roots() {
    return byId.values().stream().filter(shard -> parentOf(shard) == null).toList();
  }

  private List<ObservedShard> parentsFirst() {
    List<ObservedShard> ordered = new ArrayList<>(byId.size());
    ordered.addAll(roots());
    for (int i = 0; i < ordered.size(); i++) {
      ordered.addAll(childrenOf(ordered.get(i).id()));
    }
    return ordered;
  }

  private List<ObservedShard> childrenOf(String id) {
    return children.getOrDefault(id, List.of());
  }

  private @Nullable ObservedShard parentOf(ObservedShard shard) {
    String parent = shard.parent();
    return parent == null ? null : byId.get(parent);
  }
}
