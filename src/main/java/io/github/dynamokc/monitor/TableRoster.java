package io.github.dynamokc.monitor;

import io.github.dynamokc.config.TableRef;
import io.github.dynamokc.config.TableSelection;
import io.github.dynamokc.lineage.Absence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tables are followed: those that the config names, those that were followed before and those
 * that are found. What is found is eventually consistent, so that a table counts as not found only
 * after several looks. For one thread.
 */
final class TableRoster {
  private static final Logger LOG = LoggerFactory.getLogger(TableRoster.class);

  /** So many looks in a row have to lack a table. */
  private static final int LOOKS = 3;

  private final TableSelection selection;
  private final Set<String> named = new HashSet<>();

  /** Those that are found, or were followed before, each with how long it has been missing. */
  private final Map<String, Absence> discovered = new HashMap<>();

  private volatile Set<String> found = Set.of();
  private int notTaken;

  /**
   * What a look has changed.
   *
   * @param appeared tables to be followed from now on, sorted
   * @param missing tables that are followed, and were not found for long enough, sorted
   */
  record Change(List<String> appeared, List<String> missing) {}

  /**
   * @param followedBefore what was committed; not looked at if the config names all tables
   */
  TableRoster(TableSelection selection, Collection<String> followedBefore) {
    this.selection = selection;
    selection.named().stream().map(TableRef::name).forEach(named::add);
    if (selection.discovers()) {
      followedBefore.forEach(this::followAgain);
    }
  }

  private void followAgain(String table) {
    if (selection.matchesName(table)) {
      follow(table);
    } else if (!named.contains(table)) {
      LOG.warn("Table {} was followed, and does not match any more. Its offsets stay", table);
    }
  }

  private void follow(String table) {
    if (!named.contains(table)) {
      Duration longEnough = selection.interval().multipliedBy(LOOKS);
      discovered.put(table, new Absence(longEnough));
    }
  }

  /** The tables that are followed though the config does not name them, sorted. */
  List<String> discovered() {
    return discovered.keySet().stream().sorted().toList();
  }

  /** How many tables match that are not followed, as they would be more than {@code tables.max}. */
  int notTaken() {
    return notTaken;
  }

  /** Whether a table was found at the last look. From any thread. */
  boolean isFound(String table) {
    return found.contains(table);
  }

  /**
   * @param names all tables that match now
   * @param nowMs epoch ms
   */
  Change update(Set<String> names, long nowMs) {
    found = Set.copyOf(names);
    List<String> missing = new ArrayList<>();
    discovered.forEach(
        (table, absence) -> {
          if (found.contains(table)) {
            absence.seen();
          } else if (absence.missed(nowMs)) {
            missing.add(table);
          }
        });
    List<String> appeared =
        found.stream()
            .filter(table -> !named.contains(table) && !discovered.containsKey(table))
            .sorted()
            .toList();
    missing.sort(null);
    return new Change(take(appeared), missing);
  }

  private List<String> take(List<String> appeared) {
    int all = discovered.size() + appeared.size();
    if (all <= selection.max()) {
      notTaken = 0;
      appeared.forEach(this::follow);
      return appeared;
    }
    if (notTaken != appeared.size() && !appeared.isEmpty()) {
      LOG.error(
          "{} tables match, and {} is {}: none of the {} new ones is followed ({}). Raise it, or have fewer tables match",
          all,
          TableSelection.MAX,
          selection.max(),
          appeared.size(),
          String.join(", ", appeared.subList(0, Math.min(5, appeared.size()))));
    }
    notTaken = appeared.size();
    return List.of();
  }

  /** A table is not followed any more; it may be found again. */
  void left(String table) {
    discovered.remove(table);
  }
}
