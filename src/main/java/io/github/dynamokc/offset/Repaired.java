package io.github.dynamokc.offset;

/**
 * A gap that was repaired.
 *
 * @param upToMs what was changed up to then, epoch ms, is in Kafka by the windows, and only what
 *     came later is wanted of lineages with a loss: {@code stream.handover.overlap.ms} before the
 *     end of the last window
 * @param lostUpToMs lineages that were read up to later than this, epoch ms, have lost nothing and
 *     go on where they stood
 */
public record Repaired(long upToMs, long lostUpToMs) {
  /** No gap was repaired. */
  public static final Repaired NOTHING = new Repaired(-1, -1);

  /** Whether the repair was for a lineage that is read up to some time, epoch ms. */
  public boolean isOf(long readUpToMs) {
    return readUpToMs <= lostUpToMs;
  }

  /** Up to when the changes of a lineage are in Kafka, read or by the repair; both epoch ms. */
  public long toldUpToMs(long readUpToMs) {
    return isOf(readUpToMs) ? Math.max(readUpToMs, upToMs) : readUpToMs;
  }
}
