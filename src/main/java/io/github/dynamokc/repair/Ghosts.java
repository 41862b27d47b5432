package io.github.dynamokc.repair;

import java.time.Instant;

/**
 * What no window tells: items that were created in a span of time, which is in Kafka, and deleted
 * later, which is lost. To an incremental export they have never been there.
 *
 * @param fromMs epoch ms
 * @param toMs epoch ms, not before {@code fromMs}
 * @param deletedToMs before when they were deleted, epoch ms, not before {@code toMs}
 */
public record Ghosts(long fromMs, long toMs, long deletedToMs) {

  /** As a sentence of a status record, without a full stop. */
  public String describe() {
    return "Items that were created between %s and %s and deleted before %s may remain"
        .formatted(
            Instant.ofEpochMilli(fromMs),
            Instant.ofEpochMilli(toMs),
            Instant.ofEpochMilli(deletedToMs));
  }

  @Override
  public String toString() {
    return describe();
  }
}
