package io.github.dynamokc.bench;

import java.util.Collection;

/** Durations, in order. */
final class Percentiles {
  private final long[] nanos;

  private Percentiles(long[] sorted) {
    this.nanos = sorted;
  }

  static Percentiles ofNanos(Collection<Long> nanos) {
    if (nanos.isEmpty()) {
      throw new IllegalStateException("Nothing was measured");
    }
    return new Percentiles(nanos.stream().mapToLong(Long::longValue).sorted().toArray());
  }

  /** The smallest duration that at least this share of all do not exceed. */
  double millis(double percent) {
    int rank = (int) Math.ceil(percent / 100 * nanos.length);
    return nanos[Math.max(0, rank - 1)] / 1e6;
  }

  @Override
  public String toString() {
    return "p50 %,5.0f ms   p99 %,5.0f ms   max %,5.0f ms   of %,d"
        .formatted(millis(50), millis(99), millis(100), nanos.length);
  }
}
