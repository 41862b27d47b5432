package io.github.dynamokc.repair;

import io.github.dynamokc.offset.ExportWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which windows of incremental exports repair a gap, in the order in which they are to be loaded,
 * each wholly before the next. A line of a window tells an item's state at the window's end, or
 * that it was deleted, with the document version of that end less the overlap.
 *
 * <ul>
 *   <li><em>A chain</em> of windows without holes reaches from the first position less the overlap
 *       to the end of the gap: it has every item that changed meanwhile.
 *   <li><em>A window that begins at a position</em> has the deletions of those items that were
 *       created shortly before it (delivered) and deleted after it (lost). A window of the chain
 *       that began earlier has no line for them. Another one begins some seconds behind the
 *       position, which may be that of an item's creation itself, and one a flush of offsets behind
 *       it, as Kafka has what was delivered and not committed when a worker died. Each ends where a
 *       window of the chain ends, or it would bring back what that one deletes; and late enough
 *       that the version of its lines is above all that was delivered before it.
 * </ul>
 *
 * <p>Such a window may begin before one of the chain that has its end. Both tell the same of every
 * item that they have, so that it does not matter which comes first.
 *
 * @param windows ordered by their ends, the longer first of those that end together
 * @param ghosts what is told by no window, but for items that were both created and deleted within
 *     {@link #AROUND_POSITION} of a position: clocks differ, and positions near each other share
 *     windows
 */
public record RepairWindows(List<ExportWindow> windows, List<Ghosts> ghosts) {
  /** How near a position may be to what no window tells, without being said each time. */
  public static final Duration AROUND_POSITION = Cut.NEAR.plusSeconds(10);

  /** A longer overlap leaves no room in a window of a day. */
  public static final Duration LONGEST_OVERLAP = Duration.ofHours(6);

  /** So much more than the overlap is enough for clocks that differ. */
  private static final Duration CLOCKS = Duration.ofMinutes(10);

  public RepairWindows {
    windows = List.copyOf(windows);
    ghosts = List.copyOf(ghosts);
  }

  /**
   * The windows for a gap.
   *
   * @param readUpToMs for each lineage of which changes before the end are not in Kafka, and will
   *     not be read from the stream, up to when it was read; epoch ms. Those of the last overlap
   *     need no window: the stream goes on from the end less the overlap
   * @param endMs the end of the gap, a whole second, epoch ms
   * @param overlap how far before the end the stream goes on
   * @return none if nothing is missing
   * @throws IllegalArgumentException if the end is no whole second, or the overlap too long
   */
  public static RepairWindows of(Collection<Long> readUpToMs, long endMs, Duration overlap) {
    return of(readUpToMs, endMs, overlap, Long.MIN_VALUE);
  }

  /**
   * The windows for a gap of a table that cannot be exported from any time on. If that is within
   * the overlap before the first position, the windows begin then: the overlap is there for clocks
   * that differ.
   *
   * @param earliestMs to when exports of the table reach back, epoch ms
   */
  public static RepairWindows of(
      Collection<Long> readUpToMs, long endMs, Duration overlap, long earliestMs) {
    if (Cut.secondBefore(endMs) != endMs) {
      throw new IllegalArgumentException("The end of a gap is no whole second: " + endMs + " ms");
    }
    if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
      throw new IllegalArgumentException(
          "An overlap is at most " + LONGEST_OVERLAP + " for a repair, not " + overlap);
    }
    List<Long> lost =
        readUpToMs.stream().filter(ms -> ms < endMs - overlap.toMillis()).sorted().toList();
    if (lost.isEmpty()) {
      return new RepairWindows(List.of(), List.of());
    }
    List<Cut> cuts = Cut.of(lost);
    long leastMs = least(overlap).toMillis();
    List<ExportWindow> chain =
        chain(cuts, fromMs(cuts.get(0), overlap, earliestMs), endMs, leastMs);
    Set<ExportWindow> windows = new LinkedHashSet<>(chain);
    List<Ghosts> ghosts = new ArrayList<>();
    for (Cut cut : cuts) {
      long end = firstEnd(chain, Math.min(cut.uncommittedMs() + leastMs, endMs));
      ExportWindow at = windowFrom(cut.fromMs(), end);
      ExportWindow behind = windowFrom(cut.behindMs(), end);
      windows.add(at);
      windows.add(behind);
      if (cut.uncommittedMs() + ExportWindow.SHORTEST.toMillis() <= end) {
        windows.add(windowFrom(cut.uncommittedMs(), end));
      }
      if (behind.fromMs() < cut.behindMs()) {
        addTo(ghosts, new Ghosts(behind.fromMs(), cut.lastMs(), end));
      } else if (cut.isWide()) {
        addTo(ghosts, new Ghosts(at.fromMs(), cut.behindMs(), cut.behindMs()));
      }
    }
    return new RepairWindows(
        windows.stream()
            .sorted(
                Comparator.comparingLong(ExportWindow::toMs)
                    .thenComparingLong(ExportWindow::fromMs))
            .toList(),
        ghosts);
  }

  /**
   * The earliest end of a gap for which no window is too short to begin at a position. With an
   * earlier one, ghosts may remain of the minutes before it.
   *
   * @param readUpToMs as for {@link #of}, not empty
   * @return a whole second, epoch ms
   */
  public static long earliestEndMs(Collection<Long> readUpToMs) {
    long last = readUpToMs.stream().mapToLong(Long::longValue).max().orElseThrow();
    return new Cut(last, Cut.secondAfter(last)).behindMs() + ExportWindow.SHORTEST.toMillis();
  }

  /** How long after a position a window ends whose versions are above what was delivered. */
  private static Duration least(Duration overlap) {
    Duration margin = overlap.compareTo(CLOCKS) < 0 ? overlap : CLOCKS;
    long millis = Math.max(ExportWindow.SHORTEST.toMillis(), overlap.plus(margin).toMillis());
    return Duration.ofMillis(Cut.secondAfter(millis));
  }

  private static long fromMs(Cut first, Duration overlap, long earliestMs) {
    long wanted = Cut.secondBefore(first.fromMs() - overlap.toMillis());
    return earliestMs > wanted && earliestMs <= first.fromMs()
        ? Cut.secondAfter(earliestMs)
        : wanted;
  }

  /** Windows without holes, of which one ends soon after the least time behind each cut. */
  private static List<ExportWindow> chain(List<Cut> cuts, long firstMs, long endMs, long leastMs) {
    long shortest = ExportWindow.SHORTEST.toMillis();
    List<ExportWindow> chain = new ArrayList<>();
    long from = Math.min(firstMs, endMs - shortest);
    for (Cut cut : cuts) {
      long needed = cut.uncommittedMs() + leastMs;
      if (from < needed && from < endMs) {
        long to = Math.max(needed, from + shortest);
        from = addPieces(chain, from, to > endMs - shortest ? endMs : to);
      }
    }
    if (from < endMs) {
      addPieces(chain, from, endMs);
    }
    return chain;
  }

  /** Adds windows of about the same length from one time to another, and returns the latter. */
  private static long addPieces(List<ExportWindow> chain, long fromMs, long toMs) {
    long pieces = -Math.floorDiv(fromMs - toMs, ExportWindow.LONGEST.toMillis());
    long from = fromMs;
    for (long i = 1; i <= pieces; i++) {
      long to = Cut.secondBefore(fromMs + (toMs - fromMs) / pieces * i);
      long end = i == pieces ? toMs : to;
      chain.add(new ExportWindow(from, end));
      from = end;
    }
    return toMs;
  }

  private static long firstEnd(List<ExportWindow> chain, long leastMs) {
    return chain.stream()
        .mapToLong(ExportWindow::toMs)
        .filter(end -> end >= leastMs)
        .findFirst()
        .orElseThrow();
  }

  /** If there is not enough time to the end, it begins earlier. */
  private static ExportWindow windowFrom(long fromMs, long toMs) {
    return new ExportWindow(Math.min(fromMs, toMs - ExportWindow.SHORTEST.toMillis()), toMs);
  }

  private static void addTo(List<Ghosts> ghosts, Ghosts more) {
    Ghosts last = ghosts.isEmpty() ? null : ghosts.get(ghosts.size() - 1);
    if (last != null && more.fromMs() <= last.toMs()) {
      ghosts.set(
          ghosts.size() - 1,
          new Ghosts(
              Math.min(last.fromMs(), more.fromMs()),
              more.toMs(),
              Math.max(last.deletedToMs(), more.deletedToMs())));
    } else {
      ghosts.add(more);
    }
  }
}
