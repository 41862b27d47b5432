package io.github.dynamokc.stream;

import java.time.Duration;

/** How long an idle shard is left alone: longer with every empty page, at once after data. */
final class IdleBackoff {
  private final Duration first;
  private final Duration longest;
  private Duration next;

  IdleBackoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest.compareTo(first) < 0 ? first : longest;
    this.next = first;
  }

  Duration afterEmptyPage() {
    Duration wait = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(longest) < 0 ? doubled : longest;
    return wait;
  }

  void afterData() {
    next = first;
  }
}
