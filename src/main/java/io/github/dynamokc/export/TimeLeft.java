package io.github.dynamokc.export;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An estimate of how long a load still takes: as long an item as it took so far. */
public final class TimeLeft {
  private TimeLeft() {}

  /**
   * @param done items that were loaded
   * @param total items that were and are to be loaded
   * @param took how long those took that were loaded
   * @return null if nothing was loaded yet
   */
  public static @Nullable Duration of(long done, long total, Duration took) {
    if (done <= 0) {
      return null;
    }
    double left = (double) took.toMillis() / done * Math.max(0, total - done);
    return Duration.ofMillis(Math.round(left));
  }
}
