package io.github.dynamokc.bench;

import java.util.List;

/** What stands in the middle, which a round that was disturbed does not move. */
final class Median {
  private Median() {}

  static double of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
