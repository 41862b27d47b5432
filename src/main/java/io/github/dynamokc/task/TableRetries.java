package io.github.dynamokc.task;

import java.time.Duration;

/**
 * How long a table that has failed waits for another try.
 *
 * @param first the first pause; each is twice as long as the one before
 * @param longest no pause is longer
 * @param soundAfter work that has gone on for so long, and for twice as long as the work before
 *     took to fail, has got over it
 */
record TableRetries(Duration first, Duration longest, Duration soundAfter) {
  static final TableRetries USUAL =
      new TableRetries(Duration.ofSeconds(30), Duration.ofHours(4), Duration.ofMinutes(1));

  /** The pause after one of a given length. */
  Duration after(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(longest) < 0 ? twice : longest;
  }

  /**
   * For how long work has to go on to be sound.
   *
   * @param lived how long the work before took to fail
   */
  Duration soundAfter(Duration lived) {
    Duration twice = lived.multipliedBy(2);
    return twice.compareTo(soundAfter) > 0 ? twice : soundAfter;
  }
}
