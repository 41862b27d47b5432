package io.github.dynamokc.repair;

import io.github.dynamokc.offset.ExportWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A gap of a table by random: lives of items, lineages that were read up to some time each, what an
 * incremental export says of a window, and two kinds of stores behind Kafka. Says which items are
 * wrong in a store after the repair.
 */
final class GapModel {
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long MINUTE = 60_000;
  static final long BASE = 1_767_225_600_000L;

  final long endMs;
  final Duration overlap;
  final List<Long> positions = new ArrayList<>();
  private long snapshotAtMs;
  private final Random random;
  private final List<Item> items = new ArrayList<>();

  /**
   * @param streamMicros when the change was made as the stream has it
   * @param exportMicros as exports have it
   * @param state null for a deletion
   */
  private record Change(long streamMicros, long exportMicros, @Nullable String state) {}

  private record Item(int lineage, List<Change> changes) {
    @Nullable String stateAt(long ms) {
      String state = null;
      for (Change change : changes) {
        if (change.exportMicros < ms * 1000) {
          state = change.state;
        }
      }
      return state;
    }

    boolean changedIn(ExportWindow window) {
      return changes.stream()
          .anyMatch(
              change ->
                  change.exportMicros >= window.fromMs() * 1000
                      && change.exportMicros < window.toMs() * 1000);
    }
  }

  /** What a sink keeps of an item. */
  private record Kept(long version, @Nullable String state) {}

  /**
   * An item that is not as in the table.
   *
   * @param createdMs when it was created last before it was read up to the position, epoch ms; null
   *     if it should be there
   * @param deletedMs when it was deleted first after that, epoch ms
   */
  record Wrong(
      String store,
      @Nullable Long createdMs,
      long deletedMs,
      long positionMs,
      @Nullable String truth,
      @Nullable String kept) {}

  /** What is loaded before the stream goes on. */
  interface Versions {
    long of(ExportWindow window);
  }

  /**
   * @param apart whether positions are whole seconds, and the same or far enough from each other
   *     that none share a window by being near
   */
  GapModel(long seed, boolean apart, int lineages, Duration skew) {
    random = new Random(seed);
    endMs = BASE + 4 * DAY + random.nextInt(3600) * 1000L;
    long[] overlaps = {0, 10_000, 5 * MINUTE, 5 * MINUTE, 5 * MINUTE, 20 * MINUTE, 6 * 60 * MINUTE};
    // What clocks differ by has to be within the overlap.
    int first = skew.isZero() ? 0 : 1;
    overlap = Duration.ofMillis(overlaps[first + random.nextInt(overlaps.length - first)]);
    long gap = random.nextBoolean() ? 4 * DAY : 40 * MINUTE + random.nextInt((int) DAY);
    for (int i = 0; i < lineages; i++) {
      positions.add(position(gap, apart));
    }
    for (int i = 0; i < 40; i++) {
      items.add(item(skew));
    }
  }

  private long streamFromMs() {
    return endMs - overlap.toMillis();
  }

  private long position(long gap, boolean apart) {
    long position =
        switch (random.nextInt(positions.isEmpty() ? 3 : 5)) {
          case 0 -> endMs - (long) (random.nextDouble() * gap);
          case 1 -> endMs - (long) (random.nextDouble() * 40 * MINUTE);
          case 2 -> streamFromMs();
          case 3 -> any(positions);
          default -> any(positions) + random.nextInt(40 * (int) MINUTE) - 20 * MINUTE;
        };
    position = Math.min(position, streamFromMs());
    if (apart) {
      position -= position % 1000;
      long near = position;
      for (long other : positions) {
        near = Math.abs(other - near) <= 20_000 ? other : near;
      }
      return near;
    }
    return position;
  }

  private static final List<Long> EDGES = List.of(0L, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, DAY);

