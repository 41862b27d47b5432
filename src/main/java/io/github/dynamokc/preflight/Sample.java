package io.github.dynamokc.preflight;

/**
 * Which of many tables are asked about in detail. AWS answers some of the questions ten times a
 * second only, and there are seconds for all of them.
 *
 * @param all how many tables there are
 */
record Sample(int all) {
  /** At most so many tables, of those that are named and of those that are discovered each. */
  static final int MOST = 50;

  /** Whether a table is among them; they are spread evenly. */
  boolean has(int place) {
    return all <= MOST
        || (long) place * MOST / all != ((long) place - 1) * MOST / all
        || place == 0;
  }

  int size() {
    return Math.min(all, MOST);
  }

  boolean leavesOut() {
    return all > MOST;
  }
}
