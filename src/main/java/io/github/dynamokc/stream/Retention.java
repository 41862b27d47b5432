package io.github.dynamokc.stream;

import java.time.Duration;
import java.time.Instant;

/**
 * The one rule about time: a stream keeps changes for 24 hours, so changes of a shard may be gone
 * unread if and only if the time up to which it is read is longer ago than that. It never counts
 * when something was done or written. All times are epoch ms of AWS's clock.
 */
public final class Retention {
  /** How long DynamoDB keeps the changes of a stream. */
  public static final Duration TIME = Duration.ofHours(24);

  /**
   * A loss is said to reach so much further than what is surely gone. Until a shard is opened at
   * the oldest change it has, more is trimmed, which is no other loss.
   */
  private static final Duration UNTIL_OPENED = Duration.ofMinutes(5);

  /** Clocks differ by less once the difference to AWS's is learnt, which is not known exactly. */
  private static final Duration CLOCKS = Duration.ofSeconds(5);

  private Retention() {}

  /** Whether changes made after {@code readUpToMs} may be gone by now. */
  public static boolean mayHaveTrimmed(long readUpToMs, long nowMs) {
    return readUpToMs < trimmedUpToMs(nowMs);
  }

  /** What is trimmed by now was made before this, epoch ms. */
  static long trimmedUpToMs(long nowMs) {
    return nowMs - TIME.minus(CLOCKS).toMillis();
  }

  /** What may be gone now of a shard that is read up to {@code readUpToMs}. */
  static Gap gap(long readUpToMs, long nowMs) {
    return new Gap(readUpToMs, Math.max(readUpToMs, nowMs - TIME.minus(UNTIL_OPENED).toMillis()));
  }

  /**
   * When the changes were made that may be missing.
   *
   * @param fromMs later changes may be missing; what was made up to then is in Kafka
   * @param toMs earlier changes may be missing
   */
  record Gap(long fromMs, long toMs) {
    @Override
    public String toString() {
      return "changes between %s and %s may be missing"
          .formatted(Instant.ofEpochMilli(fromMs), Instant.ofEpochMilli(toMs));
    }
  }
}