  private Item item(Duration skew) {
    int lineage = random.nextInt(positions.size());
    int count = 1 + random.nextInt(6);
    TreeSet<Long> times = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      long near = random.nextInt(4) == 0 ? endMs : any(positions);
      long ms =
          random.nextBoolean()
              ? endMs + 10 * MINUTE - (long) (random.nextDouble() * 5 * DAY)
              : near + any(EDGES) + (long) (random.nextGaussian() * 8 * MINUTE);
      times.add(Math.min(ms, endMs + 30 * MINUTE) * 1000 + random.nextInt(1000));
    }
    List<Change> changes = new ArrayList<>();
    boolean there = false;
    long exported = 0;
    for (long time : times) {
      long skewMicros = skew.toMillis() * 1000;
      long shift = skewMicros == 0 ? 0 : random.nextLong(2 * skewMicros) - skewMicros;
      exported = Math.max(exported + 1, time + shift);
      there = !there || random.nextInt(5) < 2;
      changes.add(new Change(time, exported, there ? "as of " + time : null));
    }
    return new Item(lineage, changes);
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** The version that lines are to have. */
  long version(ExportWindow window) {
    return (window.toMs() - overlap.toMillis()) * 1000;
  }

  /** Has all lineages begin with a snapshot instead of the stream, as of the first position. */
  long beginWithSnapshot() {
    snapshotAtMs = positions.get(0);
    positions.replaceAll(position -> snapshotAtMs);
    return snapshotAtMs;
  }

  /** Delivers what was read, loads windows, and goes on with the stream. */
  List<Wrong> wrongAfter(List<ExportWindow> windows, Versions versions) {
    List<Wrong> wrong = new ArrayList<>();
    for (Item item : items) {
      Map<String, Kept> stores = new HashMap<>();
      String exported = item.stateAt(snapshotAtMs);
      if (exported != null) {
        put(stores, (snapshotAtMs - overlap.toMillis()) * 1000, exported);
      }
      Long created = null;
      long deleted = Long.MAX_VALUE;
      long position = positions.get(item.lineage);
      boolean there = false;
      for (Change change : item.changes) {
        if (isReadUpTo(change, position)) {
          if (snapshotAtMs == 0) {
            put(stores, change.streamMicros, change.state);
          }
          created = change.state != null && !there ? (Long) (change.streamMicros / 1000) : created;
          there = change.state != null;
        } else if (change.state == null) {
          deleted = Math.min(deleted, change.streamMicros / 1000);
        }
      }
      for (ExportWindow window : windows) {
        String after = item.stateAt(window.toMs());
        if (item.changedIn(window) && (after != null || item.stateAt(window.fromMs()) != null)) {
          put(stores, versions.of(window), after);
        }
      }
      for (Change change : item.changes) {
        if (change.streamMicros > streamFromMs() * 1000) {
          put(stores, change.streamMicros, change.state);
        }
      }
      String truth = item.changes.get(item.changes.size() - 1).state;
      for (String store : List.of("last", "versioned")) {
        Kept kept = stores.get(store);
        String state = kept == null ? null : kept.state;
        if (!Objects.equals(state, truth)) {
          wrong.add(
              new Wrong(store, truth == null ? created : null, deleted, position, truth, state));
        }
      }
    }
    return wrong;
  }

  /**
   * A stream dates changes by whole seconds, and a position is the date of the last change; a
   * snapshot is exact.
   */
  private boolean isReadUpTo(Change change, long positionMs) {
    return snapshotAtMs == 0
        ? change.streamMicros / 1_000_000 * 1000 <= positionMs
        : change.exportMicros < positionMs * 1000;
  }

  private static void put(Map<String, Kept> stores, long version, @Nullable String state) {
    Kept next = new Kept(version, state);
    stores.put("last", next);
    stores.merge("versioned", next, (kept, now) -> now.version >= kept.version ? now : kept);
  }

  /** The windows of the chain alone: none that begins within another. */
  static List<ExportWindow> chainOf(List<ExportWindow> windows) {
    List<ExportWindow> chain = new ArrayList<>();
    for (ExportWindow window : windows) {
      boolean goesOn = chain.isEmpty() || window.fromMs() == chain.get(chain.size() - 1).toMs();
      if (goesOn) {
        chain.add(window);
      }
    }
    return chain;
  }

  static final Comparator<ExportWindow> BACKWARDS =
      Comparator.comparingLong(ExportWindow::toMs).reversed();
}
