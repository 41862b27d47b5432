package io.github.dynamokc.stream;

import java.time.Duration;

/**
 * The pause after an empty page of a shard. A shard that had changes a moment ago is likely to have
 * more, so the pause grows only after ten quiet seconds, and then doubles with every empty page.
 */
final class IdleBackoff {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Duration first;
  private final Duration longest;
  private Duration next;
  private Duration quiet = Duration.ZERO;

  IdleBackoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest.compareTo(first) < 0 ? first : longest;
    this.next = first;
  }

  Duration afterEmptyPage() {
    Duration wait = next;
    if (quiet.compareTo(GRACE) < 0) {
      quiet = quiet.plus(wait);
    } else {
      Duration doubled = wait.multipliedBy(2);
      next = doubled.compareTo(longest) < 0 ? doubled : longest;
    }
    return wait;
  }

  void afterData() {
    next = first;
    quiet = Duration.ZERO;
  }
}
