package io.github.dynamokc.repair;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Positions of lineages that are so near each other that the same windows begin for them: one at
 * the first, and two behind the last.
 *
 * @param fromMs the first position, rounded down to a whole second, epoch ms
 * @param lastMs the last one, rounded up to a whole second, epoch ms
 */
record Cut(long fromMs, long lastMs) {
  /** Positions this near each other always share a cut. */
  static final Duration NEAR = Duration.ofSeconds(10);

  /** With more cuts than these, positions further from each other share one. */
  static final int MANY = 24;

  /** Even then: a window from the first to well after the last has to be short enough. */
  static final Duration LONGEST = Duration.ofHours(12);

  private static final long SECOND = 1000;

  /** Streams date changes by whole seconds, and clocks differ. */
  private static final Duration INEXACT = Duration.ofSeconds(5);

  /**
   * What Kafka has and Connect has not committed when a worker dies was delivered since the last
   * flush of offsets: {@code offset.flush.interval.ms} of the worker is 60 s unless it is set.
   */
  private static final Duration UNCOMMITTED = Duration.ofSeconds(90);

  /** What was delivered after the positions, and not committed, was made before this, epoch ms. */
  long uncommittedMs() {
    return lastMs + UNCOMMITTED.toMillis();
  }

  /** What was read up to the positions was made before this for certain, epoch ms. */
  long behindMs() {
    return lastMs + INEXACT.toMillis();
  }

  /** Whether positions share the cut that are not near each other. */
  boolean isWide() {
    return lastMs - fromMs > NEAR.toMillis() + 2 * SECOND;
  }

  /**
   * Which positions share a cut.
   *
   * @param sorted positions, epoch ms, ascending
   */
  static List<Cut> of(List<Long> sorted) {
    long spread = NEAR.toMillis();
    List<Cut> cuts = of(sorted, spread);
    while (cuts.size() > MANY && spread < LONGEST.toMillis()) {
      spread = Math.min(spread * 2, LONGEST.toMillis());
      cuts = of(sorted, spread);
    }
    return cuts;
  }

  private static List<Cut> of(List<Long> sorted, long spreadMs) {
    List<Cut> cuts = new ArrayList<>();
    for (int i = 0; i < sorted.size(); ) {
      long first = sorted.get(i);
      long last = first;
      while (i < sorted.size() && sorted.get(i) <= first + spreadMs) {
        last = sorted.get(i);
        i++;
      }
      cuts.add(new Cut(secondBefore(first), secondAfter(last)));
    }
    return cuts;
  }

  static long secondBefore(long ms) {
    return Math.floorDiv(ms, SECOND) * SECOND;
  }

  static long secondAfter(long ms) {
    return -secondBefore(-ms);
  }
}
