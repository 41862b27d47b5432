package io.github.dynamokc.offset;

import java.time.Duration;
import java.time.Instant;

/**
 * What an incremental export is of: the net changes of a table in a span of time. DynamoDB takes
 * whole seconds, 15 minutes to 24 hours (developer guide, "Requesting a table export").
 *
 * @param fromMs changes made then are in the window, epoch ms
 * @param toMs changes made then are not, epoch ms
 */
public record ExportWindow(long fromMs, long toMs) {
  public static final Duration SHORTEST = Duration.ofMinutes(15);
  public static final Duration LONGEST = Duration.ofHours(24);

  /**
   * @throws IllegalArgumentException if DynamoDB takes no such window
   */
  public ExportWindow {
    long length = toMs - fromMs;
    if (fromMs % 1000 != 0
        || toMs % 1000 != 0
        || length < SHORTEST.toMillis()
        || length > LONGEST.toMillis()) {
      throw new IllegalArgumentException(
          "No window of an export: from " + fromMs + " to " + toMs + " ms of the epoch");
    }
  }

  public Instant from() {
    return Instant.ofEpochMilli(fromMs);
  }

  public Instant to() {
    return Instant.ofEpochMilli(toMs);
  }

  @Override
  public String toString() {
    return from() + " to " + to();
  }
}
